/**
 * The same rules as somebody would write them by hand: parse, walk, build anew. Slow, plain, and the measure for the byte
 * rewriter. It shares nothing with the engine but the tables.
 */
import { createHmac } from 'node:crypto';
import type { CompiledField, CompiledFhir, CompiledNode } from '../../../../src/deidentification/private/fhir/tables';
import { isWrittenDay } from '../../../support/written-day';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

interface Scope {
  readonly aged: boolean;
  readonly birthFloor: number;
  readonly foreign: boolean;
}

export class Rejected extends Error {}

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const DATE_TIME =
  /^(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-4]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?)?)?$/;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined;
}

function hasFewDigits(code: string, most: number): boolean {
  return code.replace(/\D/g, '').length <= most && !isWrittenDay(code);
}

export class ReferenceWalk {
  private readonly codes: ReadonlyMap<number, ReadonlySet<string>>;
  private readonly units: ReadonlySet<string>;

  constructor(
    private readonly tables: CompiledFhir,
    private readonly subKey: Uint8Array,
    private readonly referenceYear: number,
  ) {
    this.codes = new Map(tables.valueSets.map((set, number) => [number, new Set(set)]));
    this.units = new Set([...tables.codings.units, ...Object.keys(tables.ages.units)]);
  }

  public resource(source: JsonObject): JsonObject | undefined {
    const type = source.resourceType;
    const node =
      typeof type === 'string' && Object.hasOwn(this.tables.resources, type) ? this.tables.resources[type] : undefined;
    return node === undefined ? undefined : this.object(source, this.tables.nodes[node]);
  }

  public hash(id: string): string {
    const text = UUID.test(id) ? id.toLowerCase() : id;
    const hex = createHmac('sha256', this.subKey).update(text).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  }

  private object(source: JsonObject, node: CompiledNode): JsonObject | undefined {
    const judged = this.judge(source, node);
    if (judged === undefined || judged.result) return judged?.result;
    const target: JsonObject = {};
    for (const [name, value] of Object.entries(source)) {
      if (!Object.hasOwn(node.fields, name) || judged.cut.includes(name)) continue;
      const kept = this.value(node.fields[name], name, value, judged.scope);
      if (!isEmpty(kept)) target[name] = kept!;
    }
    if (
      node.kind === 'mortal' &&
      this.hasDied(source) &&
      !Object.keys(target).some((key) => key.startsWith('deceased'))
    ) {
      target.deceasedBoolean = true;
    }
    const size = Object.keys(target).length;
    return size === 0 || (node.kind === 'extension' && size === 1) ? undefined : target;
  }

  private value(field: CompiledField, name: string, value: Json, scope: Scope): Json | undefined {
    if (!Array.isArray(value)) return this.item(field, name, value, scope);
    if (field[0] === 'drop') return undefined;
    const items = value.map((item) => this.item(field, name, item, scope)).filter((item) => !isEmpty(item)) as Json[];
    return items.length > 0 ? items : undefined;
  }

  private item(field: CompiledField, name: string, value: Json, scope: Scope): Json | undefined {
    if (value === null) return undefined;
    const [action, first, second] = field;
    switch (action) {
      case 'drop':
        return undefined;
      case 'walk': {
        if (!isObject(value)) return undefined;
        return this.object(value, this.tables.nodes[(scope.aged && second !== undefined ? second : first) as number]);
      }
      case 'keep':
        if (!this.fits(first as string, value)) throw new Rejected('FHIR_BAD_PRIMITIVE');
        return scope.aged && second === 'age' && (value as number) >= this.tables.ages.limit ? undefined : value;
      case 'code':
        return this.codes.get(first as number)!.has(this.string(value)) ? value : undefined;
      case 'year': {
        const year = (first === 'date' ? DATE : DATE_TIME).exec(this.string(value))?.[1];
        if (year === undefined || year === '0000') throw new Rejected('FHIR_BAD_PRIMITIVE');
        const floor = name === 'birthDate' ? scope.birthFloor : this.floor;
        return Number(year) < floor ? undefined : year;
      }
      case 'id':
        if (!ID.test(this.string(value))) throw new Rejected('FHIR_BAD_PRIMITIVE');
        return this.tables.ids === 'hash' ? this.hash(this.string(value)) : undefined;
      case 'ref':
        return this.reference(this.string(value));
      case 'state':
        return this.state(this.string(value).trim());
      case 'zip3': {
        const match = /^(\d{3})\d\d(-?\d{4})?$/.exec(this.string(value));
        return match && !scope.foreign && this.tables.zip3[Number(match[1])] === '1' ? match[1] : '000';
      }
      case 'extension': {
        const set = this.tables.extensions[first as number];
        const url = isObject(value) ? value.url : undefined;
        if (typeof url !== 'string' || !Object.hasOwn(set, url)) return undefined;
        return this.object(value as JsonObject, this.tables.nodes[set[url]]);
      }
      case 'resource':
        return isObject(value) ? this.resource(value) : undefined;
      case 'modifier':
        throw new Rejected('FHIR_MODIFIER_EXTENSION');
      default:
        return this.string(value);
    }
  }

