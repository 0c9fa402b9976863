import type { FieldSlots } from './field-slots';
import { showsCode, SystemClass, SystemClasses } from './guards';
import type { LoadedTables } from './loaded-tables';
import type { ObjectContext } from './object-context';
import { ObjectFate } from './object-fate';
import { QuantityGuard } from './quantity-guard';
import type { RecordView } from './record';
import { BAD_PRIMITIVE } from './record-fault';
import type { ReferenceParts } from './reference';
import { Kind } from './table-words';
import { entryAt, FIELD, NEXT, TOKEN, WEIGHED } from './token';
import { yearOf } from '../values/year';

/** Field of a key whose value is cut. */
const CUT = -1;

/** Fields of a node that its guard looks at, by name. */
type Fields = Readonly<Record<string, number>>;

/** Fields of which an object has one to say what its numbers are. */
const CONCEPTS = ['code', 'measure', 'type'];

const GUARDED_NAMES = [
  ...CONCEPTS,
  ...['system', 'reference', 'value', 'comparator', 'unit', 'country', 'state', 'birthDate'],
];

/**
 * Decides what depends on siblings, once the keys of an object are resolved and before anything of it is written. A
 * field that is refused is cut by marking its key.
 */
export class ObjectGuards {
  /** Whether the address judged last is in the country whose ZIP codes the policy knows. */
  public isDomestic = true;
  private readonly systems: SystemClasses;
  private readonly quantities: QuantityGuard;
  private readonly fields: readonly (Fields | undefined)[];

  constructor(
    private readonly tables: LoadedTables,
    private readonly record: RecordView,
    private readonly slots: FieldSlots,
    private readonly yearFloor: number,
    private readonly reference: ReferenceParts,
  ) {
    this.systems = new SystemClasses(tables);
    this.quantities = new QuantityGuard(tables, this.systems, record);
    this.fields = Array.from(tables.kinds, (kind, node) => (kind === 0 ? undefined : this.namedFields(node)));
  }

  /** Judges the object whose fields were noted last. */
  public judge(kind: number, node: number, token: number, context: ObjectContext): ObjectFate {
    const fields = this.fields[node]!;
    switch (kind) {
      case Kind.CODING:
        return this.coding(fields);
      case Kind.REFERENCE:
        return this.literal(this.slot(fields.reference));
      case Kind.QUANTITY:
      case Kind.AGE:
        return this.quantity(fields, kind === Kind.AGE, token);
      case Kind.ADDRESS:
        this.address(fields);
        return ObjectFate.WALKED;
      case Kind.OBSERVED:
        context.aged = CONCEPTS.some((name) => this.holdsAge(this.slot(fields[name])));
        return ObjectFate.WALKED;
      case Kind.ANSWER:
        context.aged = true;
        return ObjectFate.WALKED;
      case Kind.MORTAL:
        this.mortal(node, token, fields, context);
        return ObjectFate.WALKED;
      default:
        return ObjectFate.WALKED;
    }
  }

  /** Token of a field's value in the object at hand; -1 where it has none. */
  private slot(field: number): number {
    const value = this.slots.valueOf(field);
    return value < 0 || this.record.isNull(value) ? -1 : value;
  }

  private cut(value: number): void {
    if (value >= 0) this.record.tokens[value - TOKEN + FIELD] = CUT;
  }

  private namedFields(node: number): Fields {
    return Object.fromEntries(GUARDED_NAMES.map((name) => [name, this.tables.fieldNamed(node, name)]));
  }

  /** Nothing of a coding is shown unless its code is: `userSelected` or a system alone say nothing. */
  private coding(fields: Fields): ObjectFate {
    const { record } = this;
    const system = this.slot(fields.system);
    const code = this.slot(fields.code);
    if (code < 0 || system < 0) return ObjectFate.DROPPED;
    if (!record.isString(code) || !record.isString(system)) throw BAD_PRIMITIVE;
    record.text(system);
    const systemClass = this.systems.classOf(record.textBytes, record.textFrom, record.textTo);
    if (systemClass === SystemClass.REFUSED) return ObjectFate.DROPPED;
    record.text(code);
    const shown = showsCode(systemClass, this.tables.units, record.textBytes, record.textFrom, record.textTo);
    return shown ? ObjectFate.WALKED : ObjectFate.DROPPED;
  }

