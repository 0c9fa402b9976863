/**
 * The seam between the engine and whoever feeds it: bytes in, bytes out. Nothing here knows S3, files or AWS.
 */
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';

/** Where the engine puts bytes. A returned promise is awaited before the next chunk is read: back-pressure. */
export interface ByteSink {
  write(chunk: Uint8Array): void | Promise<void>;
}

export interface EngineInput {
  /** The source object as stored: plain or gzip (any number of members). */
  readonly source: AsyncIterable<Uint8Array>;
  /** Receives gzipped, de-identified records in the format of the source; nothing at all when none is written. */
  readonly output: ByteSink;
  /** Receives gzipped NDJSON of reject records: still PHI. */
  readonly rejects: ByteSink;
  /** What `DeidPolicy` compiled at synth. */
  readonly tables: CompiledTables;
  /** The pipeline's 256-bit key; the engine derives its sub-keys from it. */
  readonly key: Uint8Array;
  /** What ages are reckoned from, `YYYY-MM-DD`: the source's last-modified date in UTC, never the clock. */
  readonly referenceDate: string;
  /** Asked between chunks; once true the engine throws `DeadlineError` and completes nothing. */
  readonly pastDeadline?: () => boolean;
  /** Called once the format is known, before the first byte of output; not for a source that fails before. */
  readonly onFormat?: (format: SourceFormat) => void;
}

export type SourceFormat = 'fhir-ndjson' | 'fhir-bundle' | 'csv' | 'hl7v2' | 'unknown';
export type SourceEncoding = 'identity' | 'gzip';

/** A failure of the whole object: nothing may be committed but a FAILED manifest. */
export type SourceErrorCode =
  | 'SRC_UNKNOWN_FORMAT'
  | 'SRC_CORRUPT_GZIP'
  | 'SRC_TRUNCATED'
  | 'SRC_ENCODING'
  | 'SRC_EXPANSION'
  | 'REJECT_RATIO_EXCEEDED';

/** A failure of one record: it goes to the rejects, the rest goes on. */
export type RecordErrorCode =
  | 'REC_SYNTAX'
  | 'REC_TOO_LARGE'
  | 'REC_TOO_DEEP'
  | 'FHIR_NO_TYPE'
  | 'FHIR_UNKNOWN_TYPE'
  | 'FHIR_BAD_PRIMITIVE'
  | 'FHIR_DUPLICATE_KEY'
  | 'FHIR_MODIFIER_EXTENSION'
  | 'HL7_NO_MSH'
  | 'HL7_BAD_SEGMENT'
  | 'HL7_BATCH_COUNT'
  | 'CSV_FIELD_COUNT'
  | 'CSV_QUOTE'
  | 'DEID_FAILED';

/**
 * Counts of records; `read` = `written` + `dropped` + `rejected`, always. A source that fails as a whole has written
 * nothing: every record that was read counts as rejected, in `byError` by its own code or else by that of the failure.
 */
export interface RecordCounts {
  readonly read: number;
  readonly written: number;
  readonly dropped: number;
  readonly rejected: number;
  /** Records written, by FHIR resource type or HL7 message type. */
  readonly byType: Readonly<Record<string, number>>;
  /** Records rejected, by code. */
  readonly byError: Readonly<Partial<Record<RecordErrorCode | SourceErrorCode, number>>>;
}

/** Elements changed, by kind of change. */
export interface DeidCounts {
  readonly redacted: number;
  readonly hashed: number;
  readonly generalized: number;
  readonly shifted: number;
}

export const NOTHING_CHANGED: DeidCounts = { redacted: 0, hashed: 0, generalized: 0, shifted: 0 };

/** One output stream: `bytes` and `sha256` (hex) are of the uncompressed text, the bytes that a retry must repeat. */
export interface StreamDigest {
  readonly count: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly sha256: string;
}

export interface EngineResult {
  /**
   * Absent when the source was read to its end and every check passed. Otherwise the streams are said to be empty:
   * what the sinks did receive must not be kept.
   */
  readonly failure?: SourceErrorCode;
  readonly format: SourceFormat;
  readonly encoding: SourceEncoding;
  readonly counts: RecordCounts;
  readonly deid: DeidCounts;
  readonly output: StreamDigest;
  readonly rejects: StreamDigest;
  /** Uncompressed bytes read. */
  readonly bytesRead: number;
}

/** Thrown when `pastDeadline` said so. The caller aborts its uploads and lets the message be retried. */
export class DeadlineError extends Error {
  readonly code = 'DEADLINE';
  constructor() {
    super('DEADLINE');
  }
}
