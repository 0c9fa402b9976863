import type { ByteWriter } from '../byte-writer';
import type { RecordErrorCode } from '../contract';
import { deriveSubKey } from '../keys';
import type { RecordTransform } from '../record-transform';
import { TOKEN } from './json-tape';
import { ACTIONS, KINDS, LoadedTables, PRIMITIVES } from './loaded-tables';
import { ObjectGuards } from './object-guards';
import { fitsPrimitive } from './primitive-grammar';
import { isId, Pseudonyms } from './pseudonyms';
import { RecordView } from './record';
import { BAD_PRIMITIVE, DUPLICATE_KEY, MODIFIER_EXTENSION, NO_TYPE, RecordFault, UNKNOWN_TYPE } from './record-fault';
import { ReferenceParts } from './reference';
import { yearOf } from './year';
import { showsZip3 } from './zip';

const COMMA = 0x2c;
const QUOTE = 0x22;

const DROP = ACTIONS.indexOf('drop');
const WALK = ACTIONS.indexOf('walk');
const KEEP = ACTIONS.indexOf('keep');
const CODE = ACTIONS.indexOf('code');
const YEAR = ACTIONS.indexOf('year');
const REF = ACTIONS.indexOf('ref');
const SYSTEM = ACTIONS.indexOf('system');
const CODED = ACTIONS.indexOf('coded');
const UNIT = ACTIONS.indexOf('unit');
const ID = ACTIONS.indexOf('id');
const TYPE = ACTIONS.indexOf('type');
const STATE = ACTIONS.indexOf('state');
const ZIP3 = ACTIONS.indexOf('zip3');
const EXTENSION = ACTIONS.indexOf('extension');
const RESOURCE = ACTIONS.indexOf('resource');
const MODIFIER = ACTIONS.indexOf('modifier');

const PLAIN_KIND = KINDS.indexOf('plain');
const EXTENSION_KIND = KINDS.indexOf('extension');
const MORTAL_KIND = KINDS.indexOf('mortal');

const DATE_TIME = PRIMITIVES.indexOf('dateTime');

/** Objects are numbered through all records; the numbers must fit 32 bits. */
const MAX_OBJECTS = 1e9;

const AGGREGATED = '{"value":89,"comparator":">","unit":"a","system":"http://unitsofmeasure.org","code":"a"}';
const DECEASED = '"deceasedBoolean":true';

/** What the siblings of a field say about it; one per depth of nesting, reused. */
export class ObjectContext {
  /** Whether the object's code says that it holds an age. */
  public aged = false;
  /** The earliest year of birth that may be shown. */
  public birthFloor = 0;
  /** Whether a date of death is in the source. */
  public died = false;
}

/** Rewrites FHIR resources, bytes to bytes: what a table admits is copied as it stands, everything else is cut or replaced. */
export class FhirTransform implements RecordTransform {
  public lastType: string | undefined;
  public lastPath: string | undefined;
  public redacted = 0;
  public hashed = 0;
  public generalized = 0;
  public shifted = 0;

  private readonly record = new RecordView();
  private readonly pseudonyms: Pseudonyms;
  private readonly reference: ReferenceParts;
  private readonly entry: ReferenceParts;
  private readonly guards: ObjectGuards;
  private readonly contexts: ObjectContext[];
  private readonly path: Int32Array;
  /** Number of the object in which each field was last seen, and the token of its value there. */
  private readonly seen: Int32Array;
  private readonly slots: Int32Array;
  private readonly yearFloor: number;
  private readonly hashesIds: boolean;
  private objects = 0;
  private depth = 0;
  private out!: ByteWriter;

  constructor(
    private readonly tables: LoadedTables,
    key: Uint8Array,
    referenceDate: string,
  ) {
    const { fhir, limits } = tables.policy;
    this.pseudonyms = new Pseudonyms(deriveSubKey(key, 'pseudonym'));
    this.reference = new ReferenceParts(this.tables.types);
    this.entry = new ReferenceParts(this.tables.types);
    this.yearFloor = referenceYear(referenceDate) - fhir.ages.limit + 1;
    this.hashesIds = fhir.ids === 'hash';
    const fields = this.tables.names.length;
    this.seen = new Int32Array(fields);
    this.slots = new Int32Array(fields);
    this.path = new Int32Array(limits.maxDepth + 1);
    this.contexts = Array.from(this.path, () => new ObjectContext());
    this.guards = new ObjectGuards(this.tables, this.record, this.seen, this.slots, this.yearFloor, this.reference);
  }

