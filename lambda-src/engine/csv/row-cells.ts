import type { RecordErrorCode } from '../contract';
import { MarkFinder } from '../kernel/mark-finder';

const QUOTE = 0x22;
const SPACE = 0x20;
/** So many bytes are looked through at once: many rows. */
const AHEAD = 8192;

/** How a cell is written. */
export const PLAIN = 0;
export const QUOTED = 1;
/** Quoted, with doubled quotes in it. */
export const ESCAPED = 2;

/** Where the cells of one row are: found before any of them is written, since a sibling may decide. */
export class RowCells {
  /** Of the text of each cell, without its quotes. */
  public readonly starts: Int32Array;
  public readonly ends: Int32Array;
  public readonly styles: Uint8Array;
  /** What `text` has opened. */
  public textBytes: Uint8Array = new Uint8Array(0);
  public textFrom = 0;
  public textTo = 0;
  private readonly count: number;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Of the row's bytes, for reading several at once. */
  public view = new DataView(this.bytes.buffer);
  /** Finds delimiters and quotes, in many rows at once. */
  private readonly finder = new MarkFinder();
  private mark = 0;
  private rowEnd = -1;

  constructor(
    columns: number,
    private readonly delimiter: number,
  ) {
    this.count = columns;
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
    this.styles = new Uint8Array(columns);
  }

  /** Finds as many cells as there are columns; returns what is wrong with the row otherwise. */
  public find(bytes: Uint8Array, start: number, end: number): RecordErrorCode | undefined {
    if (!this.isAhead(bytes, start, end)) this.look(bytes, start, end);
    const { starts, ends, styles, delimiter } = this;
    const { marks } = this.finder;
    const last = this.count - 1;
    let { mark } = this;
    while (marks[mark] < start) mark++;
    let cell = 0;
    starts[0] = start;
    styles[0] = PLAIN;
    for (;;) {
      let to = marks[mark];
      if (to >= end) {
        ends[cell] = to = end;
      } else if (bytes[to] === delimiter) {
        ends[cell] = to;
      } else if (bytes[to] === QUOTE) {
        // A quote is the first byte of its cell, or it is in a place where none may be.
        const close = to === starts[cell] ? this.quoted(cell, bytes, to + 1, end) : -1;
        if (close < 0 || (close + 1 < end && bytes[close + 1] !== delimiter)) return 'CSV_QUOTE';
        to = close + 1;
        while (marks[mark] < to) mark++;
      } else {
        // What ends a line stands in a row as anything else.
        mark++;
        continue;
      }
      if (to === end) break;
      if (cell === last) return 'CSV_FIELD_COUNT';
      mark++;
      starts[++cell] = to + 1;
      styles[cell] = PLAIN;
    }
    this.mark = mark;
    return cell === last ? undefined : 'CSV_FIELD_COUNT';
  }

  /** Whether this row stands behind the last one in what was looked through for that. If not, the bytes may be others. */
  private isAhead(bytes: Uint8Array, start: number, end: number): boolean {
    const { finder, rowEnd } = this;
    this.rowEnd = end;
    return bytes === this.bytes && start > rowEnd && end <= finder.end && finder.isCurrent;
  }

  /** Looks through the row and what follows it. */
  private look(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.mark = 0;
    this.finder.find(bytes, start, Math.max(end, Math.min(bytes.length, start + AHEAD)), this.delimiter, QUOTE);
  }

  /** Opens the text of a cell, without quotes and the spaces around it: `textBytes[textFrom, textTo)`. */
  public text(cell: number, bytes: Uint8Array): void {
    let from = this.starts[cell];
    let to = this.ends[cell];
    this.textBytes = bytes;
    if (this.styles[cell] === ESCAPED) {
      this.textBytes = unescape(bytes, from, to);
      from = 0;
      to = this.textBytes.length;
    }
    while (from < to && this.textBytes[from] === SPACE) from++;
    while (to > from && this.textBytes[to - 1] === SPACE) to--;
    this.textFrom = from;
    this.textTo = to;
  }

  /** Takes in a quoted cell from its text on; returns where it is closed, or -1. */
  private quoted(cell: number, bytes: Uint8Array, from: number, end: number): number {
    let style = QUOTED;
    for (let at = from; at < end; at++) {
      if (bytes[at] !== QUOTE) continue;
      if (at + 1 < end && bytes[at + 1] === QUOTE) {
        style = ESCAPED;
        at++;
        continue;
      }
      this.starts[cell] = from;
      this.ends[cell] = at;
      this.styles[cell] = style;
      return at;
    }
    return -1;
  }
}

/** The text of a quoted cell with doubled quotes. */
export function unescape(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const text = new Uint8Array(to - from);
  let length = 0;
  for (let i = from; i < to; i++) {
    text[length++] = bytes[i];
    if (bytes[i] === QUOTE) i++;
  }
  return text.subarray(0, length);
}
