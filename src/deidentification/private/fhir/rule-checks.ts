import type { Element, ElementGraph } from './element-graph';
import { automatonOf, type FhirPolicy, isProfileRule } from './fhir-policy';
import type { FhirRule } from './fhir-rules';
import { NO_RULES, type RuleAutomaton, type RuleState } from './rule-positions';
import { problemOfSubstitute } from './substitute';
import { valueKindOf } from './value-kind';
import type { PolicyProblems } from '../policy-problems';
import { compileValueRule } from '../value-method';

/** Says what is wrong with methods: their parameters, and what they are to be applied to. */
export function checkMethods({ elements, effects, rules }: FhirPolicy, problems: PolicyProblems): void {
  for (const rule of rules) {
    if (!hasItsParameters(rule, problems) || rule.selects.length === 0) continue;
    if (rule.method !== 'redact' && rule.selects.every((one) => isInnerResource(elements, one))) {
      stopsAtBorder(rule, problems);
      continue;
    }
    if (rule.selects.some(({ type }) => effects.fits(rule, type))) continue;
    const types = [...new Set(rule.selects.map(({ type }) => type))];
    const [first] = types;
    const reason = rule.method === 'substitute' && problemOfSubstitute(elements, first, rule.raw.replaceWith);
    const got = types.slice(0, 4).join(', ') + (types.length > 4 ? ' ...' : '');
    const hint = reason || HINTS[rule.method] || 'choose another method';
    problems.error(rule.place, `${rule.method} must fit what the path selects, got ${got}; ${hint}`);
  }
}

const HINTS: Readonly<Partial<Record<FhirRule['method'], string>>> = {
  generalize: 'it takes primitives, and cases that compare with values of their kind and become such',
  perturb: 'it takes numbers and quantities',
  dateShift: 'it takes date, dateTime and instant',
  year: 'it takes date, dateTime and instant',
  cryptoHash: 'it takes texts',
  encrypt: 'it takes texts',
};

/** A resource within another: redact removes it, any other method stops before it. */
function isInnerResource(elements: ElementGraph, { type, owner }: Element): boolean {
  return owner !== undefined && elements.isResource(type);
}

/** One that is to be kept is no worse off; one that is to be changed would stay as it is. */
function stopsAtBorder({ method, place }: FhirRule, problems: PolicyProblems): void {
  const hint = "redact it, or write rules for the inner resource's own type: it is judged on its own";
  const message = `${method} must not be for a whole resource within another; ${hint}`;
  if (method === 'keep') problems.warning(place, message);
  else problems.error(place, message);
}

/** Parameters are the same whatever the rule selects: they are judged once. */
function hasItsParameters({ method, raw, place }: FhirRule, problems: PolicyProblems): boolean {
  if (method !== 'substitute' && method !== 'perturb' && method !== 'generalize') return true;
  const before = problems.errors.length;
  compileValueRule(method, raw, valueKindOf(method === 'perturb' ? 'decimal' : 'string', ''), place, problems);
  return problems.errors.length === before;
}

/** Warns of rules that decide over nothing because earlier ones have decided already. */
export function checkReach(policy: FhirPolicy, automaton: RuleAutomaton, problems: PolicyProblems): void {
  policy.rules.forEach((rule, number) => {
    if (automaton.deciding.has(number) || rule.selects.length === 0 || isProfileRule(rule)) return;
    const [first, ...others] = winners(policy, number).map((winner) => policy.rules[winner]);
    if (!first) return;
    const same = first.path === rule.path && first.method === rule.method;
    const names = [first, ...others.slice(0, 2)].map((one) => `rule ${one.number} (${one.path})`).join(', ');
    problems.warning(
      rule.place,
      same
        ? `is the same as ${names}; remove one of them`
        : `decides nothing, since what it selects is decided earlier by ${names}; move it before, or remove it`,
    );
  });
}

/** The earlier rules that decide where a rule matches: found by following that one rule past those that beat it. */
function winners(policy: FhirPolicy, loser: number): number[] {
  const { elements, rules } = policy;
  const earlier = automatonOf({ ...policy, rules: rules.slice(0, loser) });
  const alone = automatonOf({ ...policy, rules: [rules[loser]] });
  const found = new Set<number>();
  const seen = new Set<string>();
  const visit = (type: string, state: RuleState, own: RuleState): void => {
    if (own.rule >= 0 && own.direct) found.add(state.rule);
    const key = `${type} ${state.rule} ${state.waiting.join()} ${own.waiting.join()}`;
    if (own.waiting.length === 0 || seen.has(key)) return;
    seen.add(key);
    for (const child of elements.children(type)) {
      const states = state === NO_RULES ? [NO_RULES] : earlier.enter(state, child.name, child.type).states;
      for (const next of states) {
        for (const mine of alone.enter(own, child.name, child.type).states) {
          if (!elements.isResource(child.type)) visit(child.type, next, mine);
          else if (mine.direct) found.add(next.rule);
        }
      }
    }
  };
  for (const type of elements.resourceTypes) visit(type, earlier.start(type), alone.start(type));
  return [...found].filter((rule) => rule >= 0).sort((a, b) => a - b);
}
