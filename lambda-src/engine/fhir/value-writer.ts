import { QUOTE } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import { Counts } from '../counts';
import type { LoadedTables } from './loaded-tables';
import type { ObjectContext } from './object-context';
import { fitsPrimitive, isMoment } from './primitive-grammar';
import type { RecordView } from './record';
import { BAD_PRIMITIVE } from './record-fault';
import { ReferenceParts } from './reference';
import type { RuleWriter } from './rule-writer';
import { Action, Primitive } from './table-words';
import { END } from './token';
import { isId, Pseudonyms } from '../values/pseudonyms';
import { put, putQuoted } from '../values/put';
import { yearOf } from '../values/year';
import { showsZip3 } from '../values/zip';

const ASCII = /^[ -~]*$/;

/** Writes single values, and counts what became of them. */
export class ValueWriter extends Counts {
  public out!: ByteWriter;
  private readonly pseudonyms: Pseudonyms;
  /** Of references that no guard has parsed: one may stand within another that was, and is not yet written. */
  private readonly unguarded: ReferenceParts;

  constructor(
    private readonly tables: LoadedTables,
    private readonly record: RecordView,
    subKey: Uint8Array,
    private readonly yearFloor: number,
    private readonly reference: ReferenceParts,
    private readonly rules: RuleWriter,
  ) {
    super();
    this.pseudonyms = new Pseudonyms(subKey);
    this.unguarded = new ReferenceParts(tables.types);
  }

  public write(action: number, field: number, value: number, context: ObjectContext, domestic: boolean): void {
    const { record, tables } = this;
    switch (action) {
      case Action.KEEP:
      case Action.ANY:
        if (this.shows(action, field, value, context)) {
          put(this.out, record.bytes, record.tokens[value], record.tokens[value + END]);
        }
        return;
      case Action.CODE:
      case Action.SYSTEM:
      case Action.CODED:
      case Action.UNIT:
      case Action.TYPE:
        if (this.shows(action, field, value, context)) this.copyText();
        return;
      case Action.YEAR:
        this.year(field, value, context);
        return;
      case Action.REF:
        this.text(value);
        if (tables.args[field] !== 1) this.writeReference(this.reference);
        else if (this.parseUnguarded()) this.writeReference(this.unguarded);
        else this.redacted++;
        return;
      case Action.ID:
        this.id(value);
        return;
      case Action.STATE:
        this.state(value);
        return;
      case Action.ZIP3:
        this.zip3(value, domestic);
        return;
      case Action.RULE:
        if (this.isHighAge(field, value, context)) this.redacted++;
        else this.rules.primitive(tables.args[field], value, context.birthFloor);
        return;
      default:
        this.redacted++;
    }
  }

  /** Writes the code of an id in quotes. */
  public writeId(bytes: Uint8Array, from: number, to: number): void {
    this.out.byte(QUOTE);
    this.pseudonyms.write(bytes, from, to, this.out);
    this.out.byte(QUOTE);
    this.hashed++;
  }

  /** Whether a value whose action is one from `keep` to `type` is written; leaves the text open where it is one. */
  public shows(action: number, field: number, value: number, context: ObjectContext): boolean {
    if (action === Action.KEEP) return this.keeps(field, value, context);
    if (action === Action.ANY) return this.keepsAny(value);
    this.text(value);
    // The guard of the object has judged all others; those that it refused were cut with their keys.
    if (action !== Action.CODE) return true;
    const { record, tables } = this;
    if (tables.isMember(tables.args[field], record.textBytes, record.textFrom, record.textTo)) return true;
    this.redacted++;
    return false;
  }

  private keeps(field: number, value: number, context: ObjectContext): boolean {
    if (!this.fits(this.tables.args[field], value)) throw BAD_PRIMITIVE;
    if (!this.isHighAge(field, value, context)) return true;
    this.redacted++;
    return false;
  }

