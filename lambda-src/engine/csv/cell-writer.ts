import { isUtf8 } from 'node:buffer';
import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';
import { QUOTE, SPACE } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import { Counts } from '../counts';
import { isClinicalCode, isCode, isDrugCode, isFormula, isNumber, isTableId } from './cell-grammar';
import { Style, unescape } from './row-cells';
import { Action } from './table-columns';
import type { IdCodesKernel } from '../kernel/id-codes';
import { ageOf } from '../values/age';
import { ByteDictionary } from '../values/byte-dictionary';
import { isShortCode, isUnit } from '../values/code-grammar';
import { asciiOf } from '../values/encoded';
import { MAX_ID, Pseudonyms } from '../values/pseudonyms';
import { put } from '../values/put';
import type { ValueRules } from '../values/value-rules';
import { WrittenDate } from '../values/written-date';
import { showsZip3 } from '../values/zip';

/** Actions that never leave a cell as it stands. */
const REWRITES = new Uint8Array(32);
for (const action of [Action.ID, Action.YEAR, Action.BIRTH, Action.DEATH, Action.ZIP3, Action.RULE]) {
  REWRITES[action] = 1;
}

/** An age over the limit. */
const OVER = '>89';
/** Stands for a date of death whose year is not shown or cannot be read: an empty cell would say that the patient lives. */
const DECEASED = 'deceased';

/** What becomes of a cell. */
export const enum Verdict {
  /** Copied, with the quotes it may have. */
  AS_WRITTEN,
  BLANKED,
  REWRITTEN,
  /** No text: its row is rejected. */
  BAD,
}

/** Judges and writes single cells, and counts what became of them. */
export class CellWriter extends Counts {
  /** What the other cells of the row say: whether its places are in the country, and how old its people may be. */
  public domestic = true;
  public birthFloor: number;
  /** From where on the value of an observation is an age over the limit; 0 where it is no age. */
  public ageLimit = 0;

  public readonly date = new WrittenDate();
  private source: Uint8Array = new Uint8Array(0);
  private sourceView = new DataView(this.source.buffer);
  private readonly pseudonyms: Pseudonyms;
  private readonly states: ByteDictionary;
  private readonly phrases: ByteDictionary;
  private readonly persons: ByteDictionary;
  /** Ciphertext is no formula, whatever it begins with. */
  private readonly encrypted: readonly boolean[];

  constructor(
    private readonly tables: CompiledCsv,
    subKey: Uint8Array,
    public readonly yearFloor: number,
    private readonly rules: ValueRules,
    private readonly delimiter: number,
    idCodes?: IdCodesKernel,
  ) {
    super();
    this.birthFloor = yearFloor;
    this.pseudonyms = new Pseudonyms(subKey, idCodes);
    this.states = new ByteDictionary(tables.states);
    this.phrases = new ByteDictionary(tables.phrases);
    this.persons = new ByteDictionary(tables.persons);
    this.encrypted = tables.rules.map(({ method }) => method === 'encrypt');
  }

  /** Makes what was put off: others may give the table of ids and codes to other ids. */
  public settle(): void {
    this.pseudonyms.fill();
  }

  /** What becomes of the cell with the text `bytes[from, to)`, which is not empty. */
  public judge(action: number, bytes: Uint8Array, from: number, to: number, style: number): Verdict {
    if (action === Action.TEXT) {
      if (!isText(bytes, from, to)) return Verdict.BAD;
      return isFormula(bytes, from, to) ? Verdict.BLANKED : Verdict.AS_WRITTEN;
    }
    const first = textStart(bytes, from, to);
    const last = textEnd(bytes, first, to);
    if (first === last) return Verdict.AS_WRITTEN;
    if (REWRITES[action] === 1) return Verdict.REWRITTEN;
    // Only a quote in the text makes a cell so, and none of the forms below has one.
    if (style === Style.ESCAPED) return Verdict.BLANKED;
    if (!this.shows(action, bytes, first, last)) return Verdict.BLANKED;
    const limit = action === Action.AGE ? this.tables.ages.limit : action === Action.MEASURE ? this.ageLimit : 0;
    if (limit === 0 || Number(asciiOf(bytes, first, last)) < limit) return Verdict.AS_WRITTEN;
    // Only a number of years can be said to be over 89.
    return limit === this.tables.ages.limit ? Verdict.REWRITTEN : Verdict.BLANKED;
  }

  /**
   * Writes what is made of a cell that is rewritten, or nothing where nothing is left of it; quoted if the cell was.
   *
   * @returns false for text that is not UTF-8
   */
  public write(
    action: number,
    rule: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    style: number,
    out: ByteWriter,
  ): boolean {
    if (style === Style.ESCAPED) {
      const text = unescape(bytes, from, to);
      return this.write(action, rule, text, 0, text.length, Style.QUOTED, out);
    }
    const first = textStart(bytes, from, to);
    const last = textEnd(bytes, first, to);
    if (action === Action.RULE) return this.rule(rule, bytes, first, last, style, out);
    const mark = out.length;
    if (style !== Style.PLAIN) out.byte(QUOTE);
    if (this.rewrite(action, bytes, first, last, out)) {
      if (style !== Style.PLAIN) out.byte(QUOTE);
    } else {
      out.truncate(mark);
      this.redacted++;
    }
    return true;
  }

