import { CARRIAGE_RETURN, FILE_SEPARATOR, LINE_FEED, VERTICAL_TAB } from '../ascii';
import type { Delimiters } from './delimiters';

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
  /** The fields that have a form, in their order. */
  readonly kept: Int32Array;
  /** For all fields behind those of `forms`. */
  readonly rest: number;
  /** Number of the last field that is asked for. */
  readonly last: number;
}

/** Nothing is kept, and the fields up to `last` are looked at. */
export function asked(last: number): AskedFields {
  return { forms: new Int16Array(0), kept: new Int32Array(0), rest: -1, last };
}

/** Where the fields of a segment lie: only those that are asked for are looked at. */
export class SegmentFields {
  /** Number of the last field of the segment at hand that is asked for. */
  public count = 0;
  /** How many fields hold something of which nothing is kept. */
  public dropped = 0;
  /** Where the segment ends: at the byte that ends its line, or with the message. */
  public end = 0;
  /** Where each delimiter of the segment stands, from the first on, and its end. */
  public marks = new Int32Array(256);
  /** Number of the mark that ends field 0, were there such a field. */
  public base = 0;
  /** Numbers of the fields that hold something of which something may be kept, in their order. */
  public kept = new Int32Array(256);
  public keptCount = 0;

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

  /**
   * Splits the segment of a message up to `to` whose first delimiter stands at `at`, or which has none.
   *
   * @param header whether that delimiter is its own first field, and the second is not asked for
   */
  public split(bytes: Uint8Array, at: number, to: number, header: boolean, asks: AskedFields): void {
    const { forms, kept, rest, last } = asks;
    const lastMark = this.mark(bytes, at, to);
    const before = header ? HEADER_FIELDS : 0;
    this.base = header ? -1 : 0;
    const count = Math.max(before, lastMark - this.base);
    this.end = this.marks[lastMark];
    this.count = count < last ? count : last;
    this.keptCount = this.keep(kept, before, count);
    if (rest >= 0) this.keepRest(Math.max(forms.length, before + 1), count);
    this.dropped = this.filled(before + 1, count) - this.keptCount;
  }

  /** Notes where the delimiters stand; returns the number of the last mark. */
  private mark(bytes: Uint8Array, from: number, to: number): number {
    const { ends, field } = this.delimiters;
    let { marks } = this;
    let count = 0;
    let at = from;
    for (; at < to; at++) {
      if (ends[bytes[at]] === 0) continue;
      if (bytes[at] !== field) break;
      if (count + 2 > marks.length) this.marks = marks = withRoom(marks);
      marks[count++] = at;
    }
    marks[count] = at;
    return count;
  }

  /** How many fields from `first` on hold something. */
  private filled(first: number, count: number): number {
    const { marks, base } = this;
    let filled = 0;
    for (let mark = base + first; mark <= base + count; mark++) if (marks[mark - 1] + 1 < marks[mark]) filled++;
    return filled;
  }

  /** Notes which of the fields behind `before` hold something; returns how many. */
  private keep(fields: Int32Array, before: number, count: number): number {
    const { marks, base } = this;
    if (count > this.kept.length) this.kept = new Int32Array(count * 2);
    const { kept } = this;
    let noted = 0;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      if (field > count) break;
      kept[noted] = field;
      if (field > before && marks[base + field - 1] + 1 < marks[base + field]) noted++;
    }
    return noted;
  }

  private keepRest(first: number, count: number): void {
    const { marks, base, kept } = this;
    for (let field = first; field <= count; field++) {
      kept[this.keptCount] = field;
      if (marks[base + field - 1] + 1 < marks[base + field]) this.keptCount++;
    }
  }
}

function withRoom(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const all = new Int32Array(numbers.length * 2);
  all.set(numbers);
  return all;
}
