import { type ByteWriter, copySpan } from '../byte-writer';
import { putSpan } from '../values/put';

/** Longest value, and longest output of one, that is remembered. */
export const MAX_REMEMBERED = 384;
const ENTRIES = 4096;
/** Entries that a value is compared with at most. */
const PROBES = 4;

/** Columns of an entry. */
const FIELD = 0;
const LENGTH = 1;
const WRITTEN = 2;
const HEIGHT = 3;
const REDACTED = 4;
const HASHED = 5;
const GENERALIZED = 6;
const AGED = 7;
/** The record in which the entry was found last. */
const RECORD = 8;
const COLUMNS = 9;

/** A field whose values do not come again is given up: one that is found pays for some that are not. */
const CREDIT = 256;
const FOUND = 4;

/** What was done to values: totals that go on. */
export interface ValueCounts {
  redacted: number;
  hashed: number;
  generalized: number;
}

/**
 * Objects and arrays that were read lately, with what was written for them: the codings, references and units of a file
 * are few, and each comes thousands of times. What is written for such a value follows from its field and its bytes
 * alone, so the same bytes need neither be checked nor be walked again.
 *
 * A value is found before it is known where it ends: it is compared with the one that holds the place of its field, and
 * where the two begin to differ leads to the next place. A value ends with its own last bracket, so one that is equal to
 * the last byte is the same, whatever led there: entries may be overwritten at any time, but for those that the record at
 * hand has been told of.
 */
export class ValueMemory {
  /** By field: what is left of its credit; none from the start where more than field and bytes decides. */
  public readonly credits: Int32Array;
  private readonly sources = new DataView(new ArrayBuffer(ENTRIES * MAX_REMEMBERED));
  private readonly outputs = new DataView(new ArrayBuffer(ENTRIES * MAX_REMEMBERED));
  private readonly entries = new Int32Array(ENTRIES * COLUMNS).fill(-1);
  private record = 0;
  /** Where a value that was not found would have its place. */
  private vacancy = 0;

  /** @param isPure by field, whether field and bytes decide alone */
  constructor(fields: number, isPure: (field: number) => boolean) {
    this.credits = new Int32Array(fields);
    for (let field = 0; field < fields; field++) if (isPure(field)) this.credits[field] = CREDIT;
  }

  /** Another record begins: entries that were found for the last one may be overwritten. */
  public beginRecord(): void {
    this.record = (this.record + 1) | 0;
  }

  /** The entry of the value of `field` that begins at `from` and may reach to `end`; -1 where there is none. */
  public find(field: number, view: DataView, from: number, end: number): number {
    const { entries, sources } = this;
    let entry = placeOf(field, view, from, from);
    for (let probe = 0; probe < PROBES; probe++) {
      this.vacancy = entry;
      const row = entry * COLUMNS;
      if (entries[row + FIELD] !== field) return -1;
      const source = entry * MAX_REMEMBERED;
      const length = entries[row + LENGTH];
      const stop = source + Math.min(length, end - from);
      const shift = from - source;
      let at = source;
      // As doubles, since that is a number of eight bytes that needs no object: no text in memory is a NaN or a zero.
      while (at + 8 <= stop && sources.getFloat64(at, true) === view.getFloat64(at + shift, true)) at += 8;
      while (at < stop && sources.getUint8(at) === view.getUint8(at + shift)) at++;
      if (at === source + length) {
        this.credits[field] += FOUND;
        entries[row + RECORD] = this.record;
        return entry;
      }
      entry = placeOf(field + (entry << 9) + at - source, view, at + shift, end);
    }
    return -1;
  }

  public fieldOf(entry: number): number {
    return this.entries[entry * COLUMNS + FIELD];
  }

  public lengthOf(entry: number): number {
    return this.entries[entry * COLUMNS + LENGTH];
  }

  /** How deep the value is nested, at most. */
  public heightOf(entry: number): number {
    return this.entries[entry * COLUMNS + HEIGHT];
  }

  /** Whether the value has a code that stands for age. */
  public isAged(entry: number): boolean {
    return this.entries[entry * COLUMNS + AGED] === 1;
  }

  /** Writes what was written for the value, and counts what was counted. */
  public write(entry: number, out: ByteWriter, counts: ValueCounts): void {
    const { entries } = this;
    const row = entry * COLUMNS;
    const from = entry * MAX_REMEMBERED;
    putSpan(out, this.outputs, from, from + entries[row + WRITTEN]);
    counts.redacted += entries[row + REDACTED];
    counts.hashed += entries[row + HASHED];
    counts.generalized += entries[row + GENERALIZED];
  }

  /** Remembers the value `view[from, to)` of `field`, for which all of `out` from `written` on was written. */
  public add(field: number, view: DataView, from: number, to: number, out: ByteWriter, written: number): number {
    if (to - from > MAX_REMEMBERED || out.length - written > MAX_REMEMBERED) return -1;
    if (this.find(field, view, from, to) >= 0) return -1;
    this.credits[field]--;
    const { entries, vacancy: entry } = this;
    const row = entry * COLUMNS;
    if (entries[row + RECORD] === this.record) return -1;
    entries[row + FIELD] = field;
    entries[row + LENGTH] = to - from;
    entries[row + WRITTEN] = out.length - written;
    copySpan(this.sources, entry * MAX_REMEMBERED, view, from, to);
    copySpan(this.outputs, entry * MAX_REMEMBERED, out.view, written, out.length);
    return entry;
  }

  /** What else is to be known of an entry that was added. */
  public describe(
    entry: number,
    height: number,
    isAged: boolean,
    redacted: number,
    hashed: number,
    generalized: number,
  ): void {
    const { entries } = this;
    const row = entry * COLUMNS;
    entries[row + HEIGHT] = height;
    entries[row + AGED] = Number(isAged);
    entries[row + REDACTED] = redacted;
    entries[row + HASHED] = hashed;
    entries[row + GENERALIZED] = generalized;
  }
}

/** Bytes by which values are told apart where they begin to differ. */
const WINDOW = 8;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** The place to which `way` and some bytes from `from` on lead: none of them from beyond the value, wherever it ends. */
function placeOf(way: number, view: DataView, from: number, end: number): number {
  let hash = way;
  const stop = Math.min(from + WINDOW, end);
  for (let at = from; at < stop; at++) {
    const c = view.getUint8(at);
    if (c === QUOTE || c === COMMA || c === CLOSE_OBJECT || c === CLOSE_ARRAY) break;
    hash = Math.imul(hash ^ c, 0x01000193);
  }
  hash = Math.imul(hash, 0x9e3779b1);
  return (hash ^ (hash >>> 16)) & (ENTRIES - 1);
}
