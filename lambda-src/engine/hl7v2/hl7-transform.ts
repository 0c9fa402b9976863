import { CARRIAGE_RETURN } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import type { DeidCounts, RecordErrorCode } from '../contract';
import { sumOf } from '../counts';
import { deriveSubKey } from '../keys';
import type { RecordTransform } from '../record-transform';
import { Delimiters } from './delimiters';
import { FieldMemory } from './field-memory';
import { FieldWriter } from './field-writer';
import { lineOf, LineKind } from './line-kind';
import { isSegmentId, SegmentRole, STRANGE, type LoadedHl7 } from './loaded-hl7';
import { MessageTypes } from './message-types';
import { Observation } from './observation';
import { Patient } from './patient';
import { PlainSegments } from './plain-segments';
import { asked, isBetweenSegments, nextSegment, SegmentFields } from './segment-fields';
import { segmentTables } from './segment-tables';
import { SegmentWriter } from './segment-writer';
import { ValueWriter } from './value-writer';
import { SegmentKernel } from '../kernel/segment-kernel';
import { startsWith } from '../values/code-grammar';
import { Pseudonyms } from '../values/pseudonyms';
import { put } from '../values/put';
import { referenceYear } from '../values/reference-year';
import { ValueRules } from '../values/value-rules';

/** Length of a segment's id. */
const ID = 3;
/** The field of a header behind its first delimiter, which is a field, too. */
const DELIMITERS = 2;
const UNKNOWN = asked(0);
const MESSAGE_TYPE = 9;
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
  private readonly observation: Observation;
  private readonly patient: Patient;
  private readonly types: MessageTypes;
  private readonly kernel: SegmentKernel;
  private readonly plain: PlainSegments;
  private readonly writer: SegmentWriter;
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
    const { values, delimiters, fields } = this;
    const fieldWriter = new FieldWriter(tables, delimiters, values);
    this.observation = new Observation(tables, values, fieldWriter);
    this.patient = new Patient(tables, values, fieldWriter, this.rules, yearFloor);
    this.types = new MessageTypes(tables, values, fieldWriter);
    this.kernel = new SegmentKernel(segmentTables(tables), yearFloor);
    const { kernel, observation, patient } = this;
    const memory = new FieldMemory(kernel, delimiters, values, fieldWriter, observation);
    this.plain = new PlainSegments(tables, kernel, values, memory, patient);
    this.writer = new SegmentWriter(tables, delimiters, fields, values, fieldWriter, memory, observation, patient);
  }

  public counts(): DeidCounts {
    return sumOf(this.values, this.rules);
  }

  public transform(bytes: Uint8Array, start: number, end: number, out: ByteWriter): RecordErrorCode | undefined {
    const { values, rules } = this;
    const { length } = out;
    values.mark();
    rules.mark();
    this.lastType = this.lastPath = undefined;
    this.bytes = bytes;
    this.out = values.out = out;
    values.bytes = bytes;
    const code = this.tryMessage(start, end);
    if (code === undefined) return undefined;
    out.truncate(length);
    values.takeBack();
    rules.takeBack();
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
      if (!delimiters.read(bytes, start, end)) {
        this.lastPath = 'MSH-2';
        return 'HL7_BAD_SEGMENT';
      }
      const { field, component, repetition, escape, subcomponent } = delimiters;
      this.kernel.setDelimiters(field, component, repetition, escape, subcomponent);
    }
    if (this.tables.hl7.rules.length > 0) this.patient.find(fields, start, end);
    for (let at = start; at < end;) {
      const reached = this.writePlain(at, end, at === start);
      at = reached < 0 ? ~reached : reached;
      if (reached >= 0) continue;
      if (!this.segment(at, end, at === start)) return 'HL7_BAD_SEGMENT';
      at = nextSegment(bytes, fields.end, end);
    }
    return undefined;
  }

  /** Writes segments up to one that must be looked at as a whole: then the place of that is returned, inverted. */
  private writePlain(at: number, end: number, header: boolean): number {
    const { kernel, plain, types } = this;
    const reached = plain.write(this.bytes, at, end, header);
    if (header && reached !== ~at) this.lastType = types.typeOf(kernel.typeFrom, kernel.typeTo);
    return reached;
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
      fields.split(bytes, after, end, false, UNKNOWN);
      this.values.redacted += fields.dropped;
      return true;
    }
    const segment = this.tables.segments[number];
    fields.split(bytes, after, end, first, segment);
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
    this.writer.write(segment, first ? DELIMITERS : 0);
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
}
