import type { Client } from 'pg';
import { DatabaseError } from './database-error';

/** What `schema.sql` makes, and writes down as its last step. */
export const SCHEMA_VERSION = 1;

/**
 * Makes the schema where it is missing. The script may run any number of times, from several functions at once: it
 * waits for its rivals and leaves alone what is there.
 *
 * @param script the content of `schema.sql`
 */
export async function prepareSchema(client: Client, script: string): Promise<void> {
  const version = await readVersion(client);
  if (version === SCHEMA_VERSION) return;
  // A function that was rolled back must not write what it cannot know to be right.
  if (version > SCHEMA_VERSION) throw new DatabaseError('DATABASE_SCHEMA_NEWER');
  await client.query(script);
}

async function readVersion(client: Client): Promise<number> {
  const table = await client.query<{ present: boolean }>(
    `SELECT to_regclass('patient_records.schema_version') IS NOT NULL AS present`,
  );
  if (!table.rows[0].present) return 0;
  const found = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM patient_records.schema_version',
  );
  return found.rows[0].version;
}