  private literal(reference: number): ObjectFate {
    const { record } = this;
    if (reference < 0 || this.tables.policy.fhir.ids === 'drop') return ObjectFate.DROPPED;
    if (!record.isString(reference)) throw BAD_PRIMITIVE;
    record.text(reference);
    return this.reference.parse(record.textBytes, record.textFrom, record.textTo)
      ? ObjectFate.WALKED
      : ObjectFate.DROPPED;
  }

  private quantity(fields: Fields, age: boolean, token: number): ObjectFate {
    const { quantities } = this;
    const value = this.slot(fields.value);
    const unit = this.slot(fields.unit);
    const system = this.slot(fields.system);
    const code = this.slot(fields.code);
    const fate = quantities.judge({ value, comparator: this.slot(fields.comparator), unit, system, code }, age);
    if (quantities.isWeighed) this.record.tokens[token + FIELD] = WEIGHED;
    if (fate !== ObjectFate.WALKED) return fate;
    if (!quantities.showsUnit) this.cut(unit);
    if (!quantities.showsSystem) this.cut(system);
    if (!quantities.showsCode) this.cut(code);
    return ObjectFate.WALKED;
  }

  /** The country itself is cut: it only tells what the state and the ZIP code are worth. */
  private address(fields: Fields): void {
    const { record } = this;
    const country = this.slot(fields.country);
    this.isDomestic = country < 0;
    if (country >= 0 && record.isString(country)) {
      record.text(country);
      this.isDomestic = this.tables.countries.has(record.textString().trim().toUpperCase());
    }
    if (!this.isDomestic) this.cut(this.slot(fields.state));
  }

  /** Whether a value of the field `name` has a code that stands for age: to be known without looking into it again. */
  public namesAge(name: string, value: number): boolean {
    return name === 'coding' ? this.hasAgeCoding(value) : CONCEPTS.includes(name) && this.holdsAge(value);
  }

  /** Whether a CodeableConcept has a code that stands for age; of several, where a list stands in its place, any. */
  private holdsAge(concept: number): boolean {
    const { record } = this;
    if (concept < 0 || !record.isContainer(concept)) return false;
    const entry = entryAt(record.tokens, concept);
    if (entry >= 0) return record.memory.isAged(entry);
    if (record.isArray(concept)) {
      const end = record.tokens[concept + NEXT];
      for (let item = concept + TOKEN; item < end; item = record.next(item)) if (this.holdsAge(item)) return true;
      return false;
    }
    const codings = record.member(concept, 'coding');
    return codings >= 0 && this.hasAgeCoding(codings);
  }

  private hasAgeCoding(codings: number): boolean {
    const { record } = this;
    const entry = record.isContainer(codings) ? entryAt(record.tokens, codings) : -1;
    if (entry >= 0) return record.memory.isAged(entry);
    if (!record.isArray(codings)) return this.isAgeCoding(codings);
    const end = record.tokens[codings + NEXT];
    for (let item = codings + TOKEN; item < end; item = record.next(item)) if (this.isAgeCoding(item)) return true;
    return false;
  }

  private isAgeCoding(coding: number): boolean {
    const { record } = this;
    const code = record.isObject(coding) ? record.member(coding, 'code') : -1;
    if (code < 0 || !record.isString(code)) return false;
    return record.find(code, this.tables.ageCodes) >= 0;
  }

  /**
   * A year of birth is shown as long as no age of 90 follows from it: at death, where that year is shown, else by the
   * reference date.
   */
  private mortal(node: number, token: number, fields: Fields, context: ObjectContext): void {
    const { tables, record } = this;
    context.died = this.hasDeathExtension(token);
    for (let field = tables.firstField[node]; field < tables.firstField[node + 1]; field++) {
      const value = tables.deaths[field] === 1 ? this.slot(field) : -1;
      if (value < 0 || tables.names[field] === 'deceasedBoolean') continue;
      context.died = true;
      if (fields.birthDate < 0 || !record.isString(value)) continue;
      record.text(value);
      const death = yearOf(record.textBytes, record.textFrom, record.textTo, true);
      if (death >= this.yearFloor) context.birthFloor = death - tables.policy.fhir.ages.limit + 1;
    }
  }

  /** `_deceasedDateTime` without a date says "dead, and nobody knows since when". */
  private hasDeathExtension(token: number): boolean {
    const { record } = this;
    const end = record.tokens[token + NEXT];
    for (let key = token + TOKEN; key < end; key = record.next(key + TOKEN)) {
      if (record.tokens[key + FIELD] !== CUT || record.isNull(key + TOKEN)) continue;
      record.text(key);
      const name = record.textString();
      if (name.startsWith('_deceased') && name !== '_deceasedBoolean') return true;
    }
    return false;
  }
}
