import { numberOf } from '../word-number';
import { type LoadedCases, loadCases } from './cases';
import type { KeyTables } from './json-tape';
import { ACTIONS, Action, KINDS, PRIMITIVES, Primitive } from './table-words';
import { pairTwins } from './twins';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { CompiledField, NodeKind } from '../../../src/deidentification/private/fhir/tables';
import { ByteDictionary } from '../values/byte-dictionary';

/** A name with `_` before it is that of a primitive's extensions. */
const KEY_CHARACTERS = /^_?[A-Za-z0-9]+$/;
/** Extensions of a date of death say "dead" without it; those of a boolean say nothing. */
const DEATHS = /^(?:deceased|_deceased(?!Boolean$))/;
/** Above the number of value sets: with it two numbers make one key. */
const MULTIPLIER = 4096;
/** Kinds of nodes in whose objects nothing hangs on a number, unless the guard says that it was weighed. */
const HEADED: ReadonlySet<NodeKind> = new Set(['plain', 'quantity']);

/**
 * The tables in the form in which bytes are matched against them: fields of all nodes in one numbering, with columns of
 * numbers instead of objects.
 */
export class LoadedTables implements KeyTables {
  public readonly resourceNodes: readonly number[];
  public readonly types: ByteDictionary;
  public readonly typeNames: readonly string[];
  /** First field of each node; the fields of node n end where those of n + 1 begin. Behind all of them come the types. */
  public readonly firstField: Int32Array;
  public readonly kinds: Uint8Array;
  public readonly actions: Uint8Array;
  /** First and second argument of a field's action; -1 where there is none. */
  public readonly args: Int32Array;
  public readonly alternates: Int32Array;
  public readonly children: Int32Array;
  public readonly heads: Int32Array;
  public readonly keys: Uint8Array;
  public readonly names: readonly string[];
  /** Fields that hold a date of birth, and those that say that somebody is dead: 1. */
  public readonly births: Uint8Array;
  public readonly deaths: Uint8Array;
  /** By field: the one of the same node that has the extensions of its values, or the values of its extensions; else -1. */
  public readonly twins: Int32Array;
  /** Whether the URL of a Bundle's entry stays as it is, so that an id that is taken from it may. */
  public readonly keepsFullUrls: boolean;
  public readonly cases: readonly LoadedCases[];
  public readonly extensions: readonly { readonly urls: ByteDictionary; readonly nodes: readonly number[] }[];
  public readonly states: ReadonlySet<string>;
  public readonly countries: ReadonlySet<string>;
  public readonly units: ByteDictionary;
  /** By unit: how many of it are an age over the limit; 0 for what is no span of time. */
  public readonly unitLimits: readonly number[];
  public readonly ageCodes: ByteDictionary;
  private readonly codes: ByteDictionary;
  private readonly memberships = new Set<number>();

