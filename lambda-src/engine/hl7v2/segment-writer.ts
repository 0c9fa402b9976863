import { GREATER } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import type { Delimiters } from './delimiters';
import type { FieldMemory } from './field-memory';
import type { FieldWriter } from './field-writer';
import { DEATH, Obx, SegmentRole, type LoadedHl7, type LoadedSegment } from './loaded-hl7';
import { ValueFate, type Observation } from './observation';
import { DEAD, type Patient } from './patient';
import type { SegmentFields } from './segment-fields';
import type { ValueWriter } from './value-writer';

/** Behind every field. */
const NONE = 0x7fffffff;

/** "More than 89 years", as a structured numeric. */
const AGGREGATED_TYPE = 'SN';
const AGGREGATED_AGE = '89';
const AGGREGATED_UNIT = 'a';

/** Writes what is kept of a segment, field by field, where they have to be looked at together. */
export class SegmentWriter {
  /** Of the segment at hand, the field that the output has come to, and the last that stays in it. */
  private written = 0;
  private shown = 0;
  /** Where that ends: separators behind it stay only if something follows. */
  private kept = 0;
  private out!: ByteWriter;

  constructor(
    private readonly tables: LoadedHl7,
    private readonly delimiters: Delimiters,
    private readonly fields: SegmentFields,
    private readonly values: ValueWriter,
    private readonly fieldWriter: FieldWriter,
    private readonly memory: FieldMemory,
    private readonly observation: Observation,
    private readonly patient: Patient,
  ) {}

  /**
   * Writes the segment whose fields were split last.
   *
   * @param before number of the last field that is written
   */
  public write({ role, forms, rest }: LoadedSegment, before: number): void {
    const { fields } = this;
    const { marks, base, kept, keptCount } = fields;
    this.out = this.values.out;
    // What is replaced is looked at in its turn, whether the message has it or not.
    let replaced = this.nextReplaced(role, before);
    this.written = this.shown = before;
    this.kept = this.out.length;
    for (let i = 0; i < keptCount; i++) {
      const field = kept[i];
      const form = field < forms.length ? forms[field] : rest;
      for (; replaced < field; replaced = this.nextReplaced(role, replaced)) this.replace(role, forms, replaced);
      if (replaced > field || !this.replace(role, forms, field)) {
        this.field(role, form, field, marks[base + field - 1] + 1, marks[base + field]);
      }
      if (replaced === field) replaced = this.nextReplaced(role, field);
    }
    for (; replaced < NONE; replaced = this.nextReplaced(role, replaced)) this.replace(role, forms, replaced);
    this.out.truncate(this.kept);
  }

  private field(role: SegmentRole, form: number, field: number, from: number, to: number): void {
    const { out, tables } = this;
    this.separators(field);
    const start = out.length;
    const decision = tables.forms[form];
    if (decision.isValue) this.writeValue(from, to);
    // What is known of these, the next observation is written by.
    else if (role === SegmentRole.OBSERVATION) this.memory.writeNoted(decision, from, to);
    else this.fieldWriter.write(decision, from, to);
    if (out.length > start) this.shows(field);
  }

  private separators(field: number): void {
    const { out } = this;
    let at = out.length;
    const end = at + field - this.written;
    if (end > out.bytes.length) out.ensure(end - at);
    while (at < end) out.bytes[at++] = this.delimiters.field;
    out.advance(field - this.written);
    this.written = field;
  }

  private shows(field: number): void {
    this.shown = field;
    this.kept = this.out.length;
  }

  private writeValue(from: number, to: number): void {
    const { observation, tables } = this;
    if (observation.fate === ValueFate.WRITTEN) this.fieldWriter.write(tables.forms[observation.form], from, to);
    else this.values.redacted++;
  }

  /** The next field behind `field` that may be written in another way than the message has it. */
  private nextReplaced(role: SegmentRole, field: number): number {
    if (role === SegmentRole.PATIENT) return this.patient.died && field < DEAD ? DEAD : NONE;
    if (role !== SegmentRole.OBSERVATION || this.observation.fate !== ValueFate.AGGREGATED) return NONE;
    if (field < Obx.VALUE_TYPE) return Obx.VALUE_TYPE;
    if (field < Obx.VALUE) return Obx.VALUE;
    return field < Obx.UNITS ? Obx.UNITS : NONE;
  }

  /** Writes what stands in place of a field; false where the field is to be written as it is. */
  private replace(role: SegmentRole, forms: Int16Array, field: number): boolean {
    const { out } = this;
    // A rule may have dropped the field.
    if (field >= forms.length || forms[field] < 0) return false;
    // A dropped date of death must still say that the patient is dead.
    if (role === SegmentRole.PATIENT && this.shown === DEATH) return false;
    this.separators(field);
    if (role === SegmentRole.PATIENT) {
      out.ascii('Y');
    } else if (field === Obx.VALUE) {
      out.byte(GREATER);
      out.byte(this.delimiters.component);
      out.ascii(AGGREGATED_AGE);
      this.values.generalized++;
    } else {
      out.ascii(field === Obx.UNITS ? AGGREGATED_UNIT : AGGREGATED_TYPE);
    }
    this.shows(field);
    return true;
  }
}
