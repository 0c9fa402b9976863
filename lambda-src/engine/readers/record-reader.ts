import type { RecordErrorCode } from '../contract';
import type { RecordSpan } from './record-span';

/** What a reader tells of the records it finds, in the order of the source. */
export interface RecordHandler {
  /** A record, or what stands in the place of one; too large ones are rejected unread. */
  record(span: RecordSpan, entryId?: string): void;
  /** The header line of a table: comes before all records, and is none. Returns the byte between its cells. */
  header(span: RecordSpan): number;
  /**
   * May take rows of a table before they are looked for: those from `chunk[from]` on, the byte `offset` of the source.
   * Returns where they end.
   */
  rows?(chunk: Uint8Array, from: number, offset: number): number;
  /** A record that the reader itself finds wrong. */
  reject(code: RecordErrorCode, span: RecordSpan): void;
  /** Something that counts as read but holds no record. */
  dropped(): void;
}

/** Cuts uncompressed bytes into records. Chunks may end anywhere; a chunk is not used after `push` has returned. */
export interface RecordReader {
  /** @throws SourceError when what follows cannot be told apart any more */
  push(chunk: Uint8Array): void;
  /** @throws SourceError when the source ends in the middle of something */
  end(): void;
}
