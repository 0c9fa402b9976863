import { createHmac } from 'node:crypto';
import { PREFIX } from '../../src/processing/private/handler-contract';

export interface RunInputs {
  readonly bucket: string;
  readonly key: string;
  /** The version that is read; where the bucket keeps none, the eTag. */
  readonly version: string;
  readonly policySha256: string;
  readonly engineVersion: string;
  readonly keyId: string;
}

/**
 * Names a run: the same object under the same policy, engine and key gets the same id, and so the same output keys.
 * Keyed, because a manifest holds every other input: with a plain hash, a name in a source key could be confirmed by
 * guessing.
 */
export function runIdOf(inputs: RunInputs, runKey: Uint8Array): string {
  const { bucket, key, version, policySha256, engineVersion, keyId } = inputs;
  return keyedDigest(runKey, [bucket, key, version, policySha256, engineVersion, keyId]).slice(0, 32);
}

/** HMAC-SHA-256 over texts, each after its length in four bytes: no two lists of texts are the same message. */
export function keyedDigest(key: Uint8Array, texts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const text of texts) {
    const bytes = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest('hex');
}

/** Where a run writes. Each prefix ends in a slash. */
export interface OutputPrefixes {
  readonly deidentified: string;
  readonly manifests: string;
  readonly rejected: string;
}

export const DEFAULT_PREFIXES: OutputPrefixes = PREFIX;

export interface RunKeys {
  readonly output: (format: string) => string;
  readonly rejects: string;
  readonly manifest: string;
}

/** @param ingestDate the day the source was last modified, never today: a retry over midnight must hit the same keys */
export function runKeys(prefixes: OutputPrefixes, ingestDate: string, runId: string): RunKeys {
  return {
    output: (format) =>
      `${prefixes.deidentified}format=${format}/ingest_date=${ingestDate}/${runId}-part-00000.${extension(format)}.gz`,
    rejects: `${prefixes.rejected}ingest_date=${ingestDate}/${runId}.ndjson.gz`,
    manifest: `${prefixes.manifests}ingest_date=${ingestDate}/${runId}.json`,
  };
}

/** Results have the format of their source; FHIR is always written a resource a line. */
function extension(format: string): string {
  if (format === 'csv') return 'csv';
  return format === 'hl7v2' ? 'hl7' : 'ndjson';
}

/** The UTC day of an instant, `YYYY-MM-DD`. */
export function utcDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