  public transform(
    bytes: Uint8Array,
    start: number,
    end: number,
    out: ByteWriter,
    entryId?: string,
  ): RecordErrorCode | undefined {
    const { length } = out;
    const { redacted, hashed, generalized } = this;
    this.lastType = this.lastPath = undefined;
    const { maxDepth, maxRecordBytes } = this.tables.policy.limits;
    if (end - start > maxRecordBytes) return 'REC_TOO_LARGE';
    this.record.bytes = bytes;
    this.out = out;
    this.depth = 0;
    if (this.objects > MAX_OBJECTS) {
      this.objects = 0;
      this.seen.fill(0);
    }
    let code: RecordErrorCode | undefined;
    try {
      code = this.record.tape.scan(bytes, start, end, maxDepth);
      if (code === undefined) this.root(entryId);
    } catch (error) {
      // Whatever went wrong, the record is not written; its text is in no message.
      code = error instanceof RecordFault ? error.code : 'DEID_FAILED';
      this.lastPath = this.schemaPath();
    }
    if (code === undefined) return undefined;
    out.truncate(length);
    this.redacted = redacted;
    this.hashed = hashed;
    this.generalized = generalized;
    return code;
  }

  private root(entryId: string | undefined): void {
    if (!this.record.isObject(0)) throw NO_TYPE;
    const type = this.resourceType(0);
    if (type < 0) throw this.record.member(0, 'resourceType') < 0 || this.typeIsNoText() ? NO_TYPE : UNKNOWN_TYPE;
    this.lastType = this.tables.typeNames[type];
    this.object(0, this.tables.resourceNodes[type], entryId);
  }

  private typeIsNoText(): boolean {
    return !this.record.isString(this.record.member(0, 'resourceType'));
  }

  /** Number of an object's resource type, wherever its key stands; -1 where it has none that is known. */
  private resourceType(token: number): number {
    const { record } = this;
    const value = record.member(token, 'resourceType');
    if (value < 0 || !record.isString(value)) return -1;
    record.text(value);
    return this.tables.types.find(record.textBytes, record.textFrom, record.textTo);
  }

  /** Writes what is kept of an object, or nothing. */
  private object(token: number, node: number, entryId?: string): void {
    const { record, out, tables } = this;
    const kind = tables.kinds[node];
    this.resolveKeys(token, node);
    const context = this.contexts[this.depth];
    if (kind !== PLAIN_KIND) {
      const fate = this.guards.judge(kind, node, token, this.objects, context);
      if (fate === 'drop') {
        this.redacted++;
        return;
      }
      if (fate === 'aggregate') {
        this.generalized++;
        out.ascii(AGGREGATED);
        return;
      }
    }
    const begin = out.length;
    out.byte(0x7b);
    let written = 0;
    if (entryId !== undefined && this.writeEntryId(node, entryId)) written++;
    const { tokens } = record;
    const end = tokens[token + 2];
    let deathShown = false;
    for (let key = token + TOKEN; key < end;) {
      const field = tokens[key + 2];
      const value = key + TOKEN;
      key = record.next(value);
      if (field < 0) {
        if (!record.isNull(value)) this.redacted++;
        continue;
      }
      const mark = out.length;
      if (written > 0) out.byte(COMMA);
      const name = tables.keys[field];
      out.copy(name, 0, name.length);
      const before = out.length;
      this.path[this.depth] = field;
      this.value(field, value, context);
      if (out.length === before) {
        out.length = mark;
        continue;
      }
      written++;
      if (kind === MORTAL_KIND && this.guards.isDeath(field)) deathShown = true;
    }
    if (kind === MORTAL_KIND && context.died && !deathShown) {
      if (written++ > 0) out.byte(COMMA);
      out.ascii(DECEASED);
    }
    // An empty object is no FHIR, and an extension that is nothing but its name says nothing.
    if (written === 0 || (kind === EXTENSION_KIND && written === 1)) out.length = begin;
    else out.byte(0x7d);
  }

