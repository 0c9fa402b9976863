import type { Delimiters } from './delimiters';
import { Action, type LoadedForm, type LoadedHl7 } from './loaded-hl7';
import { isSystemName, isWord, isWrittenSsn } from './value-grammar';
import type { ValueWriter } from './value-writer';
import type { FormGuard } from '../../../src/deidentification/private/hl7v2/tables';
import { isKnownCode, isShortCode, isStrangeCode, isUnit, startsWith } from '../values/code-grammar';

/** Components of codes, each with its system two further on. */
const CODES = [1, 4, 10];
const TO_SYSTEM = 2;

const COUNTRY = 6;

const ID = 1;
const ISSUER = 4;
const ID_TYPE = 5;

/** No byte is that. */
const NOTHING = -1;

/** Verdict over all parts, a bit for each by its number: guards know parts below 32 only. */
const ALL = -1;
const NONE = 0;

/** Where the parts of a value begin; part n ends before the delimiter ahead of part n + 1. */
class PartIndex {
  public starts = new Int32Array(64);
  public count = 0;

  /**
   * Splits `bytes[from, to)`, or as far as the first `terminator` in it.
   *
   * @returns where that stands, else `to`
   */
  public split(bytes: Uint8Array, from: number, to: number, delimiter: number, terminator: number): number {
    let { starts } = this;
    let count = 1;
    let at = from;
    starts[1] = from;
    for (; at < to; at++) {
      const byte = bytes[at];
      if (byte === delimiter) {
        if (++count + 2 > starts.length) starts = this.grow();
        starts[count] = at + 1;
      } else if (byte === terminator) {
        break;
      }
    }
    starts[count + 1] = at + 1;
    this.count = count;
    return at;
  }

  private grow(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.starts.length * 2);
    grown.set(this.starts);
    return (this.starts = grown);
  }
}

/** Writes fields as their forms say: repetitions, components, sub-components. Separators that nothing follows are left out. */
export class FieldWriter {
  private readonly components = new PartIndex();
  private readonly subcomponents = new PartIndex();

  constructor(
    private readonly tables: LoadedHl7,
    private readonly delimiters: Delimiters,
    private readonly values: ValueWriter,
  ) {}

  /** Appends what is kept of the field `bytes[from, to)`. */
  public write(form: LoadedForm, from: number, to: number): void {
    const { values } = this;
    if (form.keepsAll) {
      values.write(Action.KEEP, 0, from, to, true);
      return;
    }
    this.repetitions(form, from, to);
  }

  private repetitions(form: LoadedForm, from: number, to: number): void {
    const { bytes, out } = this.values;
    const { repetition, component } = this.delimiters;
    // Separators before a value that is cut stay until something follows it, or nothing does.
    let kept = out.length;
    let skipped = 0;
    for (let at = from; ; skipped++) {
      const end = this.components.split(bytes, at, to, component, repetition);
      if (end > at) {
        for (; skipped > 0; skipped--) out.byte(repetition);
        const before = out.length;
        this.repetition(form, at, end);
        if (out.length > before) kept = out.length;
      }
      if (end >= to) break;
      at = end + 1;
    }
    out.truncate(kept);
  }

  /** Component `part` of a value, opened as text; nothing where it has none. Of a field that repeats, the first counts. */
  public openComponent(from: number, to: number, part: number): boolean {
    this.splitComponents(from, to);
    return this.openPart(part);
  }

  /** Splits the repetition that begins at `from`; returns where it ends. */
  public splitComponents(from: number, to: number): number {
    const { component, repetition } = this.delimiters;
    return this.components.split(this.values.bytes, from, to, component, repetition);
  }

  /** Opens a component of the value split last. */
  public openPart(part: number): boolean {
    const { starts, count } = this.components;
    if (part > count || starts[part] === starts[part + 1] - 1) return false;
    this.values.open(starts[part], starts[part + 1] - 1);
    return true;
  }

  /** Whether the id in this repetition of a patient's identifiers is one that may live on as a code; leaves it open. */
  public opensPatientId(from: number, to: number): boolean {
    this.components.split(this.values.bytes, from, to, this.delimiters.component, NOTHING);
    return this.patientVerdict() !== NONE && this.openPart(ID) && this.values.opensId();
  }

  /** One repetition, whose components are split. */
  private repetition(form: LoadedForm, from: number, to: number): void {
    const { values, components, delimiters } = this;
    if (values.isNull(from, to)) {
      values.write(Action.KEEP, 0, from, to, true);
    } else if (form.guard === 'whole') {
      values.whole(form.args[1], from, to);
    } else {
      this.parts(form, components, this.verdict(form), delimiters.component);
    }
  }

