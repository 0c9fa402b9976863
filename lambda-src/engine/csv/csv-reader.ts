import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from '../ascii';
import type { RecordHandler, RecordReader } from '../readers/record-reader';
import { RecordSpan } from '../readers/record-span';
import { SourceError } from '../source-error';
import { CANDIDATES } from './delimiters';

const NOWHERE = -1e9;

/**
 * Rows by RFC 4180: a quote at the start of a cell opens it, and line ends in an open cell belong to it. Everywhere else
 * `\n`, `\r\n` and `\r` end a row; an empty line is none. What is inside a row is the transform's business.
 *
 * A quote that is never closed would take the rest of the file with it: where the row exceeds the cap, its next line end
 * ends it, and where the file ends first, it counts as cut off.
 */
export class CsvReader implements RecordReader {
  private readonly row: RecordSpan;
  /** Byte between cells; -1 before the header, where it may be any candidate. */
  private delimiter = -1;
  private inQuotes = false;
  /** Places in the chunk at hand; what lies in an earlier one is negative. */
  private rowStart = 0;
  private closedAt = NOWHERE;
  private lastByte = -1;
  /** From the last search on, the next of each; the length of the chunk where there is none. */
  private quote = -1;
  private newline = -1;
  private return = -1;
  private search: Buffer = Buffer.alloc(0);

  constructor(
    private readonly handler: RecordHandler,
    private readonly maxRecordBytes: number,
    private offset: number,
  ) {
    this.row = new RecordSpan(maxRecordBytes);
  }

  public push(chunk: Uint8Array): void {
    this.search = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.quote = this.newline = this.return = -1;
    const { length } = chunk;
    let at = 0;
    while (at < length) {
      if (!this.row.isOpen) {
        if (this.delimiter >= 0) at = this.handler.rows?.(chunk, at, this.offset + at) ?? at;
        if (at === length) break;
        this.row.open(at, this.offset + at);
        this.rowStart = at;
      }
      const end = this.rowEnd(chunk, at);
      if (end === length) break;
      this.row.close(chunk, end);
      this.rowEnds();
      at = end + (chunk[end] === CARRIAGE_RETURN && chunk[end + 1] === LINE_FEED ? 2 : 1);
    }
    this.row.suspend(chunk);
    this.rowStart -= length;
    this.closedAt -= length;
    if (length > 0) this.lastByte = chunk[length - 1];
    this.offset += length;
  }

  public end(): void {
    if (!this.row.isOpen) return;
    if (this.inQuotes) throw new SourceError('SRC_TRUNCATED');
    this.row.closeAtEnd();
    this.rowEnds();
  }

  private rowEnds(): void {
    const { row } = this;
    if (this.delimiter < 0) {
      if (!isBlank(row)) this.delimiter = this.handler.header(row);
    } else if (row.tooLarge || row.length > 0) {
      this.handler.record(row);
    }
    row.clear();
  }

  /** Where the row that goes on at `from` ends, or the length of the chunk. */
  private rowEnd(chunk: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      if (this.inQuotes) {
        const quote = this.nextQuote(at);
        const limit = this.rowStart + this.maxRecordBytes;
        const end = quote > limit ? this.nextLineEnd(Math.max(at, limit)) : quote;
        if (end === chunk.length) return end;
        this.inQuotes = false;
        if (end < quote) return end;
        this.closedAt = quote;
        at = quote + 1;
      }
      const end = this.nextLineEnd(at);
      const quote = this.nextQuote(at);
      if (quote >= end) return end;
      this.inQuotes = this.opens(chunk, quote);
      at = quote + 1;
    }
  }

  /** A quote opens a cell at its start; right after one that closes it, it is a quote in the text. */
  private opens(chunk: Uint8Array, quote: number): boolean {
    if (quote === this.rowStart || quote === this.closedAt + 1) return true;
    const before = quote === 0 ? this.lastByte : chunk[quote - 1];
    return this.delimiter < 0 ? CANDIDATES.includes(before) : before === this.delimiter;
  }

  private nextQuote(at: number): number {
    if (this.quote < at) this.quote = this.find(QUOTE, at);
    return this.quote;
  }

  private nextLineEnd(at: number): number {
    if (this.newline < at) this.newline = this.find(LINE_FEED, at);
    if (this.return < at) this.return = this.find(CARRIAGE_RETURN, at);
    return this.newline < this.return ? this.newline : this.return;
  }

  private find(byte: number, at: number): number {
    const found = this.search.indexOf(byte, at);
    return found < 0 ? this.search.length : found;
  }
}

/** Whether a line is empty but for white space: above a header that means nothing. */
function isBlank({ bytes, start, end, tooLarge }: RecordSpan): boolean {
  if (tooLarge) return false;
  for (let i = start; i < end; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x09) return false;
  return true;
}
