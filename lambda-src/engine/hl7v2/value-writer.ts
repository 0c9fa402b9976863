import { isUtf8 } from 'node:buffer';
import { QUOTE, SPACE } from '../ascii';
import { ByteWriter } from '../byte-writer';
import { Counts } from '../counts';
import { Role, type Delimiters } from './delimiters';
import { escapeInto, unescape } from './escapes';
import { Action, type LoadedHl7 } from './loaded-hl7';
import { isComparator, isCount, isNumber, isSeparator, isWord, yearOfTimestamp } from './value-grammar';
import type { ByteDictionary } from '../values/byte-dictionary';
import { isUnit } from '../values/code-grammar';
import { MAX_ID, type Pseudonyms } from '../values/pseudonyms';
import { put } from '../values/put';
import type { ValueRules } from '../values/value-rules';
import { showsZip3 } from '../values/zip';

/** Writes single values, and counts what became of them. What is kept stands in the output as it was written. */
export class ValueWriter extends Counts {
  public bytes: Uint8Array = new Uint8Array(0);
  public out!: ByteWriter;
  /** Year of birth from which on no age over the limit follows. */
  public birthFloor = 0;
  /** The text of the value opened last: without escapes, and without its further sub-components. */
  public text!: Uint8Array;
  public textFrom = 0;
  public textTo = 0;
  /** Where it lies as it was written. */
  public rawFrom = 0;
  public rawTo = 0;
  private readonly scratch = new ByteWriter(256);
  private readonly made = new ByteWriter(256);

  constructor(
    private readonly tables: LoadedHl7,
    private readonly delimiters: Delimiters,
    private readonly pseudonyms: Pseudonyms,
    private readonly rules: ValueRules,
    private readonly yearFloor: number,
  ) {
    super();
  }

  /**
   * Writes the value `bytes[from, to)`, or nothing.
   *
   * @param shown what the guard of its form says of it
   */
  public write(action: Action, arg: number, from: number, to: number, shown: boolean): void {
    if (this.isNull(from, to)) {
      put(this.out, this.bytes, from, to);
      return;
    }
    if (action === Action.KEEP) return this.keep(from, to);
    this.open(from, to);
    switch (action) {
      case Action.YEAR:
        return this.year(from, this.yearFloor);
      case Action.BIRTH:
        return this.year(from, this.birthFloor);
      case Action.ZIP3:
        return this.zip3(shown);
      case Action.ID:
        return this.id(shown);
      case Action.RULE:
        this.trim();
        return this.rule(arg, this.text, this.textFrom, this.textTo);
      default:
        if (this.fits(action, arg, shown)) put(this.out, this.bytes, from, this.rawTo);
        else this.redacted++;
    }
  }

  /** Writes the code of the id `bytes[from, to)`, of which it is known that it may be shown. */
  public writeId(from: number, to: number): void {
    this.pseudonyms.write(this.bytes, from, to, this.out);
    this.hashed++;
  }

  /** Replaces `bytes[from, to)`, parts and all, by what a rule makes of it. */
  public whole(rule: number, from: number, to: number): void {
    this.rule(rule, this.bytes, from, to);
  }

  /** HL7's null, `""`: "delete what you have". */
  public isNull(from: number, to: number): boolean {
    return to - from === 2 && this.bytes[from] === QUOTE && this.bytes[from + 1] === QUOTE;
  }

  public open(from: number, to: number): void {
    const { bytes } = this;
    const { roles } = this.delimiters;
    let escaped = false;
    let at = from;
    for (; at < to; at++) {
      const role = roles[bytes[at]];
      if (role === Role.OTHER) continue;
      if (role === Role.SUBCOMPONENT) break;
      if (role === Role.ESCAPE) escaped = true;
    }
    this.rawFrom = from;
    this.rawTo = at;
    if (!escaped) {
      this.text = bytes;
      this.textFrom = from;
      this.textTo = at;
      return;
    }
    this.scratch.truncate(0);
    unescape(bytes, from, at, this.delimiters, this.scratch);
    this.text = this.scratch.bytes;
    this.textFrom = 0;
    this.textTo = this.scratch.length;
  }

  /** Leaves out the blanks around the open text: to HL7 they mean nothing. */
  public trim(): void {
    while (this.textFrom < this.textTo && this.text[this.textFrom] === SPACE) this.textFrom++;
    while (this.textFrom < this.textTo && this.text[this.textTo - 1] === SPACE) this.textTo--;
  }