  private rewrite(action: number, bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    switch (action) {
      case Action.ID:
        return this.id(bytes, from, to, out);
      case Action.YEAR:
        return this.year(bytes, from, to, this.yearFloor, out);
      case Action.BIRTH:
        return this.year(bytes, from, to, this.birthFloor, out);
      case Action.DEATH:
        return this.death(bytes, from, to, out);
      case Action.ZIP3:
        return this.zip3(bytes, from, to, out);
      default:
        return this.constant(OVER, out);
    }
  }

  /** Whether a cell that is either kept as it stands or blanked has the form of its kind. */
  private shows(action: number, bytes: Uint8Array, from: number, to: number): boolean {
    switch (action) {
      case Action.NUMBER:
      case Action.MEASURE:
        return isNumber(bytes, from, to);
      case Action.AGE:
        return !Number.isNaN(ageOf(asciiOf(bytes, from, to)));
      case Action.PERSON:
        return this.persons.findName(bytes, from, to) >= 0 || (isShortCode(bytes, from, to) && isCode(bytes, from, to));
      case Action.CODE:
        return isCode(bytes, from, to) || this.phrases.findName(bytes, from, to) >= 0;
      case Action.CLINICAL:
        return isClinicalCode(bytes, from, to);
      case Action.DRUG:
        return isDrugCode(bytes, from, to);
      case Action.UNIT:
        return isUnit(bytes, from, to) && !isFormula(bytes, from, to);
      case Action.STATE:
        return this.domestic && (isStateNumber(bytes, from, to) || this.states.findName(bytes, from, to) >= 0);
      case Action.DATE:
        return this.date.read(bytes, from, to, 'column');
      default:
        return false;
    }
  }

  private id(bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    if (bytes !== this.source) {
      this.source = bytes;
      this.sourceView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    if (to - from > MAX_ID || !isTableId(this.sourceView, from, to)) return false;
    this.pseudonyms.write(bytes, from, to, out);
    this.hashed++;
    return true;
  }

  private year(bytes: Uint8Array, from: number, to: number, floor: number, out: ByteWriter): boolean {
    const { date } = this;
    if (!date.read(bytes, from, to, 'column') || date.year < floor) return false;
    if (to - from > 4) this.generalized++;
    putYear(date.year, out);
    return true;
  }

  private death(bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    if (this.year(bytes, from, to, this.yearFloor, out)) return true;
    return hasNumber(bytes, from, to) && this.constant(DECEASED, out);
  }

  private zip3(bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
    if (!this.domestic || !showsZip3(bytes, from, to, this.tables.zip3)) return this.constant('000', out);
    put(out, bytes, from, from + 3);
    this.generalized++;
    return true;
  }

  private constant(text: string, out: ByteWriter): true {
    out.ascii(text);
    this.generalized++;
    return true;
  }

  private rule(rule: number, bytes: Uint8Array, from: number, to: number, style: number, out: ByteWriter): boolean {
    if (!isText(bytes, from, to)) return false;
    const mark = out.length;
    if (!this.rules.write(rule, bytes, from, to, out)) return true;
    const written = out.written(mark).slice();
    const quoted = style !== Style.PLAIN || needsQuotes(written, this.delimiter);
    const formula = !this.encrypted[rule] && isFormula(written, 0, written.length);
    if (formula) this.redacted++;
    if (!formula && !quoted) return true;
    out.truncate(mark);
    if (!formula) putQuotedCell(out, written);
    return true;
  }
}

function textStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  return at;
}

/** Whether there is more than a placeholder: a date in any form has a digit above zero. */
function hasNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] > 0x30 && bytes[i] <= 0x39) return true;
  return false;
}

function textEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] === SPACE) at--;
  return at;
}

function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] >= 0x80) return isUtf8(bytes.subarray(from, to));
  return true;
}

/** Codes of states as CMS writes them. */
function isStateNumber(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 2) return false;
  return bytes[from] >= 0x30 && bytes[from] <= 0x39 && bytes[from + 1] >= 0x30 && bytes[from + 1] <= 0x39;
}

function putYear(year: number, out: ByteWriter): void {
  out.ensure(4);
  const { bytes, length } = out;
  bytes[length] = 0x30 + ((year / 1000) | 0);
  bytes[length + 1] = 0x30 + (((year / 100) | 0) % 10);
  bytes[length + 2] = 0x30 + (((year / 10) | 0) % 10);
  bytes[length + 3] = 0x30 + (year % 10);
  out.advance(4);
}

function needsQuotes(text: Uint8Array, delimiter: number): boolean {
  return text.some((byte) => byte === delimiter || byte === QUOTE || byte === 0x0a || byte === 0x0d);
}

function putQuotedCell(out: ByteWriter, text: Uint8Array): void {
  out.byte(QUOTE);
  for (const byte of text) {
    if (byte === QUOTE) out.byte(QUOTE);
    out.byte(byte);
  }
  out.byte(QUOTE);
}
