import { QUOTE, SPACE } from '../ascii';
import type { RecordErrorCode } from '../contract';

/** A quote stands where none may be. */
const NOWHERE = -1;

/** How a cell is written. */
export const enum Style {
  PLAIN,
  QUOTED,
  /** Quoted, with doubled quotes in it. */
  ESCAPED,
}

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
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    let from = start;
    for (let cell = 0; cell < this.count; cell++) {
      const opens = from < end && bytes[from] === QUOTE;
      const to = opens ? this.quoted(cell, bytes, from + 1, end) : this.plain(cell, bytes, from, end);
      if (to === NOWHERE) return 'CSV_QUOTE';
      if (to === end) return cell === this.count - 1 ? undefined : 'CSV_FIELD_COUNT';
      from = to + 1;
    }
    return 'CSV_FIELD_COUNT';
  }

  /** Opens the text of a cell, without quotes and the spaces around it: `textBytes[textFrom, textTo)`. */
  public text(cell: number, bytes: Uint8Array): void {
    let from = this.starts[cell];
    let to = this.ends[cell];
    this.textBytes = bytes;
    if (this.styles[cell] === Style.ESCAPED) {
      this.textBytes = unescape(bytes, from, to);
      from = 0;
      to = this.textBytes.length;
    }
    while (from < to && this.textBytes[from] === SPACE) from++;
    while (to > from && this.textBytes[to - 1] === SPACE) to--;
    this.textFrom = from;
    this.textTo = to;
  }

  /** Takes in a cell without quotes; returns where the delimiter behind it or the row's end stands. */
  private plain(cell: number, bytes: Uint8Array, from: number, end: number): number {
    const { delimiter } = this;
    let to = from;
    for (; to < end && bytes[to] !== delimiter; to++) if (bytes[to] === QUOTE) return NOWHERE;
    return this.take(cell, from, to, Style.PLAIN, to);
  }

  /** Takes in a quoted cell from its text on; returns the same. */
  private quoted(cell: number, bytes: Uint8Array, from: number, end: number): number {
    let style = Style.QUOTED;
    for (let to = from; to < end; to++) {
      if (bytes[to] !== QUOTE) continue;
      const behind = to + 1;
      if (behind === end || bytes[behind] === this.delimiter) return this.take(cell, from, to, style, behind);
      if (bytes[behind] !== QUOTE) return NOWHERE;
      style = Style.ESCAPED;
      to++;
    }
    return NOWHERE;
  }

  private take(cell: number, from: number, to: number, style: number, behind: number): number {
    this.starts[cell] = from;
    this.ends[cell] = to;
    this.styles[cell] = style;
    return behind;
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