  /** A plain number has no comparator: an age over the limit cannot be aggregated. */
  private isHighAge(field: number, value: number, context: ObjectContext): boolean {
    const { record, tables } = this;
    return context.aged && tables.alternates[field] === 1 && !(record.number(value) < tables.policy.fhir.ages.limit);
  }

  /** A moment is judged by what it says: JSON may write any character of it as an escape, and some writers do. */
  private fits(type: number, value: number): boolean {
    const { record } = this;
    const { tokens } = record;
    if (type < Primitive.DATE) return fitsPrimitive(type, record.bytes, tokens[value], tokens[value + END]);
    if (!record.isString(value)) return false;
    record.text(value);
    return isMoment(type, record.textBytes, record.textFrom, record.textTo);
  }

  /** Any primitive of JSON; an object in its place is what no table knows. */
  private keepsAny(value: number): boolean {
    if (!this.record.isObject(value) && !this.record.isArray(value)) return true;
    this.redacted++;
    return false;
  }

  private year(field: number, value: number, context: ObjectContext): void {
    const { record, tables } = this;
    this.text(value);
    const withTime = tables.args[field] === Primitive.DATE_TIME;
    const year = yearOf(record.textBytes, record.textFrom, record.textTo, withTime);
    if (year < 0) throw BAD_PRIMITIVE;
    if (year < (tables.births[field] === 1 ? context.birthFloor : this.yearFloor)) {
      this.redacted++;
      return;
    }
    if (record.textTo - record.textFrom > 4) this.generalized++;
    putQuoted(this.out, record.textBytes, record.textFrom, record.textFrom + 4);
  }

  private id(value: number): void {
    const { record } = this;
    this.text(value);
    if (!isId(record.textBytes, record.textFrom, record.textTo)) throw BAD_PRIMITIVE;
    if (this.tables.policy.fhir.ids === 'drop') this.redacted++;
    else this.writeId(record.textBytes, record.textFrom, record.textTo);
  }

  /** A reference that a rule hashes in an object that the profile keeps: no guard has parsed it. */
  private parseUnguarded(): boolean {
    return this.unguarded.parse(this.record.textBytes, this.record.textFrom, this.record.textTo);
  }

  private writeReference(reference: ReferenceParts): void {
    const { record, out } = this;
    out.byte(QUOTE);
    if (reference.prefix !== '') out.ascii(reference.prefix);
    put(out, record.textBytes, reference.headFrom, reference.headTo);
    if (reference.idTo > reference.idFrom) {
      this.pseudonyms.write(record.textBytes, reference.idFrom, reference.idTo, out);
      this.hashed++;
    }
    out.byte(QUOTE);
  }

  /** A state as it is written, less the white space around it. */
  private state(value: number): void {
    this.text(value);
    const { out, record, tables } = this;
    const state = record.textString().trim();
    // Some characters become ASCII when they are made capital.
    if (!tables.states.has(state.toUpperCase()) || !ASCII.test(state)) {
      this.redacted++;
      return;
    }
    out.byte(QUOTE);
    out.ascii(state);
    out.byte(QUOTE);
  }

  private zip3(value: number, domestic: boolean): void {
    const { record, out, tables } = this;
    this.text(value);
    const { textBytes, textFrom, textTo } = record;
    if (domestic && showsZip3(textBytes, textFrom, textTo, tables.policy.fhir.zip3)) {
      putQuoted(out, textBytes, textFrom, textFrom + 3);
    } else {
      out.ascii('"000"');
    }
    this.generalized++;
  }

  /** Opens the text of a value that has to be one. */
  private text(value: number): void {
    if (!this.record.isString(value)) throw BAD_PRIMITIVE;
    this.record.text(value);
  }

  /** Copies the open text: only texts of visible ASCII without quotes and backslashes get here. */
  private copyText(): void {
    putQuoted(this.out, this.record.textBytes, this.record.textFrom, this.record.textTo);
  }
}
