import type { ByteWriter } from '../byte-writer';
import type { RecordErrorCode } from '../contract';
import { deriveSubKey } from '../keys';
import type { RecordTransform } from '../record-transform';
import { Delimiters } from './delimiters';
import { FieldWriter } from './field-writer';
import { lineOf, LineKind } from './line-kind';
import { isSegmentId, SegmentRole, STRANGE, VALUE, type LoadedHl7, type LoadedSegment } from './loaded-hl7';
import { MessageTypes } from './message-types';
import { Observation, UNITS, VALUE_TYPE } from './observation';
import { Patient, DEAD, DEATH } from './patient';
import { asked, isBetweenSegments, nextSegment, SegmentFields } from './segment-fields';
import { ValueWriter } from './value-writer';
import { startsWith } from '../values/code-grammar';
import { Pseudonyms } from '../values/pseudonyms';
import { put } from '../values/put';
import { referenceYear } from '../values/reference-year';
import { ValueRules } from '../values/value-rules';

const CARRIAGE_RETURN = 0x0d;
/** Length of a segment's id. */
const ID = 3;
/** The field of a header behind its first delimiter, which is a field, too. */
const DELIMITERS = 2;
const UNKNOWN = asked(0);
const MESSAGE_TYPE = 9;
/** Behind every field. */
const NONE = 0x7fffffff;

const GREATER = 0x3e;
/** "More than 89 years", as a structured numeric. */
const AGGREGATED_TYPE = 'SN';
const AGGREGATED_AGE = '89';
const AGGREGATED_UNIT = 'a';

const HEADER = 'MSH';

/** Rewrites HL7 v2 messages, bytes to bytes: segments stay, and of their fields what the tables admit. */
export class Hl7Transform implements RecordTransform {
  public lastType: string | undefined;
  public lastPath: string | undefined;
  public readonly recordEnd = CARRIAGE_RETURN;

  private readonly delimiters = new Delimiters();
  private readonly fields = new SegmentFields(this.delimiters);
  private readonly values: ValueWriter;
  private readonly rules: ValueRules;
  private readonly fieldWriter: FieldWriter;
  private readonly observation: Observation;
  private readonly patient: Patient;
  private readonly types: MessageTypes;
  /** Of the segment at hand, the field that the output has come to, and the last that stays in it. */
  private written = 0;
  private shown = 0;
  /** Where that ends: separators behind it stay only if something follows. */
  private kept = 0;
  private bytes!: Uint8Array;
  private out!: ByteWriter;

  constructor(
    private readonly tables: LoadedHl7,
    key: Uint8Array,
    referenceDate: string,
  ) {
    const { rules, ages, zip3 } = tables.hl7;
    const yearFloor = referenceYear(referenceDate) - ages.limit + 1;
    const pseudonyms = new Pseudonyms(deriveSubKey(key, 'pseudonym'));
    this.rules = new ValueRules(rules, key, referenceDate, { zip3, ageLimit: ages.limit });
    this.values = new ValueWriter(tables, this.delimiters, pseudonyms, this.rules, yearFloor);
    this.fieldWriter = new FieldWriter(tables, this.delimiters, this.values);
    this.observation = new Observation(tables, this.values, this.fieldWriter);
    this.patient = new Patient(tables, this.values, this.fieldWriter, this.rules, yearFloor);
    this.types = new MessageTypes(tables, this.values, this.fieldWriter);
  }

  public get redacted(): number {
    return this.values.redacted + this.rules.redacted;
  }

  public get hashed(): number {
    return this.values.hashed + this.rules.hashed;
  }

  public get generalized(): number {
    return this.values.generalized + this.rules.generalized;
  }

  public get shifted(): number {
    return this.rules.shifted;
  }

  public transform(bytes: Uint8Array, start: number, end: number, out: ByteWriter): RecordErrorCode | undefined {
    const { values, rules } = this;
    const { length } = out;
    const { redacted, hashed, generalized } = values;
    const ofRules = [rules.redacted, rules.hashed, rules.generalized, rules.shifted] as const;
    this.lastType = this.lastPath = undefined;
    this.bytes = bytes;
    values.read(bytes);
    this.out = values.out = out;
    const code = this.tryMessage(start, end);
    if (code === undefined) return undefined;
    out.truncate(length);
    values.redacted = redacted;
    values.hashed = hashed;
    values.generalized = generalized;
    [rules.redacted, rules.hashed, rules.generalized, rules.shifted] = ofRules;
    return code;
  }

  private tryMessage(start: number, end: number): RecordErrorCode | undefined {
    if (end - start > this.tables.policy.limits.maxRecordBytes) return 'REC_TOO_LARGE';
    try {
      return this.message(start, end);
    } catch {
      // Whatever went wrong, the message is not written; its text is in no error.
      return 'DEID_FAILED';
    }
  }