  constructor(readonly policy: CompiledTables) {
    const { fhir } = policy;
    this.typeNames = Object.keys(fhir.resources);
    this.types = new ByteDictionary(this.typeNames);
    this.resourceNodes = Object.values(fhir.resources);
    this.kinds = new Uint8Array(fhir.nodes.length);
    this.heads = new Int32Array(fhir.nodes.length + 1).fill(-1);

    // Thousands of fields are loaded at each cold start: one pass, no object for each.
    const named = fhir.nodes.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
    // The actions of cases are numbered after the fields, as if they were fields without a name.
    const count = fhir.cases.reduce((sum, { actions }) => sum + actions.length, named);
    const names: string[] = [];
    this.children = new Int32Array(named + this.typeNames.length).fill(-1);
    this.births = new Uint8Array(count);
    this.deaths = new Uint8Array(count);
    this.twins = new Int32Array(named).fill(-1);
    this.actions = new Uint8Array(count);
    this.args = new Int32Array(count);
    this.alternates = new Int32Array(count);
    this.firstField = new Int32Array(fhir.nodes.length + 2);
    for (let node = 0; node < fhir.nodes.length; node++) {
      const { fields, kind } = fhir.nodes[node];
      this.kinds[node] = numberOf(KINDS, kind);
      for (const name of Object.keys(fields)) {
        const number = names.push(name) - 1;
        const field = fields[name];
        checkName(name);
        if (name === 'birthDate') this.births[number] = 1;
        if (DEATHS.test(name)) this.deaths[number] = 1;
        this.load(number, field);
        if (field[0] === 'walk') this.children[number] = this.args[number];
        if (this.heads[node] < 0 && HEADED.has(kind) && this.takesAnyNumber(number)) this.heads[node] = number;
      }
      this.firstField[node + 1] = names.length;
    }
    this.names = names;
    this.keepsFullUrls = this.keepsUrlsOfEntries();
    if (names.join('').includes('_')) fhir.nodes.forEach((node, n) => pairTwins(node, this.firstField[n], this.twins));
    this.cases = loadCases(fhir.cases, named, (number, field) => this.load(number, field));
    this.children.set(this.resourceNodes, named);
    this.firstField[fhir.nodes.length + 1] = this.children.length;
    this.keys = new TextEncoder().encode([...names, ...this.typeNames].map((name) => `"${name}":`).join(''));

    const codes = [...new Set(fhir.valueSets.flat())];
    this.codes = new ByteDictionary(codes);
    const numbers = new Map(codes.map((code, number) => [code, number]));
    fhir.valueSets.forEach((set, number) => {
      for (const code of set) this.memberships.add(numbers.get(code)! * MULTIPLIER + number);
    });
    this.extensions = fhir.extensions.map((set) => ({
      urls: new ByteDictionary(Object.keys(set)),
      nodes: Object.values(set),
    }));
    this.states = new Set(fhir.states);
    this.countries = new Set(fhir.countries);
    const units = [...fhir.codings.units, ...Object.keys(fhir.ages.units)];
    this.units = new ByteDictionary(units);
    const limits = new Map(Object.entries(fhir.ages.units));
    this.unitLimits = units.map((unit) => limits.get(unit) ?? 0);
    this.ageCodes = new ByteDictionary(fhir.ages.codes);
  }

  /** The number of a node's field by its name, or -1. */
  public fieldNamed(node: number, name: string): number {
    for (let field = this.firstField[node]; field < this.firstField[node + 1]; field++) {
      if (this.names[field] === name) return field;
    }
    return -1;
  }

  private keepsUrlsOfEntries(): boolean {
    const entry = this.fieldNamed(this.policy.fhir.resources.Bundle, 'entry');
    if (entry < 0 || this.actions[entry] !== Action.WALK) return false;
    const url = this.fieldNamed(this.args[entry], 'fullUrl');
    return url >= 0 && this.actions[url] === Action.ANY;
  }

  private load(number: number, field: CompiledField): void {
    this.actions[number] = numberOf(ACTIONS, field[0]);
    this.args[number] = argument(field);
    this.alternates[number] = alternate(field);
  }

  /** Whether a number of any size is kept as it stands, whatever is beside it, unless the guard of the object weighs it. */
  private takesAnyNumber(field: number): boolean {
    return this.actions[field] === Action.KEEP && this.args[field] === Primitive.DECIMAL && this.alternates[field] < 0;
  }

  public isMember(valueSet: number, bytes: Uint8Array, from: number, to: number): boolean {
    const code = this.codes.find(bytes, from, to);
    return code >= 0 && this.memberships.has(code * MULTIPLIER + valueSet);
  }
}

function argument(field: CompiledField): number {
  const action = field[0];
  const first = field[1];
  if (action === 'keep' || action === 'year') return numberOf<string>(PRIMITIVES, first);
  return typeof first === 'number' ? first : -1;
}

/** The node for an age; for a number, 1 where it may be one. */
function alternate(field: CompiledField): number {
  const second = field[2];
  if (second === 'age') return 1;
  return typeof second === 'number' ? second : -1;
}

function checkName(name: string): void {
  // Names are written into the output as they stand here.
  if (!KEY_CHARACTERS.test(name)) {
    throw new Error('a field of the tables must be named by letters and digits; build the tables again');
  }
}
