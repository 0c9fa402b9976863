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

/** Bytes between two looks at the room for what they may hold. */
const BLOCK = 256;

/**
 * Where the fields of a message lie. All of it is gone through once, byte by byte without a branch, since a processor that
 * guesses at every byte whether it separates is mostly wrong where one does; segments are then read off what was noted.
 */
export class SegmentFields {
  /** Number of the last field of the segment at hand. */
  public count = 0;
  /** Fields beyond those that were asked for that hold something. */
  public further = 0;
  /** Where the segment ends: at the byte that ends its line, or with the message. */
  public end = 0;
  /** Where each field delimiter and each end of a line stands, and at last the end of the message. */
  public marks = new Int32Array(1024);
  /** Number of the mark that ends field 0 of the segment at hand, were there such a field. */
  public base = 0;
  /** Numbers of the fields that hold something, in their order: most of a segment is empty. */
  public filled = new Int32Array(256);
  public filledCount = 0;

  private messageEnd = 0;
  /** The mark that segments are looked for from. */
  private next = 0;

  constructor(private readonly delimiters: Delimiters) {}

  public get component(): number {
    return this.delimiters.component;
  }

  public get repetition(): number {
    return this.delimiters.repetition;
  }

  /** Where a field begins; of one that the segment does not have, as of an empty one. */
  public from(field: number): number {
    return field > this.count ? this.end : this.marks[this.base + field - 1] + 1;
  }

  public to(field: number): number {
    return field > this.count ? this.end : this.marks[this.base + field];
  }

  /** Goes through a message whose delimiters are known. */
  public index(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    const { ends } = this.delimiters;
    let { marks } = this;
    let count = 0;
    let at = start;
    while (at < end) {
      const stop = Math.min(at + BLOCK, end);
      if (count + BLOCK >= marks.length) marks = this.marks = grown(marks);
      // Each byte is noted, and stays noted if it ends something.
      for (; at + 4 <= stop; at += 4) {
        const four = view.getInt32(at, true);
        marks[count] = at;
        count += ends[four & 0xff];
        marks[count] = at + 1;
        count += ends[(four >> 8) & 0xff];
        marks[count] = at + 2;
        count += ends[(four >> 16) & 0xff];
        marks[count] = at + 3;
        count += ends[four >>> 24];
      }
      for (; at < stop; at++) {
        marks[count] = at;
        count += ends[bytes[at]];
      }
    }
    marks[count] = end;
    this.messageEnd = end;
    this.rewind();
  }

  /** Goes back to the first segment. */
  public rewind(): void {
    this.next = 0;
  }

  /**
   * Splits the segment whose first delimiter stands at `at`, or which has none. Segments are asked for in their order.
   *
   * @param first number of the field behind that delimiter: of a header it is the second, since the delimiter is one
   * @param last number of the last field that is asked for
   */
  public split(bytes: Uint8Array, at: number, first: number, last: number): void {
    const { marks, messageEnd } = this;
    const { field } = this.delimiters;
    let mark = this.next;
    while (marks[mark] < at) mark++;
    this.base = mark - first + 1;
    let { filled } = this;
    let filledCount = 0;
    let further = 0;
    let number = first - 1;
    let to = marks[mark];
    while (to < messageEnd && bytes[to] === field) {
      const from = to + 1;
      to = marks[++mark];
      const holds = (from - to) >>> 31;
      if (++number > last) {
        further += holds;
        continue;
      }
      if (filledCount === filled.length) filled = this.filled = grown(filled);
      filled[filledCount] = number;
      filledCount += holds;
    }
    this.count = number < last ? number : last;
    this.filledCount = filledCount;
    this.further = further;
    this.end = to;
    this.next = mark;
  }
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const all = new Int32Array(numbers.length * 2);
  all.set(numbers);
  return all;
}
