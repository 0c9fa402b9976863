import type { KeptConnection } from './kept-connection';
import type { Manifest } from '../../commit';

type Value = string | number | null;

/** Each column of a row, and where it comes from. */
const COLUMNS: Readonly<Record<string, (manifest: Manifest, manifestUrl: string) => Value>> = {
  run_id: ({ runId }) => runId,
  status: ({ status }) => status,
  code: ({ code }) => code ?? null,
  source_key_hmac: ({ source }) => source.keyHmac,
  source_version_id: ({ source }) => source.versionId ?? null,
  source_size: ({ source }) => source.size,
  source_hmac: ({ source }) => source.hmac ?? null,
  source_encoding: ({ source }) => source.encoding,
  source_format: ({ source }) => source.format,
  policy_profile: ({ policy }) => policy.profile,
  policy_sha256: ({ policy }) => policy.sha256,
  key_id: ({ policy }) => policy.keyId,
  processor_version: ({ processor }) => processor.version,
  records_read: ({ counts }) => counts.read,
  records_written: ({ counts }) => counts.written,
  records_dropped: ({ counts }) => counts.dropped,
  records_rejected: ({ counts }) => counts.rejected,
  records_by_type: ({ counts }) => JSON.stringify(counts.byType),
  rejected_by_code: ({ counts }) => JSON.stringify(counts.byError),
  fields_redacted: ({ deid }) => deid.redacted,
  fields_hashed: ({ deid }) => deid.hashed,
  fields_generalized: ({ deid }) => deid.generalized,
  fields_shifted: ({ deid }) => deid.shifted,
  outputs: ({ output }) => JSON.stringify(output),
  rejects: ({ error }) => JSON.stringify(error),
  manifest_url: (_, manifestUrl) => manifestUrl,
  started_at: ({ startedAt }) => startedAt,
  ended_at: ({ endedAt }) => endedAt,
};

const NAMES = Object.keys(COLUMNS);

/** The manifest that stands has the last word: two runs of one id differ in their times only. */
const UPSERT = `
  INSERT INTO patient_records.processed_object (${NAMES.join(', ')})
  VALUES (${NAMES.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (run_id) DO UPDATE SET ${NAMES.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;

/** The account of processed objects in PostgreSQL: a row for each run, however often it is told of. */
export class Ledger {
  constructor(private readonly connection: KeptConnection) {}

  /** @throws DatabaseError */
  public async record(manifest: Manifest, manifestUrl: string): Promise<void> {
    const values = Object.values(COLUMNS).map((valueOf) => valueOf(manifest, manifestUrl));
    await this.connection.run(async (client) => client.query(UPSERT, values));
  }
}