  private judge(
    source: JsonObject,
    node: CompiledNode,
  ): { cut: string[]; scope: Scope; result?: JsonObject } | undefined {
    const scope = { aged: false, birthFloor: this.floor, foreign: false };
    switch (node.kind) {
      case 'coding': {
        const { system, code } = source;
        if (system === undefined || code === undefined || system === null || code === null) return undefined;
        return this.showsCode(this.string(system), this.string(code)) ? { cut: [], scope } : undefined;
      }
      case 'reference': {
        const { reference } = source;
        if (reference === undefined || reference === null || this.tables.ids === 'drop') return undefined;
        return this.reference(this.string(reference)) === undefined ? undefined : { cut: [], scope };
      }
      case 'quantity':
      case 'age':
        return this.quantity(source, node.kind === 'age', scope);
      case 'address': {
        const { country } = source;
        const foreign =
          country !== undefined &&
          country !== null &&
          !(typeof country === 'string' && this.tables.countries.includes(country.trim().toUpperCase()));
        return { cut: foreign ? ['state'] : [], scope: { ...scope, foreign } };
      }
      case 'observed':
        return {
          cut: [],
          scope: {
            ...scope,
            aged: ['code', 'measure', 'type'].some((by) => Object.hasOwn(node.fields, by) && this.isAge(source[by])),
          },
        };
      case 'answer':
        return { cut: [], scope: { ...scope, aged: true } };
      case 'mortal': {
        let { birthFloor } = scope;
        for (const [name, value] of Object.entries(source)) {
          if (!name.startsWith('deceased') || name === 'deceasedBoolean' || !Object.hasOwn(node.fields, name)) continue;
          const year = typeof value === 'string' ? Number(DATE_TIME.exec(value)?.[1] ?? '-1') : -1;
          if (year >= this.floor && node.fields.birthDate) birthFloor = year - this.tables.ages.limit + 1;
        }
        return { cut: [], scope: { ...scope, birthFloor } };
      }
      default:
        return { cut: [], scope };
    }
  }

  private quantity(
    source: JsonObject,
    age: boolean,
    scope: Scope,
  ): { cut: string[]; scope: Scope; result?: JsonObject } | undefined {
    const text = (name: string): string | undefined =>
      source[name] === undefined || source[name] === null ? undefined : this.string(source[name]);
    const [system, code, unit] = [text('system'), text('code'), text('unit')];
    const cut: string[] = [];
    const codeShown =
      code !== undefined && (system === undefined ? this.units.has(code) : this.showsCode(system, code));
    if (system !== undefined && this.classOf(system) === 'refused') cut.push('system');
    if (!codeShown) cut.push('code');
    if (unit !== undefined && !(codeShown && unit === code) && !this.units.has(unit)) cut.push('unit');
    const limits = [code, unit].map((name) => this.unitLimit(name)).filter((limit) => limit > 0);
    const limit = limits.length > 0 ? Math.min(...limits) : age ? this.tables.ages.limit : 0;
    const { value } = source;
    if (limit === 0 || value === undefined || value === null) return { cut, scope };
    if (typeof value !== 'number') throw new Rejected('FHIR_BAD_PRIMITIVE');
    if (value >= limit) {
      const comparator = text('comparator');
      if (comparator === '<' || comparator === '<=') return undefined;
      const aggregated = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
      return { cut, scope, result: aggregated };
    }
    return { cut, scope };
  }

