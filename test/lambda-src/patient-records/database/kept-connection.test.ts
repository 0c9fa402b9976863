import * as net from 'node:net';
import { inspect } from 'node:util';
import type { Client } from 'pg';
import { Authority } from './certificates';
import { PostgresServer } from './postgres-server';
import { KeptConnection } from '../../../../lambda-src/patient-records/database/kept-connection';
import type { DatabaseTarget } from '../../../../lambda-src/patient-records/settings';

let server: PostgresServer;
let target: DatabaseTarget;
const toClose: Array<{ close(): void }> = [];
beforeAll(async () => {
  server = await PostgresServer.start();
  target = await server.database('kept');
}, 120_000);
afterEach(() => toClose.splice(0).forEach((each) => each.close()));
afterAll(() => server.remove());

/** Counts the connections that were made. */
function connectionTo(
  {
    ca = server.authority.ca,
    timeoutMs,
    ...change
  }: Partial<DatabaseTarget> & { ca?: string; timeoutMs?: number } = {},
  prepare: (client: Client) => Promise<void> = async () => undefined,
): { readonly connection: KeptConnection; readonly made: () => number } {
  let made = 0;
  const counted = async (client: Client): Promise<void> => {
    made++;
    await prepare(client);
  };
  const connection = new KeptConnection({ ...target, ...change }, ca, counted, timeoutMs);
  toClose.push(connection);
  return { connection, made: () => made };
}

const backend = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0].pid;
};

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'none',
    (error: { code?: unknown }) => error.code,
  );
}

describe('the server must prove who it is', () => {
  afterEach(() => {
    server.configure('ssl = on');
    server.present('localhost');
    server.restart();
  });

  test('B4 over TLS, by an authority of ours and under the name that it is asked by', async () => {
    const { connection } = connectionTo();
    const { rows } = await connection.run(async (client) =>
      client.query('SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()'),
    );
    expect(rows).toEqual([{ ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) }]);
  });

  test('B4 under another name it is refused', async () => {
    server.present('another.example.org');
    server.restart();
    expect(await codeOf(connectionTo().connection.run(backend))).toBe('DATABASE_ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('B4 asked by its address, the name in its certificate does not count', async () => {
    const { connection } = connectionTo({ host: '127.0.0.1' });
    expect(await codeOf(connection.run(backend))).toBe('DATABASE_ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('B4 under an authority that is not ours it is refused', async () => {
    const stranger = new Authority(`${server.folder}/stranger`);
    server.present('localhost', stranger);
    server.restart();
    expect(await codeOf(connectionTo().connection.run(backend))).toBe('DATABASE_UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await connectionTo({ ca: stranger.ca }).connection.run(backend);
  });

  test('B4 without TLS it is refused', async () => {
    server.configure('ssl = off');
    server.restart();
    expect(await codeOf(connectionTo().connection.run(backend))).toBe('DATABASE_NO_TLS');
  });
});

describe('the connection', () => {
  test('B5 is made once and kept', async () => {
    const { connection, made } = connectionTo();
    const pid = await connection.run(backend);
    expect(await connection.run(backend)).toBe(pid);
    expect(made()).toBe(1);
  });

  test('B5 is made anew after a restart of the server, and the work is done', async () => {
    const { connection, made } = connectionTo();
    const pid = await connection.run(backend);
    server.restart();
    expect(await connection.run(backend)).not.toBe(pid);
    expect(made()).toBe(2);
  });

  test('B5 is made anew where the server ends it in the middle of the work', async () => {
    const { connection, made } = connectionTo();
    let runs = 0;
    const pid = await connection.run(async (client) => {
      const own = await backend(client);
      if (++runs === 1) await server.asAdmin(`SELECT pg_terminate_backend(${own})`);
      return backend(client);
    });
    expect([runs, made()]).toEqual([2, 2]);
    expect(await connection.run(backend)).toBe(pid);
  });

  test('B5 is made anew where the server is gone without a word', async () => {
    const proxy = await Proxy.to(server.port);
    toClose.push(proxy);
    const { connection, made } = connectionTo({ port: proxy.port });
    const pid = await connection.run(backend);
    proxy.swallow();
    expect(await connection.run(backend)).not.toBe(pid);
    expect(made()).toBe(2);
  });

  test('B5 is made anew where the server ended it while the process was frozen', async () => {
    const { connection, made } = connectionTo();
    const pid = await connection.run(async (client) => {
      await client.query(`SET idle_session_timeout = '100ms'`);
      return backend(client);
    });
    // As Lambda does it: no event reaches the process in between.
    server.waitFrozenUntilEnded(pid);
    expect(await connection.run(backend)).not.toBe(pid);
    expect(made()).toBe(2);
  });

  test('B5 is tried twice and no more, and again by the next work', async () => {
    let prepared = 0;
    const { connection } = connectionTo({}, async (client) => {
      prepared++;
      if (prepared <= 2) await server.asAdmin(`SELECT pg_terminate_backend(${await backend(client)})`);
      await backend(client);
    });
    expect(await codeOf(connection.run(backend))).toMatch(/^DATABASE_/);
    expect(prepared).toBe(2);
    await connection.run(backend);
    expect(prepared).toBe(3);
  });

  test('B5 to a server that is down fails by its code, and comes up with it', async () => {
    const { connection } = connectionTo();
    await connection.run(backend);
    server.down();
    expect(await codeOf(connection.run(backend))).toBe('DATABASE_ECONNREFUSED');
    server.up();
    await connection.run(backend);
  });

  test('B5 to a server that takes it and says nothing ends in time', async () => {
    const silent = await Proxy.to(server.port);
    toClose.push(silent);
    silent.swallow({ newOnes: true });
    const { connection } = connectionTo({ port: silent.port, timeoutMs: 300 });
    expect(await codeOf(connection.run(backend))).toBe('DATABASE_NO_ANSWER');
  });

  test('B5 is dropped after a refused statement, which is not repeated', async () => {
    const { connection, made } = connectionTo();
    let runs = 0;
    const refused = connection.run(async (client) => {
      runs++;
      await client.query('SELECT 1 / 0 AS canary');
    });
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DATABASE_22012', message: 'DATABASE_22012' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|division/);
    expect(runs).toBe(1);
    await connection.run(backend);
    expect(made()).toBe(2);
  });

  test('B5 a statement that waits too long is ended by the server', async () => {
    const { connection } = connectionTo({ timeoutMs: 2_000 });
    expect(await codeOf(connection.run(async (client) => client.query('SELECT pg_sleep(60)')))).toBe('DATABASE_57014');
  });
});

/** A stand-in for the network between function and server, which can begin to lose everything. */
class Proxy {
  public static async to(port: number): Promise<Proxy> {
    const proxy = new Proxy(port);
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private readonly sockets = new Set<net.Socket>();
  private swallowsNewOnes = false;
  private readonly listener = net.createServer((inbound) => {
    const outbound = net.connect(this.serverPort, '127.0.0.1');
    for (const socket of [inbound, outbound]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    }
    if (this.swallowsNewOnes) return;
    inbound.pipe(outbound).pipe(inbound);
  });

  private constructor(private readonly serverPort: number) {}

  public get port(): number {
    return (this.listener.address() as net.AddressInfo).port;
  }

  /** Loses what comes over the connections that there are, or over new ones too; none is closed. */
  public swallow({ newOnes = false } = {}): void {
    this.swallowsNewOnes = newOnes;
    for (const socket of this.sockets) {
      socket.unpipe();
      socket.resume();
    }
  }

  public close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
  }
}