  private parts(form: LoadedForm, { starts, count }: PartIndex, verdict: number, delimiter: number): void {
    const { values } = this;
    const { out } = values;
    let kept = out.length;
    let written = 1;
    for (let part = 1; part <= count; part++) {
      const from = starts[part];
      const to = starts[part + 1] - 1;
      if (from === to) continue;
      const named = part < form.actions.length;
      const action: Action = named ? form.actions[part] : form.restAction;
      if (action === Action.DROP) {
        values.redacted++;
        continue;
      }
      for (; written < part; written++) out.byte(delimiter);
      const before = out.length;
      const arg = named ? form.args[part] : form.restArg;
      const shown = part > 31 || ((verdict >>> part) & 1) === 1;
      if (action === Action.FORM) this.nested(this.tables.forms[arg], from, to, shown);
      else values.write(action, arg, from, to, shown);
      if (out.length > before) kept = out.length;
    }
    out.truncate(kept);
  }

  private nested(form: LoadedForm, from: number, to: number, shown: boolean): void {
    const { values, subcomponents, delimiters } = this;
    if (values.isNull(from, to)) return values.write(Action.KEEP, 0, from, to, true);
    subcomponents.split(values.bytes, from, to, delimiters.subcomponent, NOTHING);
    this.parts(form, subcomponents, shown ? ALL : NONE, delimiters.subcomponent);
  }

  private verdict(form: LoadedForm): number {
    switch (form.guard) {
      case 'coding':
      case 'unit':
      case 'person':
        return this.codingVerdict(form.guard);
      case 'address':
        return this.isDomestic() ? ALL : NONE;
      case 'patient':
        return this.patientVerdict();
      default:
        return ALL;
    }
  }

  private codingVerdict(guard: FormGuard): number {
    let verdict = NONE;
    for (const part of CODES) {
      if (part > this.components.count) break;
      verdict |= this.judgeCode(part, guard) << part;
    }
    return verdict;
  }

  /** 1 where a code may be shown, and the bit of its system with it where there is one. */
  private judgeCode(part: number, guard: FormGuard): number {
    const { values, tables } = this;
    let known = false;
    const hasSystem = this.openPart(part + TO_SYSTEM);
    if (hasSystem) {
      values.trim();
      known = values.textIn(tables.knownSystems);
      if (!known) {
        const { text, textFrom, textTo } = values;
        if (!isSystemName(text, textFrom, textTo) || values.nameIn(tables.identifyingSystems)) return NONE;
      }
    }
    if (!this.openPart(part)) return NONE;
    values.trim();
    const { text, textFrom, textTo } = values;
    let shown = false;
    if (guard === 'unit') shown = isUnit(text, textFrom, textTo);
    else if (known) shown = isKnownCode(text, textFrom, textTo);
    else if (hasSystem) shown = isStrangeCode(text, textFrom, textTo);
    else shown = isWord(text, textFrom, textTo);
    if (guard === 'person' && !known) shown &&= isShortCode(text, textFrom, textTo) || values.nameIn(tables.persons);
    if (!shown) return NONE;
    return hasSystem ? 1 | (1 << TO_SYSTEM) : 1;
  }

  private isDomestic(): boolean {
    return !this.openPart(COUNTRY) || this.values.nameIn(this.tables.countries);
  }

  /** Ids that others have given (SSN, licence, policy) are dropped: a code made of one would stand for it everywhere. */
  private patientVerdict(): number {
    const { values, tables } = this;
    if (this.isOutsideIssuer()) return NONE;
    if (this.openPart(ID_TYPE) && !values.nameIn(tables.idTypes)) return NONE;
    if (!this.openPart(ID)) return NONE;
    values.trim();
    return isWrittenSsn(values.text, values.textFrom, values.textTo) ? NONE : ALL;
  }

  /** An issuer has a name, an OID, or both. */
  private isOutsideIssuer(): boolean {
    const { values, tables } = this;
    if (!this.openPart(ISSUER)) return false;
    const end = this.components.starts[ISSUER + 1] - 1;
    for (;;) {
      if (values.nameIn(tables.outsideIssuers)) return true;
      if (startsWith(values.text, values.textFrom, values.textTo, tables.hl7.identifiers.outsideBranch)) return true;
      if (values.rawTo === end) return false;
      values.open(values.rawTo + 1, end);
    }
  }
}
