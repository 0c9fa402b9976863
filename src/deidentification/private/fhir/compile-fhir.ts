import type { ElementField, ElementTable } from './element-table';
import type { CompiledField, CompiledFhir, CompiledNode, NodeKind } from './tables';
import { COUNTRIES, shownZip3, STATES } from '../geography';
import * as profile from './safe-harbor';
import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';

/** Fields with a guard of their own, by type and name. Their siblings decide too, so the node has a kind. */
const GUARDED: Readonly<Record<string, CompiledField>> = {
  'Coding.system': ['system'],
  'Coding.code': ['coded'],
  'Address.state': ['state'],
  'Address.postalCode': ['zip3'],
  'Reference.reference': ['ref'],
};

const KINDS: Readonly<Record<string, NodeKind>> = {
  Coding: 'coding',
  Reference: 'reference',
  Address: 'address',
  Age: 'age',
};

const MODIFIER: CompiledField = ['modifier'];
const DROP: CompiledField = ['drop'];

/** Builds the graph of nodes: one per type, and more where the way to a type changes what is decided in it. */
class NodeGraph {
  public readonly nodes: CompiledNode[] = [];
  public readonly extensions: Record<string, number>[] = [];
  public readonly valueSets: (readonly string[])[];
  private readonly numbers = new Map<string, number>();
  private readonly resourceTypes: number;

  constructor(private readonly table: ElementTable) {
    this.valueSets = [...table.valueSets];
    this.resourceTypes = this.valueSets.push(concreteResources(table)) - 1;
  }

  /** The node of a type; `ages` where a number in it counts years of age although nothing in the type says so. */
  public node(type: string, ages: boolean): number {
    const key = ages ? `${type} ages` : type;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const fields: Record<string, CompiledField> = {};
    const number = this.nodes.push({ name: type, kind: this.kindOf(type, ages), fields }) - 1;
    this.numbers.set(key, number);
    if (this.table.types[type].kind === 'resource') fields.resourceType = ['type'];
    for (const [name, field] of Object.entries(this.table.types[type].fields)) {
      fields[name] = this.field(type, name, field, ages);
    }
    // No data type of R4 has one of its own, but a source that writes one means it.
    fields.modifierExtension = MODIFIER;
    return number;
  }

  private kindOf(type: string, ages: boolean): NodeKind {
    const { fields } = this.table.types[type];
    if (KINDS[type]) return KINDS[type];
    if (profile.QUANTITY_TYPES.includes(type)) return ages ? 'age' : 'quantity';
    if (fields.deceasedBoolean) return 'mortal';
    return fields.code?.type === 'CodeableConcept' && (fields.valueQuantity || fields.valueRange)
      ? 'observed'
      : 'plain';
  }

  private field(owner: string, name: string, field: ElementField, ages: boolean): CompiledField {
    const { type } = field;
    const path = `${owner}.${name}`;
    const guarded = GUARDED[path];
    if (name === 'modifierExtension') return MODIFIER;
    if (path === 'Patient.extension') return ['extension', this.extensionSet(profile.PATIENT_EXTENSIONS)];
    if (profile.DROPPED_PATHS.includes(path) || profile.DROPPED_TYPES.includes(type) || type === 'Extension') {
      return DROP;
    }
    if (guarded) return guarded;
    if (path === 'Reference.type') return ['code', this.resourceTypes];
    if (profile.QUANTITY_TYPES.includes(owner) || owner === 'Age') {
      if (name === 'unit' || name === 'system') return [name];
      if (name === 'code') return ['coded'];
    }
    if (type === 'Resource') return ['resource'];
    if (this.table.types[type].kind !== 'primitive') return this.walk(owner, name, field, ages);
    if (type === 'id') return name === 'id' ? ['id'] : DROP;
    return primitive(field, this.kindOf(owner, false) === 'observed');
  }

  private walk(owner: string, name: string, field: ElementField, ages: boolean): CompiledField {
    const spans = field.type === 'Range' || profile.QUANTITY_TYPES.includes(field.type);
    const counted = spans && (ages || (field.type === 'Range' && profile.AGE_RANGES.includes(field.choice ?? name)));
    const node = this.node(field.type, counted);
    const byCode = spans && field.choice === 'value' && this.kindOf(owner, false) === 'observed';
    return byCode ? ['walk', node, this.node(field.type, true)] : ['walk', node];
  }

  private extensionSet(rules: readonly profile.ExtensionRule[]): number {
    const set: Record<string, number> = {};
    const number = this.extensions.push(set) - 1;
    const { fields: known } = this.table.types.Extension;
    for (const rule of rules) {
      const fields: Record<string, CompiledField> = { url: ['keep', 'uri'], modifierExtension: MODIFIER };
      for (const value of rule.values) {
        fields[value] =
          rule.codes && value === 'valueCode'
            ? ['code', this.valueSets.push(rule.codes) - 1]
            : ['walk', this.node(known[value].type, false)];
      }
      if (rule.parts) fields.extension = ['extension', this.extensionSet(rule.parts)];
      set[rule.url] = this.nodes.push({ name: 'Extension', kind: 'extension', fields }) - 1;
    }
    return number;
  }
}

/** @param observed whether the object's code may say that its value is an age */
function primitive(field: ElementField, observed: boolean): CompiledField {
  if (field.type === 'code') return field.valueSet === undefined ? DROP : ['code', field.valueSet];
  if (profile.YEAR_PRIMITIVES.includes(field.type)) return ['year', field.type];
  if (!profile.KEPT_PRIMITIVES.includes(field.type)) return DROP;
  const aged = observed && field.choice === 'value' && field.type !== 'boolean';
  return aged ? ['keep', field.type, 'age'] : ['keep', field.type];
}

function concreteResources(table: ElementTable): string[] {
  return Object.entries(table.types)
    .filter(([, type]) => type.kind === 'resource' && !type.abstract)
    .map(([name]) => name);
}

/**
 * Resolves profile and rules against the element table: what the engine looks up, and nothing that it would have to
 * decide.
 *
 * @param rules `fhirPathRules` of a policy file, as parsed JSON; they decide before the profile does
 * @param parameters of the rules' methods
 */
export function compileFhir(
  table: ElementTable,
  settings: ProfileSettings,
  _rules: readonly unknown[],
  _parameters: Readonly<Record<string, unknown>>,
  _problems: PolicyProblems,
): CompiledFhir {
  const graph = new NodeGraph(table);
  const resources = Object.fromEntries(concreteResources(table).map((type) => [type, graph.node(type, false)]));
  return {
    resources,
    nodes: graph.nodes,
    valueSets: graph.valueSets,
    extensions: graph.extensions,
    rules: [],
    cases: [],
    ids: settings.ids,
    zip3: shownZip3(settings.restrictedZip3),
    states: STATES,
    countries: COUNTRIES,
    codings: {
      identifierSystems: profile.IDENTIFIER_SYSTEMS,
      knownSystems: profile.KNOWN_SYSTEMS,
      unitSystem: 'http://unitsofmeasure.org',
      units: [...new Set([...table.units, ...Object.keys(profile.AGE_UNITS)])],
    },
    ages: { limit: profile.AGE_LIMIT, units: profile.AGE_UNITS, codes: profile.AGE_CODES },
  };
}
