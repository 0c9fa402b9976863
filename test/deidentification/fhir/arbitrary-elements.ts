import type { ElementField, ElementTable, ElementType } from '../../../src/deidentification/private/fhir/element-table';
import type { Random } from '../../support/random';

/** Resource types whose elements have all shapes: choices, recursion, backbones, resources in them. */
export const RESOURCE_TYPES = [
  'Patient',
  'Observation',
  'FamilyMemberHistory',
  'Claim',
  'Questionnaire',
  'Bundle',
  'OperationOutcome',
];

/** Of all types that an extension may have: enough to meet every kind of them, and a policy compiles faster. */
const EXTENSION_TYPES = [
  'string',
  'code',
  'dateTime',
  'boolean',
  'Age',
  'Address',
  'HumanName',
  'Reference',
  'Coding',
  'CodeableConcept',
];

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
const EXTENSION_URLS = ['http://a.invalid/x', 'ombCategory', `${US_CORE}race`, `${US_CORE}sex`];

/** What the definitions of our table add to R4: FHIRPath's model does not know it. */
const ADDED = ['project', 'author', 'onBehalfOf', 'account', 'accounts', 'compartment'].map((name) => `Meta.${name}`);

/** The table without all other resource types, and what only they have. */
export function smallTable(table: ElementTable): ElementTable {
  const types: Record<string, ElementType> = {};
  for (const [name, type] of Object.entries(table.types)) {
    const [root] = name.split('.');
    const isOther = table.types[root].kind === 'resource' && !table.types[root].abstract;
    if (isOther && !RESOURCE_TYPES.includes(root)) continue;
    const fields = Object.entries(type.fields).filter(
      ([field, { type: of, choice }]) =>
        !ADDED.includes(`${name}.${field}`) && !(name === 'Extension' && choice && !EXTENSION_TYPES.includes(of)),
    );
    types[name] = { ...type, fields: Object.fromEntries(fields) };
  }
  return { ...table, types };
}

const TEXTS = ['home', 'work', 'official', 'a "quoted" text', 'x', 'ä'];
const DATES = ['1970', '2001-02', '2020-02-29'];

/** Resources as the element table has them: every element may be there, with a value of its type. */
export class ArbitraryElements {
  /** @param without names of elements that are left out */
  constructor(
    private readonly table: ElementTable,
    private readonly random: Random,
    private readonly without: readonly string[] = [],
  ) {}

  public resource(type: string, depth = 0): Record<string, unknown> {
    return { resourceType: type, ...this.object(type, depth) };
  }

  private object(type: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const entries = Object.entries(this.table.types[type].fields).filter(([name]) => !this.without.includes(name));
    const chosen = new Set<string>();
    // Wide types would make resources of thousands of values.
    const percent = Math.min(60, Math.max(6, 500 / entries.length)) / (1 + depth / 2);
    for (const [name, field] of this.shuffled(entries)) {
      if (!this.random.chance(percent) || chosen.has(field.choice ?? name) || depth > 5) continue;
      chosen.add(field.choice ?? name);
      this.add(object, name, field, depth);
    }
    if (type === 'Extension') object.url = this.random.pick(EXTENSION_URLS);
    return object;
  }

  private add(object: Record<string, unknown>, name: string, field: ElementField, depth: number): void {
    const { type, many } = field;
    const count = many ? this.random.between(1, 2) : 1;
    const each = (make: () => unknown): unknown => (many ? Array.from({ length: count }, make) : make());
    if (this.table.types[type].kind !== 'primitive') {
      object[name] = each(() => this.value(field, depth));
      return;
    }
    const extended = name !== 'id' && name !== 'url' && this.random.chance(20);
    if (!extended || this.random.chance(70)) object[name] = each(() => this.value(field, depth));
    if (extended) object[`_${name}`] = each(() => this.extended(depth));
  }

  private extended(depth: number): object {
    const id = this.random.chance(30) ? { id: this.random.pick(TEXTS) } : {};
    return { ...id, extension: [this.object('Extension', depth + 2)] };
  }

  private value({ type, valueSet }: ElementField, depth: number): unknown {
    if (this.table.types[type].kind === 'resource') {
      return this.resource(type === 'Resource' ? this.random.pick(RESOURCE_TYPES) : type, depth + 3);
    }
    if (this.table.types[type].kind !== 'primitive') return this.object(type, depth + 1);
    if (valueSet !== undefined) return this.random.pick(this.table.valueSets[valueSet]);
    switch (type) {
      case 'boolean':
        return this.random.chance(50);
      case 'decimal':
        return this.random.int(1000) / 10;
      case 'integer':
      case 'unsignedInt':
      case 'positiveInt':
        return this.random.between(1, 200);
      case 'date':
        return this.random.pick(DATES);
      case 'dateTime':
        return this.random.pick([...DATES, '2020-02-29T10:11:12+01:00']);
      case 'instant':
        return '2020-02-29T10:11:12.123Z';
      case 'time':
        return '10:11:12';
      case 'id':
        return this.random.pick(['a', 'b-1', '2.3']);
      default:
        return this.random.pick(TEXTS);
    }
  }

