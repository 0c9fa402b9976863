import { showsCode, SystemClass, type SystemClasses } from './guards';
import type { LoadedTables } from './loaded-tables';
import { ObjectFate } from './object-fate';
import type { RecordView } from './record';
import { BAD_PRIMITIVE } from './record-fault';
import { END } from './token';
import { sameBytes } from '../values/byte-dictionary';
import { encoded } from '../values/encoded';

/** Tokens of the values of a quantity's fields; -1 for what it has not. */
export interface QuantityTokens {
  readonly value: number;
  readonly comparator: number;
  readonly unit: number;
  readonly system: number;
  readonly code: number;
}

/** Units are written in any case. */
const LONGEST_UNIT = 16;

/** Decides over one quantity; a field of what it found says which texts may be shown. */
export class QuantityGuard {
  public showsUnit = false;
  public showsSystem = false;
  public showsCode = false;
  /** Whether the number had a part in it. */
  public isWeighed = false;

  constructor(
    private readonly tables: LoadedTables,
    private readonly systems: SystemClasses,
    private readonly record: RecordView,
  ) {}

  /** @param age whether a number without a unit of time is an age in years */
  public judge(tokens: QuantityTokens, age: boolean): ObjectFate {
    this.judgeCode(tokens);
    this.judgeUnit(tokens);
    this.isWeighed = false;
    if (tokens.value < 0) return ObjectFate.WALKED;
    const { limit: years, byRule } = this.tables.policy.fhir.ages;
    const limit = age || !byRule ? this.limit(tokens) || (age ? years : 0) : 0;
    this.isWeighed = limit > 0;
    if (limit === 0) return ObjectFate.WALKED;
    // A list of numbers, say, would be written with what no comparison has seen.
    const amount = this.record.number(tokens.value);
    if (Number.isNaN(amount)) throw BAD_PRIMITIVE;
    if (amount < limit) return ObjectFate.WALKED;
    return this.isUpperBound(tokens.comparator) ? ObjectFate.DROPPED : ObjectFate.AGGREGATED;
  }

  private judgeCode({ system, code }: QuantityTokens): void {
    const { record } = this;
    const systemClass = system < 0 ? SystemClass.REFUSED : this.systemClass(system);
    this.showsSystem = systemClass !== SystemClass.REFUSED;
    this.showsCode = false;
    if (code < 0) return;
    requireString(record, code);
    // A common unit says what it says without its system: the list of them is closed.
    if (system < 0) {
      this.showsCode = this.unitNumber(code) >= 0;
    } else {
      record.text(code);
      this.showsCode = showsCode(systemClass, this.tables.units, record.textBytes, record.textFrom, record.textTo);
    }
  }

  private systemClass(system: number): SystemClass {
    const { record } = this;
    requireString(record, system);
    record.text(system);
    return this.systems.classOf(record.textBytes, record.textFrom, record.textTo);
  }

  /** A unit is text: it is shown where it says what the code says, or is a unit that we know. */
  private judgeUnit({ unit, code }: QuantityTokens): void {
    const { record } = this;
    this.showsUnit = false;
    if (unit < 0) return;
    requireString(record, unit);
    this.showsUnit = (this.showsCode && sameToken(record, unit, code)) || this.unitNumber(unit) >= 0;
  }

  private unitNumber(token: number): number {
    return this.record.find(token, this.tables.units);
  }

  /** From how many on the quantity is an age over the limit, by its code or by its unit; 0 where neither is of time. */
  private limit({ unit, code }: QuantityTokens): number {
    const byCode = code < 0 ? 0 : this.limitOf(code);
    const byUnit =
      unit < 0 || (byCode === 0 && code >= 0 && sameToken(this.record, unit, code)) ? 0 : this.limitOf(unit);
    return byCode === 0 || byUnit === 0 ? byCode || byUnit : Math.min(byCode, byUnit);
  }

  private limitOf(token: number): number {
    if (!this.record.isString(token)) return 0;
    let number = this.unitNumber(token);
    if (number < 0 && this.record.textTo - this.record.textFrom <= LONGEST_UNIT) {
      const unit = encoded(withoutAnnotation(this.record.textString().trim().toLowerCase()));
      number = this.tables.units.find(unit, 0, unit.length);
    }
    return number < 0 ? 0 : this.tables.unitLimits[number];
  }

  /** "Less than 95 years" is no statement about an age over 89. */
  private isUpperBound(comparator: number): boolean {
    if (comparator < 0) return false;
    requireString(this.record, comparator);
    this.record.text(comparator);
    return this.record.textIs('<') || this.record.textIs('<=');
  }
}

/** UCUM: what stands in braces changes nothing of a unit. Where it is all that there is, it is a word for one. */
function withoutAnnotation(unit: string): string {
  const [, before, within] = /^([^{]*)\{([^}]*)\}$/.exec(unit) ?? [];
  return before || within || unit;
}

function sameToken(record: RecordView, a: number, b: number): boolean {
  const { bytes, tokens } = record;
  const length = tokens[a + END] - tokens[a];
  return length === tokens[b + END] - tokens[b] && sameBytes(bytes, tokens[a], bytes, tokens[b], length);
}

function requireString(record: RecordView, token: number): void {
  if (!record.isString(token)) throw BAD_PRIMITIVE;
}
