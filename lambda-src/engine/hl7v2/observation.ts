import type { FieldWriter } from './field-writer';
import { Obx, type LoadedForm, type LoadedHl7 } from './loaded-hl7';
import type { SegmentFields } from './segment-fields';
import { isNumber, wholePart } from './value-grammar';
import type { ValueWriter } from './value-writer';
import type { Hl7Ages } from '../../../src/deidentification/private/hl7v2/tables';

/** Codes or units with their alternates, and the texts beside them: some senders have no more. */
const CODED_PARTS = [1, 2, 4, 5, 10, 11];
/** Numbers of a structured numeric, and the sign before them. */
const NUMBER_PARTS = [2, 4];
const COMPARATOR_PART = 1;
/** A plain number is its own only part. */
const WHOLE = [1];

/** Values that cannot say an age but as a number. */
const NUMERIC = ['NM', 'SN', 'SI'];

/** What becomes of an observation's value. */
export const enum ValueFate {
  WRITTEN,
  DROPPED,
  AGGREGATED,
}

/** Decides over the value of one observation by what stands beside it: its type, its code and its unit. */
export class Observation {
  public fate = ValueFate.DROPPED;
  /** Number of the form that writes the value. */
  public form = -1;
  private readonly ages: Hl7Ages;
  private readonly numeric: readonly boolean[];
  private readonly structured: number;
  private readonly leastLimit: number;

  constructor(
    private readonly tables: LoadedHl7,
    private readonly values: ValueWriter,
    private readonly fields: FieldWriter,
  ) {
    const types = Object.keys(tables.hl7.values);
    this.ages = tables.hl7.ages;
    this.numeric = types.map((type) => NUMERIC.includes(type));
    this.structured = types.indexOf('SN');
    this.leastLimit = Math.min(this.ages.limit, ...tables.unitLimits);
  }

  /**
   * What a field says of the value beside it, whatever the others say: a type the number of its form plus one, or 0 where
   * such a value is dropped; a code or a unit whether the value may be an age.
   */
  public noteOn(form: LoadedForm, from: number, to: number): number {
    const { tables, values } = this;
    if (form.guard === 'coding') return this.ages.aggregated && this.isAge(from, to) ? 1 : 0;
    if (form.guard === 'unit') return this.ages.aggregated && this.limitOfUnit(from, to) > 0 ? 1 : 0;
    const type = tables.valueTypes.find(values.bytes, from, to);
    return type < 0 ? 0 : tables.valueForms[type] + 1;
  }

  public judge(segment: SegmentFields): void {
    this.fate = this.fateOf(segment);
  }

  private fateOf(segment: SegmentFields): ValueFate {
    const { values, tables } = this;
    const { bytes } = values;
    const type = tables.valueTypes.find(bytes, segment.from(Obx.VALUE_TYPE), segment.to(Obx.VALUE_TYPE));
    this.form = type < 0 ? -1 : tables.valueForms[type];
    if (this.form < 0) return ValueFate.DROPPED;
    if (!this.ages.aggregated) return ValueFate.WRITTEN;
    if (!this.numeric[type]) {
      return this.isAgeIn(segment) || this.limitIn(segment) > 0 ? ValueFate.DROPPED : ValueFate.WRITTEN;
    }
    const structured = type === this.structured;
    // Most values are below any limit, whatever their code and unit.
    if (this.compare(segment, this.leastLimit, structured) === ValueFate.WRITTEN) return ValueFate.WRITTEN;
    const limit = this.limitIn(segment) || (this.isAgeIn(segment) ? this.ages.limit : 0);
    return limit === 0 ? ValueFate.WRITTEN : this.compare(segment, limit, structured);
  }

  private isAgeIn(segment: SegmentFields): boolean {
    return this.isAge(segment.from(Obx.CODE), segment.to(Obx.CODE));
  }

  private limitIn(segment: SegmentFields): number {
    return this.limitOfUnit(segment.from(Obx.UNITS), segment.to(Obx.UNITS));
  }

  /** Whether one of the codes, or its text, says that the value is an age. */
  private isAge(from: number, to: number): boolean {
    const { fields, values, tables } = this;
    for (let at = from; at < to; at++) {
      at = fields.splitComponents(at, to);
      for (const part of CODED_PARTS) {
        if (!fields.openPart(part)) continue;
        values.trim();
        if (values.textIn(tables.ageCodes)) return true;
      }
    }
    return false;
  }

  /** From how many of the unit on the value is an age over the limit; 0 for what is no unit of time. */
  private limitOfUnit(from: number, to: number): number {
    let least = 0;
    for (let at = from; at < to; at++) {
      at = this.fields.splitComponents(at, to);
      for (const part of CODED_PARTS) {
        if (!this.fields.openPart(part)) continue;
        const limit = this.values.limitOfUnit();
        if (limit > 0 && (least === 0 || limit < least)) least = limit;
      }
    }
    return least;
  }

  private compare(segment: SegmentFields, limit: number, structured: boolean): ValueFate {
    const { bytes } = this.values;
    const from = segment.from(Obx.VALUE);
    const to = segment.to(Obx.VALUE);
    // Most are one number, which has no parts.
    if (structured || !isNumber(bytes, from, to)) return this.compareParts(segment, limit, structured);
    if (wholePart(bytes, from, to) < limit) return ValueFate.WRITTEN;
    return segment.component < 0 ? ValueFate.DROPPED : ValueFate.AGGREGATED;
  }

  private compareParts(segment: SegmentFields, limit: number, structured: boolean): ValueFate {
    const { bytes } = this.values;
    const { repetition } = segment;
    const to = segment.to(Obx.VALUE);
    let fate = ValueFate.WRITTEN;
    for (let at = segment.from(Obx.VALUE); at < to; at++) {
      let end = at;
      while (end < to && bytes[end] !== repetition) end++;
      if (this.exceeds(at, end, limit, structured ? NUMBER_PARTS : WHOLE)) {
        // "Less than 95 years" is no statement about an age over 89.
        if (segment.component < 0 || (structured && this.isUpperBound(at, end))) return ValueFate.DROPPED;
        fate = ValueFate.AGGREGATED;
      }
      at = end;
    }
    return fate;
  }

  private exceeds(from: number, to: number, limit: number, parts: readonly number[]): boolean {
    for (const part of parts) {
      if (!this.fields.openComponent(from, to, part)) continue;
      this.values.trim();
      const { text, textFrom, textTo } = this.values;
      if (isNumber(text, textFrom, textTo) && wholePart(text, textFrom, textTo) >= limit) return true;
    }
    return false;
  }

  private isUpperBound(from: number, to: number): boolean {
    if (!this.fields.openComponent(from, to, COMPARATOR_PART)) return false;
    return this.values.text[this.values.textFrom] === 0x3c;
  }
}
