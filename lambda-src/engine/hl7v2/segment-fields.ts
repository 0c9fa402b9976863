import type { Delimiters } from './delimiters';

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** MLLP frames a message with a vertical tab and a file separator; a file may have kept them. */
const VERTICAL_TAB = 0x0b;
const FILE_SEPARATOR = 0x1c;

/** Whether a byte ends a segment, or frames a message. */
export function isBetweenSegments(byte: number): boolean {
  return byte === CARRIAGE_RETURN || byte === LINE_FEED || byte === VERTICAL_TAB || byte === FILE_SEPARATOR;
}

/** Where the next segment begins, or `end`. */
export function nextSegment(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBetweenSegments(bytes[at])) at++;
  return at;
}

/** Where the fields of one segment lie. */
export class SegmentFields {
  /** Number of the last field that was looked for and found. */
  public count = 0;
  /** Fields beyond those that hold something. */
  public further = 0;
  /** Where the segment ends: at the byte that ends its line, or with the message. */
  public end = 0;
  /** Where field n begins; it ends before the delimiter ahead of field n + 1. */
  public starts = new Int32Array(256);
  /** Numbers of the fields that hold something, in their order: most of a segment is empty. */
  public filled = new Int32Array(256);
  public filledCount = 0;

  constructor(private readonly delimiters: Delimiters) {}

  public get component(): number {
    return this.delimiters.component;
  }

  public get repetition(): number {
    return this.delimiters.repetition;
  }

  /** Where a field begins; of one that the segment does not have, as of an empty one. */
  public from(field: number): number {
    return field > this.count ? this.end : this.starts[field];
  }

  public to(field: number): number {
    return field > this.count ? this.end : this.starts[field + 1] - 1;
  }

  /**
   * Splits the segment whose first delimiter stands at `at`, up to field `last`.
   *
   * @param first number of the field behind that delimiter: of a header it is the second, since the delimiter is one
   */
  public split(bytes: Uint8Array, at: number, end: number, first: number, last: number): void {
    const { field } = this.delimiters;
    let { starts, filled } = this;
    let count = first - 1;
    let filledCount = 0;
    // Where the field at hand began; the first delimiter ends none.
    let start = at;
    let i = at;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte === field) {
        if (i > start) filled[filledCount++] = count;
        if (count >= last) break;
        if (++count + 2 > starts.length) {
          this.grow();
          ({ starts, filled } = this);
        }
        starts[count] = start = i + 1;
      } else if (byte <= CARRIAGE_RETURN && (byte === CARRIAGE_RETURN || byte === LINE_FEED)) {
        break;
      }
    }
    if (i > start && (i === end || bytes[i] !== field)) filled[filledCount++] = count;
    starts[count + 1] = i + 1;
    this.count = count;
    this.filledCount = filledCount;
    this.skip(bytes, i, end);
  }

  /** Goes on to the end of the segment, and counts what holds something. */
  public skip(bytes: Uint8Array, at: number, end: number): void {
    const { field } = this.delimiters;
    let further = 0;
    let previous = 0;
    let i = at;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte <= CARRIAGE_RETURN && (byte === CARRIAGE_RETURN || byte === LINE_FEED)) break;
      if (previous === field && byte !== field) further++;
      previous = byte;
    }
    this.further = further;
    this.end = i;
  }

  private grow(): void {
    this.starts = grown(this.starts);
    this.filled = grown(this.filled);
  }
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const all = new Int32Array(numbers.length * 2);
  all.set(numbers);
  return all;
}
