import type { DateForm, ValueRule } from '../../../src/deidentification/private/value-rule';
import { HYPHEN, ZERO } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import { Counts } from '../counts';
import { deriveSubKey } from '../keys';
import { ageOf } from './age';
import { DateShift } from './date-shift';
import { encoded, textOf } from './encoded';
import { Encryption } from './encrypt';
import { constantText, Generalization } from './generalize';
import { Perturbation } from './perturb';
import { Pseudonyms } from './pseudonyms';
import { put } from './put';
import { WrittenDate } from './written-date';
import { isDigit } from './year';
import { isZip, showsZip3 } from './zip';

/** What value rules look up besides themselves. */
export interface RuleSetting {
  /** A character per ZIP prefix, 000 to 999: `1` where the three digits may be shown. */
  readonly zip3: string;
  /** Years from which an age is no longer shown. */
  readonly ageLimit: number;
}

/** A date more than so many years ahead is nobody's: `9999-12-31` is written where something has no end. */
const YEARS_AHEAD = 50;

/** Interprets the value rules of a policy over the bytes of single values, for one source object, in any format. */
export class ValueRules extends Counts {
  /** The earliest year of birth that may be shown: a caller that knows of a death moves it after `setPatient`. */
  public birthFloor: number;

  private readonly yearFloor: number;
  private readonly lastYear: number;
  private readonly date = new WrittenDate();
  private readonly shift: DateShift;
  /** Those that cost something to make are there where a rule needs them. */
  private readonly pseudonyms: Pseudonyms | undefined;
  private readonly perturbation: Perturbation | undefined;
  private readonly encryption: Encryption | undefined;
  /** By rule: the text that a substitute always writes, or an age over the limit. */
  private readonly constants: readonly (Uint8Array | undefined)[];
  private readonly generalizations: readonly (Generalization | undefined)[];

  /**
   * @param key of the pipeline; sub-keys are derived here
   * @param referenceDate `YYYY-MM-DD`, what ages are reckoned from
   */
  constructor(
    private readonly rules: readonly ValueRule[],
    key: Uint8Array,
    referenceDate: string,
    private readonly setting: RuleSetting,
  ) {
    super();
    this.yearFloor = this.birthFloor = Number(referenceDate.slice(0, 4)) - setting.ageLimit + 1;
    this.lastYear = this.yearFloor + setting.ageLimit - 1 + YEARS_AHEAD;
    this.shift = new DateShift(deriveSubKey(key, 'date-shift'));
    const has = (method: ValueRule['method']): boolean => rules.some((rule) => rule.method === method);
    this.pseudonyms = has('cryptoHash') ? new Pseudonyms(deriveSubKey(key, 'pseudonym')) : undefined;
    this.perturbation = has('perturb') ? new Perturbation(deriveSubKey(key, 'perturb')) : undefined;
    this.encryption = has('encrypt') ? new Encryption(key) : undefined;
    this.constants = rules.map(constantOf);
    this.generalizations = rules.map((rule) => (rule.method === 'generalize' ? new Generalization(rule) : undefined));
  }

  /** Whose record it is: dates of one patient are shifted alike. Called once per record; `from === to` for nobody. */
  public setPatient(bytes: Uint8Array, from: number, to: number): void {
    this.shift.setPatient(bytes, from, to);
    this.birthFloor = this.yearFloor;
  }

  /**
   * Appends what rule number `rule` makes of the text `bytes[from, to)`, which is UTF-8 without the escapes of its
   * format; the caller writes quotes and escapes. Counts what it did. An empty text is no value: nothing is made of it.
   *
   * @returns false where nothing is left of the value: then nothing was appended
   */
  public write(rule: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    if (from === to) return false;
    const left = this.apply(rule, bytes, from, to, out);
    if (!left) this.redacted++;
    return left;
  }

  private apply(number: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const rule = this.rules[number];
    switch (rule.method) {
      case 'cryptoHash':
        this.pseudonyms!.writeText(bytes, from, to, out);
        this.hashed++;
        return true;
      case 'encrypt':
        out.ascii(this.encryption!.encrypt(bytes, from, to));
        this.hashed++;
        return true;
      case 'dateShift':
        return this.dateShift(rule.form, bytes, from, to, out);
      case 'year':
        return this.year(rule.form, rule.birth ? this.birthFloor : this.yearFloor, bytes, from, to, out);
      case 'zip3':
        return this.zip3(rule.padded === true, bytes, from, to, out);
      case 'age':
        return this.age(number, bytes, from, to, out);
      case 'substitute':
        return this.constant(number, out);
      case 'perturb':
        return this.changed(this.perturbation!.apply(rule, textOf(bytes, from, to), this.shift.patientBytes), out);
      case 'generalize':
        return this.generalize(number, bytes, from, to, out);
    }
  }

  /**
   * A date that does not say the day, or whose patient is unknown, becomes its year; so does one that stands for "no
   * end", for everybody knows it: moved, it would say by how many days the patient's other dates are. One as old as an
   * age over the limit is dropped, of birth or not: moved by weeks it would say the age all the same.
   */
  private dateShift(form: DateForm, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const { date, shift } = this;
    if (!date.read(bytes, from, to, form) || date.year < this.yearFloor) return false;
    if (date.day === 0 || date.year > this.lastYear || shift.offset === 0) return this.writeYear(to - from, out);
    if (!shift.write(date, bytes, to, this.yearFloor, out)) return false;
    this.shifted++;
    return true;
  }

  private year(form: DateForm, floor: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const { date } = this;
    return date.read(bytes, from, to, form) && date.year >= floor && this.writeYear(to - from, out);
  }

  private writeYear(length: number, out: ByteWriter): true {
    out.ascii(String(this.date.year).padStart(4, '0'));
    if (length > 4) this.generalized++;
    return true;
  }

  /** Padded, the digits after the third become zeros, and all of them where the three may not be shown. */
  private zip3(padded: boolean, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const shown = showsZip3(bytes, from, to, this.setting.zip3);
    if (shown) put(out, bytes, from, from + 3);
    else out.ascii('000');
    // What is no ZIP code at all shows nothing, not even its length.
    if (padded && isZip(bytes, from, to)) {
      for (let i = from + 3; i < to; i++) out.byte(isDigit(bytes[i]) ? ZERO : HYPHEN);
    }
    this.generalized++;
    return true;
  }

  private age(number: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const age = ageOf(textOf(bytes, from, to));
    if (Number.isNaN(age)) return false;
    if (age >= this.setting.ageLimit) return this.constant(number, out);
    put(out, bytes, from, to);
    return true;
  }

  /** What is kept is copied, not written anew. */
  private generalize(number: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    const text = textOf(bytes, from, to);
    const result = this.generalizations[number]!.apply(text);
    if (result !== text) return this.changed(result, out);
    put(out, bytes, from, to);
    return true;
  }

  private constant(number: number, out: ByteWriter): boolean {
    const text = this.constants[number];
    if (text === undefined || text.length === 0) return false;
    put(out, text, 0, text.length);
    this.generalized++;
    return true;
  }

  private changed(text: string | undefined, out: ByteWriter): boolean {
    if (text === undefined || text === '') return false;
    const bytes = encoded(text);
    put(out, bytes, 0, bytes.length);
    this.generalized++;
    return true;
  }
}

function constantOf(rule: ValueRule): Uint8Array | undefined {
  const text = rule.method === 'age' ? rule.over : rule.method === 'substitute' ? constantText(rule.value) : undefined;
  return text === undefined ? undefined : encoded(text);
}