  /** Looks up the object's keys, before any value is written: a sibling may decide, and a key may come twice. */
  private resolveKeys(token: number, node: number): void {
    const { record, tables, seen, slots } = this;
    const { tokens, bytes } = record;
    const object = ++this.objects;
    const end = tokens[token + 2];
    let previous = -1;
    for (let key = token + TOKEN; key < end;) {
      const value = key + TOKEN;
      let field: number;
      if (tokens[key + 2] === 0) {
        field = tables.field(node, previous, bytes, tokens[key] + 1, tokens[key + 1] - 1);
      } else {
        record.text(key);
        field = tables.field(node, previous, record.textBytes, record.textFrom, record.textTo);
      }
      if (field >= 0) {
        previous = field;
        if (seen[field] === object) {
          this.path[this.depth] = field;
          throw DUPLICATE_KEY;
        }
        seen[field] = object;
        slots[field] = value;
      }
      tokens[key + 2] = field;
      key = record.next(value);
    }
  }

  private writeEntryId(node: number, entryId: string): boolean {
    const { tables, out, entry } = this;
    const field = tables.fieldNamed(node, 'id');
    if (!this.hashesIds || (this.seen[field] === this.objects && !this.record.isNull(this.slots[field]))) return false;
    const text = Buffer.from(entryId);
    if (!entry.parse(text, 0, text.length) || entry.idTo === entry.idFrom) return false;
    out.copy(tables.keys[field], 0, tables.keys[field].length);
    out.byte(QUOTE);
    this.pseudonyms.write(text, entry.idFrom, entry.idTo, out);
    out.byte(QUOTE);
    this.hashed++;
    return true;
  }

  private value(field: number, value: number, context: ObjectContext): void {
    const { record, out } = this;
    if (!record.isArray(value)) {
      this.item(field, value, context);
      return;
    }
    const action = this.tables.actions[field];
    const end = record.tokens[value + 2];
    if (action === DROP) {
      this.redacted++;
      return;
    }
    const begin = out.length;
    out.byte(0x5b);
    let written = 0;
    for (let item = value + TOKEN; item < end; item = record.next(item)) {
      const mark = out.length;
      if (written > 0) out.byte(COMMA);
      const before = out.length;
      this.item(field, item, context);
      if (out.length === before) out.length = mark;
      else written++;
    }
    if (written === 0) out.length = begin;
    else out.byte(0x5d);
  }

  /** Writes one value, or one item of an array: a `null` there only keeps a place for an extension that is cut. */
  private item(field: number, value: number, context: ObjectContext): void {
    const { record, tables } = this;
    if (record.isNull(value)) return;
    const action = tables.actions[field];
    switch (action) {
      case WALK: {
        const alternate = tables.alternates[field];
        this.enter(value, context.aged && alternate >= 0 ? alternate : tables.args[field]);
        return;
      }
      case KEEP:
        this.keep(field, value, context);
        return;
      case CODE:
        this.text(value);
        if (tables.isMember(tables.args[field], record.textBytes, record.textFrom, record.textTo)) this.copyText();
        else this.redacted++;
        return;
      case YEAR:
        this.year(field, value, context);
        return;
      case REF:
        this.text(value);
        this.writeReference();
        return;
      case SYSTEM:
      case CODED:
      case UNIT:
        // The guard of the object has judged them; those that it refused were cut with their keys.
        this.text(value);
        this.copyText();
        return;
      case ID:
        this.id(value);
        return;
      case TYPE:
        this.text(value);
        this.copyText();
        return;
      case STATE:
        this.text(value);
        if (tables.states.has(record.textString().trim().toUpperCase())) this.copyText();
        else this.redacted++;
        return;
      case ZIP3:
        this.zip3(value);
        return;
      case EXTENSION:
        this.extension(tables.args[field], value);
        return;
      case RESOURCE:
        this.resource(value);
        return;
      case MODIFIER:
        throw MODIFIER_EXTENSION;
      default:
        this.redacted++;
    }
  }

  private enter(value: number, node: number): void {
    if (!this.record.isObject(value)) {
      this.redacted++;
      return;
    }
    this.depth++;
    this.object(value, node);
    this.depth--;
  }

