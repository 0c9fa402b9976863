import type { ElementGraph } from './element-graph';
import type { FhirRule } from './fhir-rules';
import { DROP } from './profile';
import { QUANTITY_TYPES } from './safe-harbor';
import { substituteFor } from './substitute';
import type { CompiledField, FieldAction } from './tables';
import { valueKindOf } from './value-kind';
import { PolicyProblems } from '../policy-problems';
import { compileValueRule } from '../value-method';
import type { ValueRule } from '../value-rule';

/** Which values `redact` only coarsens: three switches of Microsoft's configurations. */
export interface PartialRedaction {
  readonly dates: boolean;
  readonly ages: boolean;
  readonly zipCodes: boolean;
}

export const WHOLE_REDACTION: PartialRedaction = { dates: false, ages: false, zipCodes: false };

/** Types whose number is their `value`. */
const AMOUNTS: readonly string[] = [...QUANTITY_TYPES, 'Age', 'Money'];

/** Methods that hide what they are given: what cannot take their form is dropped, never shown. */
const HIDING = ['redact', 'cryptoHash', 'encrypt', 'substitute'];

const ANY: CompiledField = ['any'];

/** Forms of a profile that its guards have to judge. */
const GUARDED: readonly FieldAction[] = ['state', 'zip3', 'system', 'coded', 'unit'];

/** What the rules of a policy make of values, as actions of the tables. */
export class RuleEffects {
  public readonly valueRules: ValueRule[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly graph: ElementGraph,
    private readonly rules: readonly FhirRule[],
    private readonly partial: PartialRedaction,
    /** Whether a value that a method cannot change is kept. */
    private readonly keepsUnfit: boolean,
  ) {}

  /** What a rule makes of a primitive; `profile` is what the profile would. */
  public primitive(rule: number, owner: string, name: string, type: string, profile: CompiledField): CompiledField {
    const { method } = this.rules[rule];
    if (method === 'keep') return ANY;
    if (method === 'redact') return this.redacted(owner, name, type);
    if (method === 'perturb' && isAmount(owner)) return name === 'value' ? this.value(rule, type, name) : profile;
    // The same codes as those of the profile: a hashed id joins, whichever of the two has hashed it.
    if (method === 'cryptoHash' && type === 'id' && this.graph.isResource(owner)) return ['id'];
    if (method === 'cryptoHash' && owner === 'Reference' && name === 'reference') return ['ref', 1];
    // The profile's own form where it has one: it knows the object around the value.
    if (method === 'year' && (type === 'date' || type === 'dateTime')) return ['year', type];
    if (method === 'zip3' && profile[0] === 'zip3') return profile;
    const action = this.value(rule, type, name);
    return method === 'perturb' && action[0] === 'rule' && profile[2] === 'age' ? [...action, 'age'] : action;
  }

  public keeps(rule: number): boolean {
    return this.rules[rule].method === 'keep';
  }

  public drops(rule: number): boolean {
    return this.rules[rule].method === 'redact';
  }

  /** Whether a rule makes a span of time an age, as one object: value, unit and comparator say it together. */
  public isAge(rule: number, type: string): boolean {
    const { method } = this.rules[rule];
    if (method === 'age') return QUANTITY_TYPES.includes(type) || type === 'Age';
    return method === 'redact' && this.partial.ages && type === 'Age';
  }

  /** Whether an action shows a value that only a look at its siblings allows, whichever rule decides over the object. */
  public needsGuard([action, first, second]: CompiledField): boolean {
    if (action === 'walk') return second !== undefined;
    if (action === 'rule') return this.valueRules[first as number].method === 'perturb';
    return GUARDED.includes(action);
  }

  /** What stands in for a whole object; undefined where the rule goes into it. */
  public object(rule: number, type: string): CompiledField | undefined {
    const { method, raw } = this.rules[rule];
    if (method !== 'substitute') return undefined;
    const value = substituteFor(this.graph, type, raw.replaceWith);
    return value === undefined ? DROP : ['whole', this.number({ method, value })];
  }

  /** Whether a method has a meaning for a type, or for something below it. */
  public fits(rule: FhirRule, type: string): boolean {
    const { method, raw, place } = rule;
    if (method === 'keep' || method === 'redact') return true;
    if (method === 'substitute') return substituteFor(this.graph, type, raw.replaceWith) !== undefined;
    if (this.graph.isPrimitive(type)) {
      return compileValueRule(method, raw, valueKindOf(type, ''), place, new PolicyProblems()) !== undefined;
    }
    if (method === 'generalize') return false;
    return [...this.graph.typesWithin([type])].some((one) => this.graph.isPrimitive(one) && this.fits(rule, one));
  }

  private redacted(owner: string, name: string, type: string): CompiledField {
    const { dates, zipCodes } = this.partial;
    if (dates && (type === 'date' || type === 'dateTime')) return ['year', type];
    if (dates && type === 'instant') return ['rule', this.number({ method: 'year', form: 'instant' })];
    if (zipCodes && owner === 'Address' && name === 'postalCode') {
      return ['rule', this.number({ method: 'zip3', padded: true })];
    }
    return DROP;
  }

  private value(number: number, type: string, name: string): CompiledField {
    const { method, raw, place } = this.rules[number];
    if (method === 'keep' || method === 'redact') return DROP;
    if (method === 'substitute') {
      const value = substituteFor(this.graph, type, raw.replaceWith);
      return value === undefined ? DROP : ['whole', this.number({ method, value })];
    }
    const rule = compileValueRule(method, raw, valueKindOf(type, name), place, new PolicyProblems());
    if (rule) return ['rule', this.number(rule)];
    if (method === 'generalize') return String(raw.otherValues).toLowerCase() === 'keep' ? ANY : DROP;
    return HIDING.includes(method) || !this.keepsUnfit ? DROP : ANY;
  }

  private number(rule: ValueRule): number {
    const key = JSON.stringify(rule);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.valueRules.push(rule) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

export function isAmount(type: string): boolean {
  return AMOUNTS.includes(type);
}