  private unitLimit(unit: string | undefined): number {
    if (unit === undefined) return 0;
    const bare = unit.trim().toLowerCase().split(/[{}]/);
    const written = this.units.has(unit) || Buffer.byteLength(unit) > 16;
    const name = written ? unit : bare.length === 3 && bare[2] === '' ? bare[0] || bare[1] : bare.join('');
    return Object.hasOwn(this.tables.ages.units, name) ? this.tables.ages.units[name] : 0;
  }

  private state(state: string): string | undefined {
    return /^[ -~]*$/.test(state) && this.tables.states.includes(state.toUpperCase()) ? state : undefined;
  }

  private isAge(concept: Json | undefined): boolean {
    if (Array.isArray(concept)) return concept.some((one) => this.isAge(one));
    const codings = isObject(concept) ? concept.coding : undefined;
    return (Array.isArray(codings) ? codings : [codings]).some(
      (coding) => isObject(coding) && typeof coding.code === 'string' && this.tables.ages.codes.includes(coding.code),
    );
  }

  private classOf(system: string): 'refused' | 'units' | 'known' | 'strange' {
    if (!/^(https?:\/\/|urn:)[\x21-\x7e]*$/.test(system) || /["\\?@<>|]/.test(system) || system.length > 200) {
      return 'refused';
    }
    const { unitSystem, identifierSystems, knownSystems } = this.tables.codings;
    if (system === unitSystem) return 'units';
    const longest = (entries: readonly string[]): number =>
      Math.max(
        0,
        ...entries.filter((e) => (/[/:.-]$/.test(e) ? system.startsWith(e) : system === e)).map((e) => e.length),
      );
    if (longest(identifierSystems) > longest(knownSystems)) return 'refused';
    return longest(knownSystems) > 0 ? 'known' : 'strange';
  }

  private showsCode(system: string, code: string): boolean {
    switch (this.classOf(system)) {
      case 'units':
        return this.units.has(code) || (/^[A-Za-z0-9[\]_*^/.()%'+-]{1,16}$/.test(code) && hasFewDigits(code, 5));
      case 'known':
        return /^[\x21-\x7e]{1,64}$/.test(code) && !/["\\|@^~&]/.test(code);
      case 'strange':
        return /^[A-Za-z0-9._:/+-]{1,32}$/.test(code) && hasFewDigits(code, 6);
      default:
        return false;
    }
  }

  private reference(text: string): string | undefined {
    if (text === '#') return '#';
    const plain = /^(#|urn:uuid:|urn:oid:)?([A-Za-z0-9.-]{1,64})$/.exec(text);
    if (plain) return (plain[1] === 'urn:oid:' ? 'urn:uuid:' : (plain[1] ?? '')) + this.hash(plain[2]);
    const path = /^(?:https?:\/\/[^?#]*\/|https?:\/\/)?([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(\/_history\/[^/]*)?$/.exec(
      text,
    );
    return path && Object.hasOwn(this.tables.resources, path[1]) ? `${path[1]}/${this.hash(path[2])}` : undefined;
  }

  private hasDied(source: JsonObject): boolean {
    const names = Object.keys(source).filter((name) => source[name] !== null);
    return names.some((name) => /^_?deceased(?!Boolean$)/.test(name) && this.knowsDeath(name));
  }

  /** A field that merely begins like one of death is unknown. */
  private knowsDeath(name: string): boolean {
    return (
      name.startsWith('_') ||
      ['deceasedDateTime', 'deceasedAge', 'deceasedRange', 'deceasedDate', 'deceasedString'].includes(name)
    );
  }

  private fits(type: string, value: Json): boolean {
    if (type === 'boolean') return typeof value === 'boolean';
    if (type === 'uri') return typeof value === 'string';
    if (typeof value !== 'number') return false;
    if (type === 'decimal') return true;
    const low = type === 'integer' ? -(2 ** 31) : type === 'positiveInt' ? 1 : 0;
    return Number.isInteger(value) && value >= low && value < 2 ** 31;
  }

  private string(value: Json): string {
    if (typeof value !== 'string') throw new Rejected('FHIR_BAD_PRIMITIVE');
    return value;
  }

  private get floor(): number {
    return this.referenceYear - this.tables.ages.limit + 1;
  }
}
