import { BACKSLASH, CLOSE_OBJECT, NINE, QUOTE, SPACE } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import type { LoadedTables } from './loaded-tables';
import { PatientFinder } from './patient';
import type { RecordView } from './record';
import { ReferenceParts } from './reference';
import { END } from './token';
import type { Json } from '../../../src/deidentification/private/value-rule';
import { asciiOf, encoded, textOf } from '../values/encoded';
import { put } from '../values/put';
import { ValueRules } from '../values/value-rules';

const PATIENT = 'Patient';

/** A number of JSON (RFC 8259), or a boolean. */
const BARE = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false)$/;

/** Id of the patient whose resource one is: `bytes[from, to)`, `from === to` for nobody. */
type Owner = Readonly<Pick<PatientFinder, 'bytes' | 'from' | 'to'>>;

/** Writes what the value rules of a policy make of JSON values, and knows whose resource they stand in. */
export class RuleWriter {
  public out!: ByteWriter;
  public readonly values: ValueRules;
  private readonly finder: PatientFinder;
  /** Whether any rule asks whose a value is: only then is it looked for. */
  private readonly asksForPatient: boolean;
  private readonly patientType: number;
  /** By rule: what stands in for a whole, if it is anything. */
  private readonly constants: readonly (Constant | undefined)[];
  /** Whose the resources are that are open, the outermost first: each is looked through once. */
  private readonly owners: Owner[] = [];

  constructor(
    tables: LoadedTables,
    private readonly record: RecordView,
    key: Uint8Array,
    referenceDate: string,
  ) {
    const { rules, zip3, ages } = tables.policy.fhir;
    this.values = new ValueRules(rules, key, referenceDate, { zip3, ageLimit: ages.limit });
    this.finder = new PatientFinder(record, new ReferenceParts(tables.types));
    this.asksForPatient = rules.some(({ method }) => method === 'dateShift' || method === 'perturb');
    this.patientType = tables.typeNames.indexOf(PATIENT);
    this.constants = rules.map((rule) => (rule.method === 'substitute' ? constantOf(rule.value) : undefined));
  }

  /** Before a record: its counts can be taken back. */
  public begin(): void {
    if (this.constants.length === 0) return;
    this.owners.length = 0;
    this.values.mark();
  }

  /**
   * Before anything of a resource is written: whose dates these are.
   *
   * @param entryId the id that a Bundle gives to a resource without one
   */
  public enterResource(token: number, type: number, entryId?: string): void {
    if (!this.asksForPatient) return;
    if (type === this.patientType) this.finder.ofPatient(token, entryId);
    else this.finder.ofResource(token);
    this.open();
  }

  /** A contained resource has no identity of its own: its id means nothing outside the resource around it. */
  public enterContained(): void {
    if (!this.asksForPatient) return;
    this.finder.nobody();
    this.open();
  }

  /** What comes after a resource is its surroundings' again. */
  public leaveResource(): void {
    if (!this.asksForPatient) return;
    this.owners.pop();
    this.turnToOwner();
  }

  private open(): void {
    const { bytes, from, to } = this.finder;
    this.owners.push({ bytes, from, to });
    this.turnToOwner();
  }

  private turnToOwner(): void {
    const { bytes, from, to } = this.owners[this.owners.length - 1];
    this.values.setPatient(bytes, from, to);
  }

  /** Writes what a rule makes of a primitive. What was no text stays what it was, if what is left still is. */
  public primitive(rule: number, value: number, birthFloor: number): void {
    const { record, out, values } = this;
    if (record.isObject(value) || record.isArray(value)) {
      values.redacted++;
      return;
    }
    values.birthFloor = birthFloor;
    const begin = out.length;
    out.byte(QUOTE);
    const from = begin + 1;
    let left: boolean;
    if (record.isString(value)) {
      record.text(value);
      left = values.write(rule, record.textBytes, record.textFrom, record.textTo, out);
    } else {
      left = values.write(rule, record.bytes, record.tokens[value], record.tokens[value + END], out);
      if (left && isBare(record.first(value), out.bytes, from, out.length)) {
        out.bytes.copyWithin(begin, from, out.length);
        out.truncate(out.length - 1);
        return;
      }
    }
    if (!left) {
      out.truncate(begin);
      return;
    }
    escape(out, from);
    out.byte(QUOTE);
  }

  /** Writes the constant that a rule has for a value; `out` may hold, from `from` on, an object that is kept beside it. */
  public whole(rule: number, from: number): void {
    const { out, values } = this;
    const constant = this.constants[rule];
    if (constant === undefined) {
      if (out.length === from) values.redacted++;
      return;
    }
    values.generalized++;
    if (out.length === from) put(out, constant.json, 0, constant.json.length);
    else addMembers(out, from, constant.members);
  }
}

/** A constant of the policy as JSON, and the same member by member where it is an object. */
interface Constant {
  readonly json: Uint8Array;
  readonly members: ReadonlyMap<string, Uint8Array>;
}

/** An empty object, list or text is no FHIR. */
function constantOf(value: Json): Constant | undefined {
  const isObject = value !== null && typeof value === 'object';
  if (value === null || value === '' || (isObject && Object.keys(value).length === 0)) return undefined;
  const members = isObject ? Object.entries(value).map(([name, one]) => [name, memberOf(name, one)] as const) : [];
  return { json: encoded(JSON.stringify(value)), members: new Map(members) };
}

function memberOf(name: string, value: unknown): Uint8Array {
  return encoded(`,${JSON.stringify(name)}:${JSON.stringify(value)}`);
}

/** Adds to the object at the end of `out` the members that it has not. */
function addMembers(out: ByteWriter, from: number, members: ReadonlyMap<string, Uint8Array>): void {
  const written = JSON.parse(Buffer.from(out.written(from)).toString('utf8')) as object;
  out.truncate(out.length - 1);
  for (const [name, member] of members) if (!Object.hasOwn(written, name)) put(out, member, 0, member.length);
  out.byte(CLOSE_OBJECT);
}

/** Whether a text may stand without quotes in the place of a number or a boolean that began with `first`. */
function isBare(first: number, bytes: Uint8Array, from: number, to: number): boolean {
  return isWord(first) === isWord(bytes[from]) && BARE.test(asciiOf(bytes, from, to));
}

/** Of the values of JSON that have no quotes, those that are no numbers begin with a letter. */
function isWord(c: number): boolean {
  return c > NINE;
}

/** Escapes what stands in `out` from `from` on, where JSON wants it: seldom anything. */
function escape(out: ByteWriter, from: number): void {
  const { bytes, length } = out;
  let at = from;
  while (at < length && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH && bytes[at] >= SPACE) at++;
  if (at === length) return;
  const quoted = encoded(JSON.stringify(textOf(bytes, from, length)));
  out.truncate(from);
  put(out, quoted, 1, quoted.length - 1);
}
