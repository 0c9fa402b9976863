import * as net from 'node:net';
import { Client } from 'pg';
import { databaseErrorOf, isConnectionLost } from './database-error';
import type { DatabaseTarget } from '../settings';

/** For connecting and for each statement. Short: a run comes here in the last 15 seconds that it leaves itself, at worst. */
const TIMEOUT_MS = 3_000;
/** How much later we give up than the server does. */
const GRACE_MS = 1_000;
const ATTEMPTS = 2;

interface Connection {
  readonly ready: Promise<Client>;
  readonly close: () => void;
}

/**
 * One connection, made when first needed and kept from one invocation to the next. Lambda freezes the process in
 * between, and servers restart: whatever goes wrong, the connection is dropped, and where it was lost the work is done
 * once more over a new one. So work must be such that doing it twice is doing it once.
 */
export class KeptConnection {
  private kept?: Connection;

  /**
   * @param ca the authorities, PEM, one of which must vouch for the server, under the name that it is asked by
   * @param prepare runs once over each new connection
   */
  constructor(
    private readonly target: DatabaseTarget,
    private readonly ca: string,
    private readonly prepare: (client: Client) => Promise<void>,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** @throws DatabaseError */
  public async run<T>(work: (client: Client) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const connection = (this.kept ??= this.open());
      try {
        return await work(await connection.ready);
      } catch (error) {
        this.drop(connection);
        if (attempt === ATTEMPTS || !isConnectionLost(error)) throw databaseErrorOf(error);
      }
    }
  }

  public close(): void {
    if (this.kept) this.drop(this.kept);
  }

  private open(): Connection {
    const { host, port, name: database, user, password } = this.target;
    const socket = new net.Socket();
    const client = new Client({
      host,
      port,
      database,
      user,
      password,
      application_name: 'patient-records',
      // As libpq's `verify-full`: an authority of ours, and the name that we asked for.
      ssl: { ca: this.ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: this.timeoutMs,
      statement_timeout: this.timeoutMs,
      // The server keeps the limit above; this one is for a server that is gone without a word.
      query_timeout: this.timeoutMs + GRACE_MS,
    });
    const connection = { ready: this.connect(client), close: () => void socket.destroy() };
    // Lost while nobody waits for it: unheard, the event would end the process.
    client.on('error', () => this.drop(connection));
    return connection;
  }

  private async connect(client: Client): Promise<Client> {
    await client.connect();
    await this.prepare(client);
    return client;
  }

  private drop(connection: Connection): void {
    // Not ended politely: a server that is gone would let that wait.
    connection.close();
    if (this.kept === connection) this.kept = undefined;
  }
}
