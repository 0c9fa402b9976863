import type { RecordErrorCode } from '../contract';

const QUOTE = 0x22;
const SPACE = 0x20;
/** The same byte four times, for looking at four of a row at once. */
const ONES = 0x01010101;
const QUOTES = QUOTE * ONES;
const HIGH_BITS = 0x80808080;

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
  private readonly delimiters: number;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Of the row's bytes, for reading several at once. */
  public view = new DataView(this.bytes.buffer);

  constructor(
    columns: number,
    private readonly delimiter: number,
  ) {
    this.count = columns;
    this.delimiters = delimiter * ONES;
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
    this.styles = new Uint8Array(columns);
  }

  /** Finds as many cells as there are columns; returns what is wrong with the row otherwise. */
  public find(bytes: Uint8Array, start: number, end: number): RecordErrorCode | undefined {
    const { starts, ends, styles, delimiter } = this;
    const last = this.count - 1;
    let cell = 0;
    let at = start;
    starts[0] = start;
    styles[0] = PLAIN;
    for (;;) {
      at = this.nextMark(bytes, at, end);
      if (at === end) {
        ends[cell] = end;
        return cell === last ? undefined : 'CSV_FIELD_COUNT';
      }
      if (bytes[at] === QUOTE) {
        // A quote is the first byte of its cell, or it is in a place where none may be.
        const close = at === starts[cell] ? this.quoted(cell, bytes, at + 1, end) : -1;
        if (close < 0 || (close + 1 < end && bytes[close + 1] !== delimiter)) return 'CSV_QUOTE';
        at = close + 1;
        if (at === end) return cell === last ? undefined : 'CSV_FIELD_COUNT';
      } else {
        ends[cell] = at;
      }
      if (cell === last) return 'CSV_FIELD_COUNT';
      starts[++cell] = ++at;
      styles[cell] = PLAIN;
    }
  }

  /** Where the next delimiter or quote is, or `end`: four bytes at once, most of which are neither. */
  private nextMark(bytes: Uint8Array, from: number, end: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const { view, delimiter, delimiters } = this;
    let at = from;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true);
      const one = word ^ delimiters;
      const other = word ^ QUOTES;
      // The lowest bit that is left is of the first byte that was equal.
      const marks = (((one - ONES) & ~one) | ((other - ONES) & ~other)) & HIGH_BITS;
      if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3);
    }
    while (at < end && bytes[at] !== delimiter && bytes[at] !== QUOTE) at++;
    return at;
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
