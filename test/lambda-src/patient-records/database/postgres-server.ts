import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { Client } from 'pg';
import { Authority } from './certificates';
import type { DatabaseTarget } from '../../../../lambda-src/patient-records/settings';

const VERSIONS = '/usr/lib/postgresql';
export const PASSWORD = 'Sesame-9-canary';

/** A real PostgreSQL of our own: in a folder of its own, on a port of its own, over TLS only. */
export class PostgresServer {
  public static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort());
    server.initialize();
    server.up();
    await server.asAdmin(`CREATE ROLE function_user LOGIN PASSWORD '${PASSWORD}'`);
    return server;
  }

  public readonly authority: Authority;
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-'));
  private readonly data = path.join(this.folder, 'data');

  private constructor(public readonly port: number) {
    this.authority = new Authority(path.join(this.folder, 'authority'));
  }

  /** A fresh database; the function's user may create a schema in it, unless told otherwise. */
  public async database(name: string, mayCreate = true): Promise<DatabaseTarget> {
    await this.asAdmin(`CREATE DATABASE ${name}`);
    if (mayCreate) await this.asAdmin(`GRANT CREATE ON DATABASE ${name} TO function_user`);
    return { host: 'localhost', port: this.port, name, user: 'function_user', password: PASSWORD };
  }

  /** Rows of a query by the server's owner, who comes over the local socket. */
  public async asAdmin(sql: string, database = 'postgres'): Promise<Array<Record<string, unknown>>> {
    const client = await this.adminClient(database);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  public async adminClient(database: string): Promise<Client> {
    const client = new Client({ host: this.folder, port: this.port, user: 'postgres', database });
    await client.connect();
    return client;
  }

  /** Returns once the server ended the session with this id; until then no event reaches this process. */
  public waitFrozenUntilEnded(pid: number): void {
    const count = `SELECT count(*) FROM pg_stat_activity WHERE pid = ${pid}`;
    const args = ['-h', this.folder, '-p', String(this.port), '-U', 'postgres', '-Atc', count];
    for (let asked = 0; run('psql', ...args).trim() !== '0'; asked++) {
      if (asked === 1000) throw new Error('the server must end the session');
    }
  }

  /** Serves from now on with a certificate for this host name. */
  public present(host: string, authority = this.authority): void {
    const { certificate, key } = authority.certify(host);
    this.write('server.crt', certificate);
    this.write('server.key', key);
  }

  public configure(setting: string): void {
    fs.appendFileSync(path.join(this.data, 'postgresql.conf'), `${setting}\n`);
  }

  public up(): void {
    this.pgCtl('start', '-w', '-l', path.join(this.folder, 'log'));
  }

  public down(mode: 'fast' | 'immediate' = 'fast'): void {
    this.pgCtl('stop', '-w', '-m', mode);
  }

  public restart(): void {
    this.down('immediate');
    this.up();
  }

  public remove(): void {
    try {
      this.down('immediate');
    } finally {
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private initialize(): void {
    if (OWNER) fs.chownSync(this.folder, OWNER.uid, OWNER.gid);
    const quick = ['--no-sync', '-E', 'UTF8', '--locale=C'];
    run('initdb', '-D', this.data, '-U', 'postgres', '-A', 'trust', ...quick);
    this.configure(
      [
        `port = ${this.port}`,
        `listen_addresses = '127.0.0.1'`,
        `unix_socket_directories = '${this.folder}'`,
        'ssl = on',
        'fsync = off',
        'max_connections = 50',
      ].join('\n'),
    );
    this.write('pg_hba.conf', 'local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
    this.present('localhost');
  }

  /** With the rights that PostgreSQL asks for on keys. */
  private write(file: string, content: string): void {
    const at = path.join(this.data, file);
    fs.writeFileSync(at, content, { mode: 0o600 });
    if (OWNER) fs.chownSync(at, OWNER.uid, OWNER.gid);
  }

  private pgCtl(...args: string[]): void {
    run('pg_ctl', '-D', this.data, '-s', ...args);
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
const OWNER = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

function run(program: string, ...args: string[]): string {
  const found = fs.existsSync(VERSIONS) ? fs.readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  if (found.length === 0) {
    throw new Error(`PostgreSQL must be under ${VERSIONS}, got none; apt-get install postgresql`);
  }
  // The server inherits what pg_ctl is given, and a pipe would never end: what it says stands in its log.
  const stdio = program === 'pg_ctl' ? 'ignore' : 'pipe';
  const options = { stdio, cwd: os.tmpdir(), ...OWNER } as const;
  return String(execFileSync(path.join(VERSIONS, found[0], 'bin', program), args, options));
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