  private resource(value: number): void {
    const type = this.record.isObject(value) ? this.resourceType(value) : -1;
    if (type < 0) this.redacted++;
    else this.enter(value, this.tables.resourceNodes[type]);
  }

  private extension(set: number, value: number): void {
    const { record } = this;
    const { urls, nodes } = this.tables.extensions[set];
    const url = record.isObject(value) ? record.member(value, 'url') : -1;
    let known = -1;
    if (url >= 0 && record.isString(url)) {
      record.text(url);
      known = urls.find(record.textBytes, record.textFrom, record.textTo);
    }
    if (known < 0) this.redacted++;
    else this.enter(value, nodes[known]);
  }

  private keep(field: number, value: number, context: ObjectContext): void {
    const { record, tables } = this;
    const from = record.tokens[value];
    const to = record.tokens[value + 1];
    if (!fitsPrimitive(tables.args[field], record.bytes, from, to)) throw BAD_PRIMITIVE;
    const aged = context.aged && tables.alternates[field] === 1;
    // A plain number has no comparator: an age over the limit cannot be aggregated.
    if (aged && record.number(value) >= tables.policy.fhir.ages.limit) this.redacted++;
    else this.out.copy(record.bytes, from, to);
  }

  private year(field: number, value: number, context: ObjectContext): void {
    const { record, out } = this;
    this.text(value);
    const withTime = this.tables.args[field] === DATE_TIME;
    const year = yearOf(record.textBytes, record.textFrom, record.textTo, withTime);
    if (year < 0) throw BAD_PRIMITIVE;
    if (year < (this.guards.isBirth(field) ? context.birthFloor : this.yearFloor)) {
      this.redacted++;
      return;
    }
    if (record.textTo - record.textFrom > 4) this.generalized++;
    out.byte(QUOTE);
    out.copy(record.textBytes, record.textFrom, record.textFrom + 4);
    out.byte(QUOTE);
  }

  private id(value: number): void {
    const { record } = this;
    this.text(value);
    if (!isId(record.textBytes, record.textFrom, record.textTo)) throw BAD_PRIMITIVE;
    if (!this.hashesIds) {
      this.redacted++;
      return;
    }
    this.out.byte(QUOTE);
    this.pseudonyms.write(record.textBytes, record.textFrom, record.textTo, this.out);
    this.out.byte(QUOTE);
    this.hashed++;
  }

  /** The guard of the reference has parsed it. */
  private writeReference(): void {
    const { reference, record, out } = this;
    out.byte(QUOTE);
    out.ascii(reference.prefix);
    out.copy(record.textBytes, reference.typeFrom, reference.typeTo);
    if (reference.idTo > reference.idFrom) {
      this.pseudonyms.write(record.textBytes, reference.idFrom, reference.idTo, out);
      this.hashed++;
    }
    out.byte(QUOTE);
  }

  private zip3(value: number): void {
    const { record, out } = this;
    this.text(value);
    const shown =
      this.guards.isDomestic &&
      showsZip3(record.textBytes, record.textFrom, record.textTo, this.tables.policy.fhir.zip3);
    out.byte(QUOTE);
    if (shown) out.copy(record.textBytes, record.textFrom, record.textFrom + 3);
    else out.ascii('000');
    out.byte(QUOTE);
    this.generalized++;
  }

  /** Opens the text of a value that has to be one. */
  private text(value: number): void {
    if (!this.record.isString(value)) throw BAD_PRIMITIVE;
    this.record.text(value);
  }

  /** Copies the open text: only texts of visible ASCII without quotes and backslashes get here. */
  private copyText(): void {
    this.out.byte(QUOTE);
    this.out.copy(this.record.textBytes, this.record.textFrom, this.record.textTo);
    this.out.byte(QUOTE);
  }

  private schemaPath(): string | undefined {
    if (this.lastType === undefined) return undefined;
    return [
      this.lastType,
      ...Array.from(this.path.subarray(0, this.depth + 1), (field) => this.tables.names[field]),
    ].join('.');
  }
}

function referenceYear(date: string): number {
  const year = /^(\d{4})-\d{2}-\d{2}$/.exec(date)?.[1];
  if (year === undefined)
    throw new Error('referenceDate must be a date like 2024-01-31; pass the last-modified date of the source');
  return Number(year);
}