  public textIn(words: ByteDictionary): boolean {
    return words.find(this.text, this.textFrom, this.textTo) >= 0;
  }

  /** The number of the open text among names that are written in any case, which the dictionary has in capitals. */
  public nameNumber(names: ByteDictionary): number {
    this.trim();
    return names.findName(this.text, this.textFrom, this.textTo);
  }

  public nameIn(names: ByteDictionary): boolean {
    return this.nameNumber(names) >= 0;
  }

  /** From how many of the open unit on it is an age over the limit; 0 for what is no unit of time. */
  public limitOfUnit(): number {
    const unit = this.nameNumber(this.tables.units);
    return unit < 0 ? 0 : this.tables.unitLimits[unit];
  }

  /** Whether the open text is an id that can live on as a code. */
  public opensId(): boolean {
    this.trim();
    const length = this.textTo - this.textFrom;
    return length > 0 && length <= MAX_ID;
  }

  private fits(action: Action, arg: number, shown: boolean): boolean {
    this.trim();
    const { text, textFrom, textTo, tables } = this;
    switch (action) {
      case Action.NUMBER:
        return isNumber(text, textFrom, textTo);
      case Action.COUNT:
        return isCount(text, textFrom, textTo);
      case Action.WORD:
        return isWord(text, textFrom, textTo);
      case Action.ID_TYPE:
        return shown && isWord(text, textFrom, textTo);
      case Action.CODE:
      case Action.SYSTEM:
        return shown;
      case Action.UNIT:
        return shown && isUnit(text, textFrom, textTo);
      case Action.ONE:
        return this.textIn(tables.words[arg]);
      case Action.COMPARATOR:
        return isComparator(text, textFrom, textTo);
      case Action.SEPARATOR:
        return isSeparator(text, textFrom, textTo);
      case Action.DATE:
        return yearOfTimestamp(text, textFrom, textTo) > 0;
      case Action.STATE:
        return shown && this.nameIn(tables.states);
      case Action.ZIP:
        return this.isZip();
      case Action.CITY:
        // An escape that cannot be read hides what stands in it.
        return this.isText(textFrom, textTo, text) && this.isText(this.rawFrom, this.rawTo, this.bytes);
      default:
        return false;
    }
  }

  private keep(from: number, to: number): void {
    if (this.isText(from, to, this.bytes)) put(this.out, this.bytes, from, to);
    else this.redacted++;
  }

  /** UTF-8 without control characters: what we write must be text in one character set. */
  private isText(from: number, to: number, bytes: Uint8Array): boolean {
    let ascii = true;
    for (let at = from; at < to; at++) {
      if (bytes[at] < 0x20 || bytes[at] === 0x7f) return false;
      if (bytes[at] > 0x7f) ascii = false;
    }
    return ascii || isUtf8(bytes.subarray(from, to));
  }

  private isZip(): boolean {
    const { text, textFrom, textTo } = this;
    for (let at = textFrom; at < textTo; at++) {
      if (text[at] !== 0x2d && (text[at] < 0x30 || text[at] > 0x39)) return false;
    }
    return textTo > textFrom && textTo - textFrom <= 10;
  }

  private year(from: number, floor: number): void {
    this.trim();
    const { text, textFrom, textTo } = this;
    if (yearOfTimestamp(text, textFrom, textTo) < floor) {
      this.redacted++;
      return;
    }
    if (this.rawTo - from > 4) this.generalized++;
    put(this.out, text, textFrom, textFrom + 4);
  }

  private zip3(domestic: boolean): void {
    const { text, out } = this;
    this.trim();
    if (domestic && showsZip3(text, this.textFrom, this.textTo, this.tables.hl7.zip3)) {
      put(out, text, this.textFrom, this.textFrom + 3);
    } else {
      out.ascii('000');
    }
    this.generalized++;
  }

  private id(shown: boolean): void {
    if (!shown || !this.opensId()) {
      this.redacted++;
      return;
    }
    this.pseudonyms.write(this.text, this.textFrom, this.textTo, this.out);
    this.hashed++;
  }

  private rule(rule: number, text: Uint8Array, from: number, to: number): void {
    const { made } = this;
    made.truncate(0);
    // A rule reads UTF-8; it counts what it redacts itself.
    if (!isUtf8(text.subarray(from, to))) {
      this.redacted++;
    } else if (this.rules.write(rule, text, from, to, made)) {
      if (!escapeInto(made.bytes, made.length, this.delimiters, this.out)) this.redacted++;
    }
  }
}
