import { CommitError } from './errors';
import type { DeidCounts, EngineResult, RecordCounts, SourceErrorCode, StreamDigest } from '../engine/contract';

export type RunStatus = 'COMPLETED' | 'COMPLETED_WITH_ERRORS' | 'FAILED';

/**
 * The commit marker of a run, written last. It stands on the processed side: nothing in it names a patient, and what
 * is derived from the source is keyed.
 */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why a FAILED run failed. */
  readonly code?: SourceErrorCode;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly processor: { readonly name: string; readonly version: string; readonly runtime: string };
  readonly policy: { readonly profile: string; readonly sha256: string; readonly keyId: string };
  readonly source: {
    readonly bucket: string;
    readonly keyHmac: string;
    readonly versionId?: string;
    readonly eTag: string;
    readonly size: number;
    /** Absent where a FAILED source was not read to its end. */
    readonly hmac?: string;
    readonly encoding: string;
    readonly format: string;
  };
  readonly output: ReadonlyArray<{
    readonly type: string;
    readonly url: string;
    readonly count: number;
    readonly bytes: number;
    readonly sha256: string;
  }>;
  /** Rejected records are the source's own text. */
  readonly error: ReadonlyArray<{ readonly url: string; readonly count: number; readonly hmac: string }>;
  readonly counts: RecordCounts;
  readonly deid: DeidCounts;
}

/**
 * Every record read is accounted for, and the streams hold what the counts say; else nothing may be committed.
 *
 * @param writes whether records are written at all: a run that only validates counts what it would have rejected
 */
export function assertAccounted({ counts, output, rejects }: EngineResult, writes: boolean): void {
  const { read, written, dropped, rejected } = counts;
  const sound =
    [read, written, dropped, rejected].every((count) => Number.isSafeInteger(count) && count >= 0) &&
    read === written + dropped + rejected &&
    total(counts.byError) === rejected &&
    output.count === written &&
    rejects.count === (writes ? rejected : 0) &&
    (writes || written === 0);
  if (!sound) throw new CommitError('COUNTS_DISAGREE');
}

/** The counts of a FAILED run: nothing was written, so every record read is rejected. */
export function failedCounts(counts: RecordCounts, failure: SourceErrorCode): RecordCounts {
  const named = Object.entries(counts.byError).filter(([, count]) => count > 0);
  const byError: RecordCounts['byError'] = Object.fromEntries(named);
  const unexplained = counts.read - total(byError);
  return {
    read: counts.read,
    written: 0,
    dropped: 0,
    rejected: counts.read,
    byType: {},
    byError: unexplained > 0 ? { ...byError, [failure]: (byError[failure] ?? 0) + unexplained } : byError,
  };
}

export function statusOf(result: EngineResult): RunStatus {
  if (result.failure) return 'FAILED';
  return result.counts.rejected > 0 ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED';
}

export function outputEntry(url: string, counts: RecordCounts, digest: StreamDigest): Manifest['output'][number] {
  const types = Object.keys(counts.byType);
  return {
    // As in a FHIR bulk export: the type of the resources in the file; `Resource` is the base of them all.
    type: types.length === 1 ? types[0] : 'Resource',
    url,
    count: digest.count,
    bytes: digest.bytes,
    sha256: digest.sha256,
  };
}

/** Whether two manifests of one run id account for the same outcome; times and processor may differ. */
export function sameOutcome(one: Manifest, other: Manifest): boolean {
  const facts = ({ runId, status, output, error, counts }: Manifest) =>
    JSON.stringify([
      runId,
      status,
      output.map(({ count, sha256 }) => [count, sha256]),
      error.map(({ count, hmac }) => [count, hmac]),
      [counts.read, counts.written, counts.dropped, counts.rejected],
    ]);
  return facts(one) === facts(other);
}

export function serialize(manifest: Manifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
}

function total(counts: RecordCounts['byError']): number {
  return Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
}
