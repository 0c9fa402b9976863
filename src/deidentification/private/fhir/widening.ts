import { type FhirPolicy, isProfileRule } from './fhir-policy';
import type { RuleDecision } from './node-graph';
import type { CompiledField } from './tables';
import { showsMore, type ValueRule } from '../value-rule';

/** A rule that shows more than the profile would: an open item, since the profile alone no longer vouches for it. */
export interface Widening {
  /** Counted from 1, as written in the policy. */
  readonly rule: number;
  /** Elements of which more is shown, by type and name; the first few. */
  readonly elements: readonly string[];
}

/** Elements that a message names. */
const EXAMPLES = 4;

/**
 * Hears of every decision of a compilation, and notes those that widen the profile: none where the profile keeps what it
 * does not know anyway.
 */
export class WideningList {
  private readonly elements = new Map<number, Set<string>>();

  constructor(private readonly policy: FhirPolicy) {}

  public readonly note = ({ rule, direct, owner, name, action, profile }: RuleDecision): void => {
    // Ids of elements are no news beside the elements, unless they are what a rule is about.
    const isElementId = name === 'id' && !direct && !this.policy.elements.isResource(owner);
    if (this.policy.profile.keeps || isElementId) return;
    if (!widens(action, profile, this.policy.effects.valueRules)) return;
    const elements = this.elements.get(rule) ?? new Set();
    this.elements.set(rule, elements.add(`${owner}.${name}`));
  };

  public get all(): Widening[] {
    return this.policy.rules.flatMap((rule, number) => {
      const elements = this.elements.get(number);
      if (!elements || isProfileRule(rule)) return [];
      return [{ rule: rule.number, elements: [...elements].slice(0, EXAMPLES) }];
    });
  }
}

/** Whether a rule shows more of a primitive than the profile would, or shows it in a form that the profile would not. */
function widens(action: CompiledField, profile: CompiledField, valueRules: readonly ValueRule[]): boolean {
  const keepsAll = profile[0] === 'any' || (profile[0] === 'keep' && profile[2] !== 'age');
  if (keepsAll || action[0] === profile[0]) return false;
  switch (action[0]) {
    case 'any':
    case 'id':
    case 'ref':
      return true;
    case 'rule':
      return showsMore(valueRules[action[1] as number]);
    default:
      // A year, three digits of a ZIP code and a constant are what Safe Harbor itself would show.
      return false;
  }
}