  private message(start: number, end: number): RecordErrorCode | undefined {
    const { bytes, fields, delimiters } = this;
    if (!startsWith(bytes, start, end, HEADER)) {
      return startsWith(bytes, start, end, HEADER.toLowerCase()) ? 'HL7_BAD_SEGMENT' : 'HL7_NO_MSH';
    }
    if (!delimiters.areSame(bytes, start, end)) {
      this.fieldWriter.forget();
      if (!delimiters.read(bytes, start, end)) {
        this.lastPath = 'MSH-2';
        return 'HL7_BAD_SEGMENT';
      }
    }
    fields.index(bytes, start, end);
    if (this.tables.hl7.rules.length > 0) this.patient.find(fields, start, end);
    for (let at = start; at < end; at = nextSegment(bytes, fields.end, end)) {
      if (!this.segment(at, end, at === start)) return 'HL7_BAD_SEGMENT';
    }
    return undefined;
  }

  /** Writes what is kept of the segment that begins at `at`; false where none does. */
  private segment(at: number, end: number, first: boolean): boolean {
    const { bytes, fields, delimiters, out } = this;
    const after = at + ID;
    if (after > end || !isSegmentId(bytes, at)) return false;
    if (after < end && bytes[after] !== delimiters.field && !isBetweenSegments(bytes[after])) return false;
    if (!first && lineOf(bytes, at) !== LineKind.OTHER) return false;
    const number = this.tables.segmentAt(bytes, at);
    if (number !== STRANGE) {
      if (!first) out.byte(CARRIAGE_RETURN);
      put(out, bytes, at, after);
    }
    if (number < 0) {
      fields.split(after, false, UNKNOWN);
      this.values.redacted += fields.dropped;
      return true;
    }
    const segment = this.tables.segments[number];
    fields.split(after, first, segment);
    switch (segment.role) {
      case SegmentRole.MESSAGE:
        if (first) this.writeHeader();
        break;
      case SegmentRole.PATIENT:
        this.patient.judge(fields);
        break;
      case SegmentRole.OBSERVATION:
        this.observation.judge(fields);
    }
    this.write(segment, first ? DELIMITERS : 0);
    this.values.redacted += fields.dropped;
    return true;
  }

  /** The delimiters stay: they say how the message is read. */
  private writeHeader(): void {
    const { bytes, fields, out, types } = this;
    out.byte(this.delimiters.field);
    put(out, bytes, fields.from(DELIMITERS), fields.to(DELIMITERS));
    this.lastType = types.typeOf(fields.from(MESSAGE_TYPE), fields.to(MESSAGE_TYPE));
  }

  /** @param before number of the last field that is written */
  private write({ role, forms, rest }: LoadedSegment, before: number): void {
    const { fields } = this;
    const { marks, base, kept, keptCount } = fields;
    // What is replaced is looked at in its turn, whether the message has it or not.
    let replaced = this.nextReplaced(role, before);
    this.written = this.shown = before;
    this.kept = this.out.length;
    for (let i = 0; i < keptCount; i++) {
      const field = kept[i];
      const form = field < forms.length ? forms[field] : rest;
      for (; replaced < field; replaced = this.nextReplaced(role, replaced)) this.replace(role, forms, replaced);
      if (replaced > field || !this.replace(role, forms, field)) {
        this.field(form, field, marks[base + field - 1] + 1, marks[base + field]);
      }
      if (replaced === field) replaced = this.nextReplaced(role, field);
    }
    for (; replaced < NONE; replaced = this.nextReplaced(role, replaced)) this.replace(role, forms, replaced);
    this.out.truncate(this.kept);
  }

  private field(form: number, field: number, from: number, to: number): void {
    const { out, tables } = this;
    this.separators(field);
    const start = out.length;
    const decision = tables.forms[form];
    if (decision.isValue) this.writeValue(from, to);
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
    if (observation.fate === 'write') this.fieldWriter.write(tables.forms[observation.form], from, to);
    else this.values.redacted++;
  }

  /** The next field behind `field` that may be written in another way than the message has it. */
  private nextReplaced(role: SegmentRole, field: number): number {
    if (role === SegmentRole.PATIENT) return this.patient.died && field < DEAD ? DEAD : NONE;
    if (role !== SegmentRole.OBSERVATION || this.observation.fate !== 'aggregate') return NONE;
    if (field < VALUE_TYPE) return VALUE_TYPE;
    if (field < VALUE) return VALUE;
    return field < UNITS ? UNITS : NONE;
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
    } else if (field === VALUE) {
      out.byte(GREATER);
      out.byte(this.delimiters.component);
      out.ascii(AGGREGATED_AGE);
      this.values.generalized++;
    } else {
      out.ascii(field === UNITS ? AGGREGATED_UNIT : AGGREGATED_TYPE);
    }
    this.shows(field);
    return true;
  }
}
