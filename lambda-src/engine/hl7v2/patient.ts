import type { FieldWriter } from './field-writer';
import { DEATH, type LoadedHl7 } from './loaded-hl7';
import { asked, nextSegment, type SegmentFields } from './segment-fields';
import { yearOfTimestamp } from './value-grammar';
import type { ValueWriter } from './value-writer';
import type { ValueRules } from '../values/value-rules';

const IDS = 3;
const ITS_IDS = asked(IDS);
const NOTHING = asked(0);
/** Whether the patient is dead, beside the date of death. */
export const DEAD = 30;

/** Whose message it is, and what follows from a death: PID says it, and may come several times. */
export class Patient {
  /** Whether the patient judged last has a date of death. */
  public died = false;

  constructor(
    private readonly tables: LoadedHl7,
    private readonly values: ValueWriter,
    private readonly fieldWriter: FieldWriter,
    private readonly rules: ValueRules,
    private readonly yearFloor: number,
  ) {}

  /** Finds the patient before anything is written: rules ask for them in segments that come earlier. */
  public find(fields: SegmentFields, start: number, end: number): void {
    const { bytes } = this.values;
    this.rules.setPatient(bytes, start, start);
    for (let at = start; at < end; at = nextSegment(bytes, fields.end, end)) {
      const isPatient = bytes[at] === 0x50 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x44;
      if (isPatient && at + 3 <= end) {
        fields.split(bytes, at + 3, end, false, ITS_IDS);
        this.name(fields);
        break;
      }
      fields.split(bytes, at, end, false, NOTHING);
    }
  }

  /** A patient begins who has no date of death, and whom no rule asks for. */
  public lives(): void {
    this.values.birthFloor = this.yearFloor;
  }

  public judge(fields: SegmentFields): void {
    const { values, rules, tables } = this;
    const hasRules = tables.hl7.rules.length > 0;
    if (hasRules) this.name(fields);
    values.birthFloor = this.yearFloor;
    const from = fields.from(DEATH);
    const to = fields.to(DEATH);
    const isOne = this.fieldWriter.splitComponents(from, to) === to;
    const opened = this.fieldWriter.openPart(1);
    this.died = !values.isNull(from, to) && (opened || !isOne);
    // Two dates of death leave open which one counts.
    if (!this.died || !isOne) return;
    const death = yearOfTimestamp(values.text, values.textFrom, values.textTo);
    // A year of birth is shown as long as no age over the limit follows from it and a year of death that is shown.
    if (death >= this.yearFloor) values.birthFloor = death - tables.hl7.ages.limit + 1;
    if (hasRules) rules.birthFloor = values.birthFloor;
  }

  /** Tells the rules the first of the ids by which the patient is known here. */
  private name(fields: SegmentFields): void {
    const { values, rules } = this;
    const { bytes } = values;
    rules.setPatient(bytes, 0, 0);
    const end = fields.to(IDS);
    for (let at = fields.from(IDS); at < end; at++) {
      let to = at;
      while (to < end && bytes[to] !== fields.repetition) to++;
      if (this.fieldWriter.opensPatientId(at, to)) {
        rules.setPatient(values.text, values.textFrom, values.textTo);
        return;
      }
      at = to;
    }
  }
}
