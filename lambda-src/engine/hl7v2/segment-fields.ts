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

/** Fields of a header that say how it is read. */
const HEADER_FIELDS = 2;

/** What is asked of a segment. */
export interface AskedFields {
  /** Number of the form by field; -1 for those that are dropped. */
  readonly forms: Int16Array;
  /** For all further fields. */
  readonly rest: number;
  /** Number of the last field that is asked for. */
  readonly last: number;
}

/** Nothing is kept, and the fields up to `last` are looked at. */
export function asked(last: number): AskedFields {
  return { forms: new Int16Array(0), rest: -1, last };
}

/** Bytes between two looks at the room for what they may hold. */
const BLOCK = 1024;

/** Four bytes at once. */
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const CONTROLS = Math.imul(CARRIAGE_RETURN + 1, ONES);

/**
 * Where the fields of a message lie. All of it is gone through once, without a branch for each byte: a processor that guesses
 * whether a byte separates is mostly wrong where one does. Segments are then read off what was noted.
 */
export class SegmentFields {
  /** Number of the last field of the segment at hand that is asked for. */
  public count = 0;
  /** How many fields hold something of which nothing is kept. */
  public dropped = 0;
  /** Where the segment ends: at the byte that ends its line, or with the message. */
  public end = 0;
  /** Where each field delimiter and each end of a line stands, and at last the end of the message. */
  public marks = new Int32Array(2 * BLOCK);
  /** Number of the mark that ends field 0 of the segment at hand, were there such a field. */
  public base = 0;
  /** Numbers of the fields that hold something of which something may be kept, in their order. */
  public kept = new Int32Array(256);
  public keptCount = 0;

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
  public index(view: DataView, start: number, end: number): void {
    const { field, ends } = this.delimiters;
    let count = 0;
    for (let at = start; at < end; at += BLOCK) {
      if (count + BLOCK >= this.marks.length) this.marks = grown(this.marks);
      count = noteEnds(view, at, Math.min(at + BLOCK, end), field, ends, this.marks, count);
    }
    this.marks[count] = end;
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
   * @param header whether that delimiter is its own first field, and the second is not asked for
   */
  public split(bytes: Uint8Array, at: number, header: boolean, { forms, rest, last }: AskedFields): void {
    const { marks, messageEnd } = this;
    const { field } = this.delimiters;
    let mark = this.next;
    while (marks[mark] < at) mark++;
    let number = 0;
    if (header) {
      number = HEADER_FIELDS;
      mark++;
    }
    this.base = mark - number;
    let { kept } = this;
    let keptCount = 0;
    let dropped = 0;
    let to = marks[mark];
    while (to < messageEnd && bytes[to] === field) {
      const from = to + 1;
      to = marks[++mark];
      // 1 where the field holds something, and where nothing of it is kept.
      const holds = (from - to) >>> 31;
      const drops = (++number < forms.length ? forms[number] : rest) >>> 31;
      if (keptCount === kept.length) kept = this.kept = grown(kept);
      kept[keptCount] = number;
      keptCount += holds & ~drops;
      dropped += holds & drops;
    }
    this.count = number < last ? number : last;
    this.keptCount = keptCount;
    this.dropped = dropped;
    this.end = to;
    this.next = mark;
  }
}

/**
 * Appends to `marks`, of which there are `count`, where in `[from, to)` the bytes stand that `ends` has; returns how many
 * there are then. Eight bytes without any are stepped over. Of others each is noted, and stays noted if it ends something.
 */
function noteEnds(
  view: DataView,
  from: number,
  to: number,
  field: number,
  ends: Uint8Array,
  marks: Int32Array,
  count: number,
): number {
  const fields = Math.imul(field, ONES);
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const low = view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    if (((mayEnd(low, fields) | mayEnd(high, fields)) & HIGH_BITS) === 0) continue;
    marks[count] = at;
    count += ends[low & 0xff];
    marks[count] = at + 1;
    count += ends[(low >> 8) & 0xff];
    marks[count] = at + 2;
    count += ends[(low >> 16) & 0xff];
    marks[count] = at + 3;
    count += ends[low >>> 24];
    marks[count] = at + 4;
    count += ends[high & 0xff];
    marks[count] = at + 5;
    count += ends[(high >> 8) & 0xff];
    marks[count] = at + 6;
    count += ends[(high >> 16) & 0xff];
    marks[count] = at + 7;
    count += ends[high >>> 24];
  }
  for (; at < to; at++) {
    marks[count] = at;
    count += ends[view.getUint8(at)];
  }
  return count;
}

/** Sets the high bit of each of four bytes that is the delimiter, or not above a carriage return; of others now and then. */
function mayEnd(four: number, fields: number): number {
  const differs = four ^ fields;
  return ((differs - ONES) & ~differs) | ((four - CONTROLS) & ~four);
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const all = new Int32Array(numbers.length * 2);
  all.set(numbers);
  return all;
}