  private shuffled<T>(all: readonly T[]): T[] {
    const rest = [...all];
    return Array.from(all, () => rest.splice(this.random.int(rest.length), 1)[0]);
  }
}

/** Types that others are made from: FHIRPath's `ofType` takes those too, while rules mean the type alone. */
const PARENT_TYPES = ['string', 'uri', 'integer', 'Quantity', 'Element', 'BackboneElement', 'Resource'];
const CONDITION_TYPES = ['string', 'code', 'uri', 'id', 'markdown'];

/** Paths that R4 knows, in every form that a rule may have. */
export class ArbitraryPaths {
  constructor(
    private readonly table: ElementTable,
    private readonly random: Random,
  ) {}

  public path(): string {
    const { random } = this;
    const root = random.pick(RESOURCE_TYPES);
    let text = random.chance(60) ? root : '';
    let types = [root];
    if (text === '' || random.chance(30)) {
      const nodes = this.nodes(text === '' ? RESOURCE_TYPES : types);
      text += (text === '' ? '' : '.') + nodes.text;
      types = nodes.types;
    }
    for (let steps = random.int(4); steps > 0; steps--) {
      const next = this.step(text, types);
      if (!next) break;
      [text, types] = [next.text, next.types];
    }
    return text;
  }

  private step(text: string, types: readonly string[]): { text: string; types: string[] } | undefined {
    const { random } = this;
    const isRoot = text === '' || RESOURCE_TYPES.includes(text);
    if (!isRoot && types.some((type) => this.table.types[type].kind === 'resource')) return undefined;
    const condition = random.chance(25) && types.length === 1 ? this.condition(types[0]) : undefined;
    if (condition) return { text: `${text}.${condition}`, types: [...types] };
    const children = types.flatMap((type) => this.children(type));
    if (children.length === 0) return undefined;
    const [name] = random.pick(children);
    const found = [...new Set(children.filter(([one]) => one === name).map(([, type]) => type))];
    const type = random.pick(found);
    if (found.length > 1 && !PARENT_TYPES.includes(type) && random.chance(50)) {
      return { text: `(${text}.${name} as ${type})`, types: [type] };
    }
    return { text: `${text}.${name}`, types: found };
  }

  private nodes(roots: readonly string[]): { text: string; types: string[] } {
    const below = this.below(roots);
    const [name, type] = this.random.pick(below);
    if (this.random.chance(60) && this.table.types[type].kind !== 'resource' && !type.includes('.')) {
      return { text: `nodesByType('${type}')`, types: [type] };
    }
    return {
      text: `nodesByName('${name}')`,
      types: [...new Set(below.filter(([one]) => one === name).map(([, t]) => t))],
    };
  }

  private condition(type: string): string | undefined {
    if (this.fieldsOf(type) === undefined || this.table.types[type].kind === 'resource') return undefined;
    const texts = Object.entries(this.fieldsOf(type)!).filter(
      ([, field]) => !field.many && !field.choice && CONDITION_TYPES.includes(field.type),
    );
    if (texts.length === 0) return undefined;
    const [name, { valueSet }] = this.random.pick(texts);
    const literal = this.random.pick(valueSet === undefined ? TEXTS : this.table.valueSets[valueSet]);
    return `where(${name} = '${literal}')`;
  }

  private below(roots: readonly string[]): [string, string][] {
    const found: [string, string][] = [];
    const seen = new Set<string>();
    const open = [...roots];
    for (let type = open.pop(); type !== undefined; type = open.pop()) {
      if (seen.has(type) || (this.table.types[type].kind === 'resource' && !roots.includes(type))) continue;
      seen.add(type);
      found.push(...this.children(type));
      open.push(...this.children(type).map(([, child]) => child));
    }
    return found;
  }

  private children(type: string): [string, string][] {
    return Object.entries(this.fieldsOf(type) ?? {}).map(([name, field]) => [field.choice ?? name, field.type]);
  }

  private fieldsOf(type: string): Readonly<Record<string, ElementField>> | undefined {
    return this.table.types[type].kind === 'primitive' ? undefined : this.table.types[type].fields;
  }
}
