import type { JsonTape } from './json-tape';
import { type ByteWriter, copySpan } from '../byte-writer';
import type { Counts } from '../counts';
import { putSpan } from '../values/put';

/** Longest output of a value that is remembered. */
const MAX_OUTPUT = 384;
const ENTRIES = 4096;

/** Columns of an entry; the first ones are the kernel's. */
const enum Column {
  FIELD,
  LENGTH,
  HEIGHT = 3,
  WRITTEN,
  REDACTED,
  HASHED,
  GENERALIZED,
  AGED,
  COUNT,
}

/** Of the kernel's row of a field. */
const CREDIT = 4;
const ROW = 5;
/** A field whose values do not come again is given up: one that is found pays for some that are not. */
const FIRST_CREDIT = 256;

/**
 * Objects and arrays that were read lately, with what was written for them: the codings, references and units of a file
 * are few, and each comes thousands of times. What is written for such a value follows from its field and its bytes
 * alone, so the same bytes need neither be checked nor be walked again. The values themselves are the kernel's.
 */
export class ValueMemory {
  private readonly outputs = new DataView(new ArrayBuffer(ENTRIES * MAX_OUTPUT));
  /** Where the entries and the fields begin, as indexes of numbers. */
  private readonly toEntries: number;
  private readonly toFields: number;
  private record = 0;

  /** @param isPure by field, whether field and bytes decide alone */
  constructor(
    private readonly tape: JsonTape,
    fields: number,
    isPure: (field: number) => boolean,
  ) {
    const { kernel, ints } = tape;
    this.toEntries = kernel.entries.value / 4;
    this.toFields = kernel.rows.value / 4;
    ints.fill(-1, this.toEntries, this.toEntries + ENTRIES * Column.COUNT);
    for (let field = 0; field < fields; field++) {
      ints[this.toFields + field * ROW + CREDIT] = isPure(field) ? FIRST_CREDIT : 0;
    }
  }

  /** Another record begins: entries that were found for the last one may be overwritten. Returns its number. */
  public beginRecord(): number {
    this.record = (this.record + 1) | 0;
    return this.record;
  }

  /** What is left of the credit of a field; none from the start where more than field and bytes decides. */
  public creditOf(field: number): number {
    return this.tape.ints[this.toFields + field * ROW + CREDIT];
  }

  /** The entry of the value of `field` that begins at `from` in the tape's memory; -1 where there is none. */
  public find(field: number, from: number): number {
    return this.tape.kernel.findValue(field, from, this.record);
  }

  public fieldOf(entry: number): number {
    return this.column(entry, Column.FIELD);
  }

  /** Of the value, or of what comes after the number with which it begins. */
  public lengthOf(entry: number): number {
    return this.column(entry, Column.LENGTH);
  }

  /** How deep the value is nested, at most. */
  public heightOf(entry: number): number {
    return this.column(entry, Column.HEIGHT);
  }

  /** Whether the value has a code that stands for age. */
  public isAged(entry: number): boolean {
    return this.column(entry, Column.AGED) === 1;
  }

  /** Writes what was written for what is remembered of the value, and counts what was counted. */
  public write(entry: number, out: ByteWriter, counts: Pick<Counts, 'redacted' | 'hashed' | 'generalized'>): void {
    const { ints } = this.tape;
    const row = this.toEntries + entry * Column.COUNT;
    const from = entry * MAX_OUTPUT;
    putSpan(out, this.outputs, from, from + ints[row + Column.WRITTEN]);
    counts.redacted += ints[row + Column.REDACTED];
    counts.hashed += ints[row + Column.HASHED];
    counts.generalized += ints[row + Column.GENERALIZED];
  }

  /**
   * Remembers the value of `field` in the tape's memory, for which all of `out` from `written` on was written: as it
   * stands, what is not remembered of it.
   */
  public add(field: number, from: number, to: number, out: ByteWriter, written: number): number {
    if (out.length - written > MAX_OUTPUT) return -1;
    const entry = this.tape.kernel.addValue(field, from, to, this.record);
    if (entry < 0) return -1;
    const rest = written + to - from - this.lengthOf(entry);
    this.tape.ints[this.toEntries + entry * Column.COUNT + Column.WRITTEN] = out.length - rest;
    copySpan(this.outputs, entry * MAX_OUTPUT, out.view, rest, out.length);
    return entry;
  }

  /**
   * What else is to be known of an entry that was added. It is found from now on: what ends in between, as the stack may
   * in a record of great depth, leaves nothing that is known by half.
   */
  public describe(
    entry: number,
    field: number,
    height: number,
    isAged: boolean,
    redacted: number,
    hashed: number,
    generalized: number,
  ): void {
    const { ints } = this.tape;
    const row = this.toEntries + entry * Column.COUNT;
    ints[row + Column.HEIGHT] = height;
    ints[row + Column.AGED] = Number(isAged);
    ints[row + Column.REDACTED] = redacted;
    ints[row + Column.HASHED] = hashed;
    ints[row + Column.GENERALIZED] = generalized;
    ints[row + Column.FIELD] = field;
  }

  private column(entry: number, column: number): number {
    return this.tape.ints[this.toEntries + entry * Column.COUNT + column];
  }
}
