import { CLOSE_OBJECT, COMMA, LOWER_N, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import type { DeidCounts, RecordErrorCode } from '../contract';
import { sumOf } from '../counts';
import { deriveSubKey } from '../keys';
import type { RecordTransform } from '../record-transform';
import { chooseCase } from './cases';
import { FieldSlots } from './field-slots';
import type { LoadedTables } from './loaded-tables';
import { ObjectContext } from './object-context';
import { ObjectFate } from './object-fate';
import { ObjectGuards } from './object-guards';
import { purityOf, Recall } from './recall';
import { RecordView } from './record';
import { DUPLICATE_KEY, MODIFIER_EXTENSION, RecordFault, STALE } from './record-fault';
import { ReferenceParts } from './reference';
import { ResourceTypes } from './resource-types';
import { RuleWriter } from './rule-writer';
import { Action, Kind } from './table-words';
import { END, entryAt, FIELD, NEXT, TOKEN } from './token';
import { hasTwin } from './twins';
import { ValueWriter } from './value-writer';
import { encoded } from '../values/encoded';
import { putQuoted, putSpan } from '../values/put';
import { referenceYear } from '../values/reference-year';

/** On the way to a fault: none of an object's fields. */
const NO_FIELD = -1;

const AGGREGATED = '{"value":89,"comparator":">","unit":"a","system":"http://unitsofmeasure.org","code":"a"}';
const DECEASED = '"deceasedBoolean":true';

/** Rewrites FHIR resources, bytes to bytes: what a table admits is copied as it stands, everything else is cut or replaced. */
export class FhirTransform implements RecordTransform {
  public lastType: string | undefined;
  public lastPath: string | undefined;
  public readonly recordEnd = 0x0a;

  private readonly record: RecordView;
  private readonly types: ResourceTypes;
  private readonly values: ValueWriter;
  private readonly recall: Recall;
  private readonly rules: RuleWriter;
  private readonly guards: ObjectGuards;
  private readonly entry: ReferenceParts;
  private readonly contexts: ObjectContext[];
  private readonly path: Int32Array;
  private readonly yearFloor: number;
  private readonly fields: FieldSlots;
  private depth = 0;
  private out!: ByteWriter;

  constructor(
    private readonly tables: LoadedTables,
    key: Uint8Array,
    referenceDate: string,
  ) {
    const { fhir, limits } = tables.policy;
    const yearFloor = (this.yearFloor = referenceYear(referenceDate) - fhir.ages.limit + 1);
    const reference = new ReferenceParts(tables.types);
    this.record = new RecordView(tables, purityOf(tables));
    this.types = new ResourceTypes(tables, this.record);
    this.entry = new ReferenceParts(tables.types);
    this.fields = new FieldSlots(tables.names.length);
    this.path = new Int32Array(limits.maxDepth + 1);
    this.contexts = Array.from(this.path, () => new ObjectContext());
    this.guards = new ObjectGuards(tables, this.record, this.fields, yearFloor, reference);
    this.rules = new RuleWriter(tables, this.record, key, referenceDate);
    const subKey = deriveSubKey(key, 'pseudonym');
    this.values = new ValueWriter(tables, this.record, subKey, yearFloor, reference, this.rules);
    this.recall = new Recall(tables, this.record, this.guards, this.values);
  }

  public counts(): DeidCounts {
    return sumOf(this.values, this.rules.values);
  }

  public transform(
    bytes: Uint8Array,
    start: number,
    end: number,
    out: ByteWriter,
    entryId?: string,
  ): RecordErrorCode | undefined {
    if (end - start > this.tables.policy.limits.maxRecordBytes) return 'REC_TOO_LARGE';
    this.record.tape.take(bytes, start, end);
    this.out = this.values.out = this.rules.out = out;
    const { length } = out;
    this.values.mark();
    for (let recalls = true; ; recalls = false) {
      const code = this.attempt(entryId, recalls);
      if (code === undefined) return undefined;
      out.truncate(length);
      this.rules.values.takeBack();
      this.values.takeBack();
      if (code !== 'STALE') return code;
    }
  }

  /** Writes the record; unless it succeeds, what was written and counted is to be taken back. */
  private attempt(entryId: string | undefined, recalls: boolean): RecordErrorCode | 'STALE' | undefined {
    const { record, tables } = this;
    this.lastType = this.lastPath = undefined;
    this.rules.begin();
    this.depth = 0;
    this.fields.beginRecord();
    try {
      const { maxDepth } = tables.policy.limits;
      const code = record.tape.scan(maxDepth, recalls ? record.memory.beginRecord() : 0);
      if (code === undefined) this.root(this.types.ofRoot(), entryId);
      return code;
    } catch (error) {
      if (error === STALE) return 'STALE';
      // Whatever went wrong, the record is not written; its text is in no message.
      this.lastPath = this.schemaPath();
      return error instanceof RecordFault ? error.code : 'DEID_FAILED';
    }
  }

  private root(type: number, entryId: string | undefined): void {
    this.lastType = this.tables.typeNames[type];
    this.rules.enterResource(0, type, entryId);
    this.object(0, this.tables.resourceNodes[type], entryId);
  }

  /** Writes what is kept of an object, or nothing. */
  private object(token: number, node: number, entryId?: string): void {
    const { record, out, tables } = this;
    const kind = tables.kinds[node];
    if (record.tokens[token + FIELD] !== node) record.findKeys(token, node);
    const twice = this.fields.note(record.tokens, token);
    if (twice >= 0) {
      this.path[this.depth] = twice;
      throw DUPLICATE_KEY;
    }
    const context = this.contexts[this.depth];
    context.token = token;
    // What the last object at this depth left there says nothing about this one.
    context.aged = context.died = false;
    context.birthFloor = this.yearFloor;
    if (kind !== Kind.PLAIN) {
      // A guard that refuses the record says so of the object.
      this.path[this.depth] = NO_FIELD;
      const fate = this.guards.judge(kind, node, token, context);
      if (fate === ObjectFate.DROPPED) {
        this.values.redacted++;
        return;
      }
      if (fate === ObjectFate.AGGREGATED) {
        this.values.generalized++;
        out.ascii(AGGREGATED);
        return;
      }
    }
    const begin = out.length;
    const { tokens } = record;
    const end = tokens[token + NEXT];
    let written = entryId !== undefined && this.writeEntryId(node, entryId) ? 1 : 0;
    let deathShown = false;
    for (let key = token + TOKEN, next = 0; key < end; key = next) {
      const field = tokens[key + FIELD];
      next = Math.abs(tokens[key + TOKEN + NEXT]);
      if (field < 0 || tables.actions[field] === Action.DROP) {
        this.drop(field, key + TOKEN, context);
        continue;
      }
      this.path[this.depth] = field;
      if (!this.member(key, field, written > 0 ? COMMA : OPEN_OBJECT, context)) continue;
      written++;
      if (kind === Kind.MORTAL && tables.deaths[field] === 1) deathShown = true;
    }
    if (kind === Kind.MORTAL && context.died && !deathShown) {
      out.byte(written++ > 0 ? COMMA : OPEN_OBJECT);
      out.ascii(DECEASED);
    }
    // An empty object is no FHIR, and an extension that is nothing but its name says nothing.
    if (written === 0 || (kind === Kind.EXTENSION && written === 1)) out.truncate(begin);
    else out.byte(CLOSE_OBJECT);
  }

  /** Writes nothing, but remembers an object or an array for which nothing is written. */
  private drop(field: number, value: number, context: ObjectContext): void {
    const { record } = this;
    if (record.isNull(value)) return;
    if (field >= 0 && record.isContainer(value)) this.container(field, value, context);
    this.values.redacted++;
  }

  /** Writes a member and the separator before it, unless nothing of its value is kept. */
  private member(key: number, field: number, separator: number, context: ObjectContext): boolean {
    const { record, out, tables } = this;
    const { tokens, bytes } = record;
    const value = key + TOKEN;
    const start = tokens[key];
    const from = tokens[value];
    const first = bytes[from];
    // In compact JSON the separator, the key and a value that is kept as it is are one run of bytes, as they stand.
    const compact = from === tokens[key + END] + 1 && tokens[key + NEXT] > 0 && bytes[start - 1] === separator;
    if (compact && tables.actions[field] <= Action.TYPE && first !== OPEN_ARRAY && tokens[value + NEXT] > 0) {
      if (first === LOWER_N || !this.values.shows(tables.actions[field], field, value, context)) return false;
      putSpan(out, record.view, start - 1, tokens[value + END]);
      return true;
    }
    const mark = out.length;
    if (compact) {
      putSpan(out, record.view, start - 1, from);
    } else {
      out.byte(separator);
      this.key(field);
    }
    const before = out.length;
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) this.container(field, value, context);
    else this.item(field, value, context);
    if (out.length > before) return true;
    out.truncate(mark);
    return false;
  }

  /** Writes an object or an array, from memory where the same came before. */
  private container(field: number, value: number, context: ObjectContext): void {
    const { out, recall } = this;
    const { redacted, hashed, generalized } = this.values;
    const { length } = out;
    const entry = entryAt(this.record.tokens, value);
    if (entry >= 0) {
      recall.write(entry, field, value, context, out);
    } else {
      if (this.tables.actions[field] !== Action.DROP) this.value(field, value, context);
      recall.remember(field, value, context, out, length, redacted, hashed, generalized);
    }
  }

  private key(field: number): void {
    this.out.byte(QUOTE);
    this.out.ascii(this.tables.names[field]);
    this.out.ascii('":');
  }

  private writeEntryId(node: number, entryId: string): boolean {
    const { tables, out, entry } = this;
    const field = tables.fieldNamed(node, 'id');
    const action = field < 0 ? Action.DROP : tables.actions[field];
    const own = this.fields.valueOf(field);
    if (
      tables.policy.fhir.ids === 'drop' ||
      !(action === Action.ID || (action === Action.ANY && tables.keepsFullUrls))
    ) {
      return false;
    }
    if (own >= 0 && !this.record.isNull(own)) return false;
    const text = encoded(entryId);
    if (!entry.parse(text, 0, text.length) || entry.idTo === entry.idFrom) return false;
    out.byte(OPEN_OBJECT);
    this.key(field);
    if (action === Action.ID) this.values.writeId(text, entry.idFrom, entry.idTo);
    else putQuoted(out, text, entry.idFrom, entry.idTo);
    return true;
  }

  private value(field: number, value: number, context: ObjectContext): void {
    const { record, out } = this;
    if (!record.isArray(value)) {
      this.item(field, value, context);
      return;
    }
    const end = record.tokens[value + NEXT];
    const begin = out.length;
    const keepsPlaces = this.tables.twins[field] >= 0 && hasTwin(this.tables, record, field, context.token);
    out.byte(0x5b);
    let places = 0;
    let written = 0;
    for (let item = value + TOKEN; item < end; item = record.next(item)) {
      const mark = out.length;
      if (places > 0) out.byte(COMMA);
      const before = out.length;
      this.item(field, item, context);
      if (out.length > before) written++;
      else if (keepsPlaces) out.ascii('null');
      else out.truncate(mark);
      if (out.length > mark) places++;
    }
    if (written === 0) out.truncate(begin);
    else out.byte(0x5d);
  }

  /** Writes one value, or one item of an array: a `null` there only keeps a place for an extension that is cut. */
  private item(field: number, value: number, context: ObjectContext): void {
    const { record, tables } = this;
    if (record.isNull(value)) return;
    const action = tables.actions[field];
    if (action === Action.WALK) {
      const alternate = tables.alternates[field];
      this.enter(value, context.aged && alternate >= 0 ? alternate : tables.args[field]);
    } else if (action === Action.EXTENSION) {
      this.extension(tables.args[field], value);
    } else if (action === Action.RESOURCE) {
      this.resource(value, tables.names[field] === 'contained');
    } else if (action === Action.WHOLE) {
      this.whole(tables.args[field], tables.alternates[field], value);
    } else if (action === Action.CASES) {
      this.item(chooseCase(tables.cases[tables.args[field]], record, value), value, context);
    } else if (action === Action.MODIFIER) {
      throw MODIFIER_EXTENSION;
    } else {
      this.values.write(action, field, value, context, this.guards.isDomestic);
    }
  }

  /** Writes a constant, beside what node `node` keeps of an object, if there is such a node. */
  private whole(rule: number, node: number, value: number): void {
    const from = this.out.length;
    if (node >= 0 && this.record.isObject(value)) this.enter(value, node);
    this.rules.whole(rule, from);
  }

  private enter(value: number, node: number): void {
    if (!this.record.isObject(value)) {
      this.values.redacted++;
      return;
    }
    this.depth++;
    this.object(value, node);
    this.depth--;
  }

  /** Writes a resource within another: its dates may be those of another patient. */
  private resource(value: number, isContained: boolean): void {
    const type = this.record.isObject(value) ? this.types.of(value) : -1;
    if (type < 0) {
      this.values.redacted++;
      return;
    }
    if (isContained) this.rules.enterContained();
    else this.rules.enterResource(value, type, undefined);
    this.enter(value, this.tables.resourceNodes[type]);
    this.rules.leaveResource();
  }

  private extension(set: number, value: number): void {
    const { record } = this;
    const { urls, nodes } = this.tables.extensions[set];
    const url = record.isObject(value) ? record.member(value, 'url') : -1;
    const known = url >= 0 && record.isString(url) ? record.find(url, urls) : -1;
    if (known < 0) this.values.redacted++;
    else this.enter(value, nodes[known]);
  }

  private schemaPath(): string | undefined {
    if (this.lastType === undefined) return undefined;
    const fields = this.path.subarray(0, this.depth + 1).filter((field) => field !== NO_FIELD);
    return [this.lastType, ...Array.from(fields, (field) => this.tables.names[field])].join('.');
  }
}
