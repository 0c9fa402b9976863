import type { ByteWriter } from './byte-writer';
import type { DeidCounts, RecordErrorCode } from './contract';

/** Rows of a table that were written many at once. */
export interface Taken {
  readonly count: number;
  /** Bytes of the source that they are. */
  readonly bytes: number;
}

/**
 * The seam between framing (gzip, lines, Bundle entries: where a record begins and ends) and the policy (what of a
 * record is written). One instance serves one source object and is called once per record, with no allocation per call.
 */
export interface RecordTransform {
  /** The byte after each record: a line feed, or the carriage return that ends an HL7 segment. */
  readonly recordEnd: number;
  /** Type of the last record, once it was found; `undefined` where the record has none. */
  readonly lastType: string | undefined;
  /** Schema path (never a value) at which the last record was rejected. */
  readonly lastPath: string | undefined;

  /** Totals of elements changed; a rejected record adds nothing. */
  counts(): DeidCounts;

  /** Told before the first record: the header line of a table, where there is one. Returns the byte between its cells. */
  header?(bytes: Uint8Array, start: number, end: number): number;

  /**
   * Appends rows of a table, each with `recordEnd`, as many at once as there are at `bytes[from]`, up to `most` bytes and a
   * row. Where there are none, the next row is one for `transform`.
   *
   * @param offset of that byte in the whole source
   */
  rows?(bytes: Uint8Array, from: number, offset: number, most: number, out: ByteWriter): Taken | undefined;

  /**
   * Writes the de-identified form of the record `bytes[start, end)` to `out`, without `recordEnd`. Returns the code
   * of a rejected record, with `out` as it was before the call. Codes of ids may be open in it until `out` is read.
   *
   * @param entryId the id that a Bundle entry's fullUrl gives to a resource without one
   */
  transform(
    bytes: Uint8Array,
    start: number,
    end: number,
    out: ByteWriter,
    entryId?: string,
  ): RecordErrorCode | undefined;
}
