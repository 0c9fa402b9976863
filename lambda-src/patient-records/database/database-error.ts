/**
 * PostgreSQL's codes for a connection that failed (08), for a server that goes, comes up or ends idle sessions (57P0),
 * and for one that became a replica since (25006).
 */
const CONNECTION_LOST = /^(08...|57P0.|25006)$/;
/** With a digit, or it is one of the system: `EPIPE`. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/**
 * A failure of the database by its code alone: PostgreSQL's own text quotes names and values. `DATABASE_` and then
 * PostgreSQL's code (`28P01`: wrong password), or that of the connection (`ECONNREFUSED`), or a word of ours.
 */
export class DatabaseError extends Error {
  constructor(public readonly code: `DATABASE_${string}`) {
    super(code);
    this.name = 'DatabaseError';
  }
}

export function databaseErrorOf(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code, message } = (error ?? {}) as Record<string, unknown>;
  if (typeof code === 'string' && /^\w{1,50}$/.test(code)) return new DatabaseError(`DATABASE_${code}`);
  // The client has a text for it and no code.
  if (message === 'The server does not support SSL connections') return new DatabaseError('DATABASE_NO_TLS');
  return new DatabaseError('DATABASE_NO_ANSWER');
}

/** Whether a new connection might do what this one did not; a refusal by the server is final. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return false;
  const { code } = (error ?? {}) as Record<string, unknown>;
  return typeof code !== 'string' || !SQLSTATE.test(code) || CONNECTION_LOST.test(code);
}
