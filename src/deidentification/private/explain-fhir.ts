import { explainProfile } from './explain-profile';
import { effectInWords } from './explain-words';
import type { ElementField, ElementTable } from './fhir/element-table';
import { automatonOf, type FhirPolicy, graphOf, isProfileRule, readFhirPolicy } from './fhir/fhir-policy';
import type { FhirRule } from './fhir/fhir-rules';
import type { NodeGraph } from './fhir/node-graph';
import { parsePath, PathError, type PathStep } from './fhir/rule-path';
import { RuleAutomaton, type RuleState } from './fhir/rule-positions';
import type { CompiledField } from './fhir/tables';
import { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';
import { didYouMean } from './suggestion';

export interface RuleName {
  /** Counted from 1, as written in the policy. */
  readonly number: number;
  readonly rulePath: string;
  readonly method: string;
}

/** What a policy does with one element of one type. */
export interface Explanation {
  /** As a rule would name it: `Patient.deceased as dateTime`. */
  readonly path: string;
  readonly type: string;
  /** Conditions of rules that hold, or do not, in this case; empty where none is asked. */
  readonly when: readonly string[];
  readonly decidedBy: ({ readonly kind: 'rule' } & RuleName) | { readonly kind: 'profile'; readonly name: string };
  /** What becomes of it, in words. */
  readonly effect: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Later rules that match as well. */
  readonly losing: readonly RuleName[];
}

/** Where the walk along the path is, in one of its cases. */
interface Stand {
  readonly path: string;
  readonly field: ElementField;
  readonly state: RuleState;
  readonly when: readonly string[];
  readonly decisive: Decisive;
  readonly walked: readonly { readonly name: string; readonly type: string }[];
}

/** The element that decides over the one that is asked for: itself, or one around it that is not entered. */
interface Decisive {
  readonly owner: string;
  readonly json: string;
  readonly type: string;
  readonly state: RuleState;
  readonly action: CompiledField;
  /** What the tables hold for the id and the extensions of a primitive. */
  readonly extended: CompiledField;
  readonly depth: number;
}

const DROPPED: CompiledField = ['drop'];

/**
 * What becomes of an element, one answer for each type that it may have and each case that rules tell apart.
 *
 * @param path `Patient.address.city`; a choice by its name in FHIRPath (`Patient.deceased`) or in JSON
 * @throws PathError for a path that is no plain one, or that R4 does not know
 */
export function explainFhir(
  table: ElementTable,
  settings: ProfileSettings,
  rules: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  path: string,
): Explanation[] {
  const policy = readFhirPolicy(table, settings, rules, parameters, new PolicyProblems());
  return new FhirExplainer(policy).explain(path);
}

class FhirExplainer {
  private readonly automaton: RuleAutomaton;
  private readonly graph: NodeGraph;
  private readonly resources: Readonly<Record<string, number>>;

  constructor(private readonly policy: FhirPolicy) {
    this.automaton = automatonOf(policy);
    const { graph, resources } = graphOf(policy, this.automaton);
    this.graph = graph;
    this.resources = resources;
  }

  public explain(path: string): Explanation[] {
    const { start, steps } = parsePath(path);
    if (start === undefined || this.resources[start] === undefined) {
      const hint =
        didYouMean(start ?? '', Object.keys(this.resources)) || 'write Patient.address.city, PID-11.3 or csv:CITY, say';
      throw new PathError(`a path to explain must begin with a resource type, got ${start ?? path}; ${hint}`);
    }
    let stands = [this.root(start)];
    for (const step of steps) stands = this.follow(stands, step);
    return stands.map((stand) => this.explanation(stand));
  }

  private root(type: string): Stand {
    const action: CompiledField = ['walk', this.resources[type]];
    const state = this.automaton.start(type);
    const decisive = { owner: type, json: '', type, state, action, extended: DROPPED, depth: 1 };
    return { path: type, field: { type }, state, when: [], decisive, walked: [{ name: type, type }] };
  }

  private follow(stands: readonly Stand[], step: PathStep): Stand[] {
    if (step.is === 'as') {
      const found = stands.filter(({ field }) => field.type === step.type);
      if (found.length > 0) return found;
      throw new PathError(`${stands[0].path} must have the type that is asked for, got ${step.type}; leave it out`);
    }
    if (step.is !== 'child') {
      throw new PathError('a path to explain must name elements only, as in Patient.address.city');
    }
    const found = stands.flatMap((stand) => this.enter(stand, step.name));
    if (found.length > 0) return found;
    const names = stands.flatMap(({ field }) => this.fieldsOf(field.type).map(([name, { choice }]) => choice ?? name));
    const hint = didYouMean(step.name, names) || `it has ${[...new Set(names)].slice(0, 8).join(', ')} ...`;
    throw new PathError(`${stands[0].path} must have the element, got ${step.name}; ${hint}`);
  }

  private fieldsOf(type: string): [string, ElementField][] {
    return this.policy.elements.isType(type) ? Object.entries(this.policy.elements.fields(type)) : [];
  }

  private enter(stand: Stand, name: string): Stand[] {
    const { elements } = this.policy;
    if (elements.isResource(stand.field.type) && stand.walked.length > 1) {
      throw new PathError('another resource must be explained by its own type: it is judged on its own');
    }
    const isBeside = name.startsWith('_');
    const plain = isBeside ? name.slice(1) : name;
    return this.fieldsOf(stand.field.type)
      .filter(([json, { choice }]) => json === plain || choice === plain)
      .filter(([, { type }]) => !isBeside || elements.isPrimitive(type))
      .flatMap(([json, field]) => {
        const found = this.cases(stand, json, field);
        return isBeside ? found.map((each) => besideValue(each, `${stand.path}._${json}`)) : found;
      });
  }

  private cases(stand: Stand, json: string, field: ElementField): Stand[] {
    const name = field.choice ?? json;
    const path = `${stand.path}.${name}`;
    const walked = [...stand.walked, { name, type: field.type }];
    const isPrimitive = this.policy.elements.isPrimitive(stand.field.type);
    const around = isPrimitive ? stand.decisive.extended : stand.decisive.action;
    const [what, node] = around;
    if (what !== 'walk') return [{ ...stand, path, field, walked, decisive: { ...stand.decisive, action: around } }];
    const own = this.graph.nodes[node as number].fields;
    const { conditions, states } = this.automaton.enter(stand.state, name, field.type);
    return states.map((state, number) => {
      const holds = conditions.map(({ field: asked, equals }, i) => {
        const isTrue = Math.floor(number / 2 ** i) % 2 === 1;
        return `${path}: ${asked} ${isTrue ? '=' : 'is not'} '${equals}'`;
      });
      const decisive = {
        owner: stand.field.type,
        json,
        type: field.type,
        state,
        action: this.chosen(own[json] ?? DROPPED, number),
        extended: own[`_${json}`] ?? DROPPED,
        depth: walked.length,
      };
      return { path, field, state, when: [...stand.when, ...holds], decisive, walked };
    });
  }

  private chosen(action: CompiledField, number: number): CompiledField {
    return action[0] === 'cases' ? this.graph.cases[action[1] as number].actions[number] : action;
  }

  private explanation({ path, field, when, decisive, walked }: Stand): Explanation {
    const { rules, effects, settings } = this.policy;
    const { owner, json, type, state, action, depth } = decisive;
    const rule = rules[state.rule] as FhirRule | undefined;
    const isRule = rule !== undefined && !isProfileRule(rule);
    return {
      path: field.choice === undefined ? path : `${path} as ${field.type}`,
      type: field.type,
      when,
      decidedBy: isRule ? { kind: 'rule', ...nameOf(rule) } : { kind: 'profile', name: settings.name },
      effect: isRule ? this.effectOfRule(action) : effectInWords(action, effects.valueRules),
      reason: isRule
        ? reasonOf(rule, state.direct && depth === walked.length)
        : explainProfile(settings, `${owner}.${json}`, type, action),
      losing: isRule ? this.losing(walked, state.rule) : [],
    };
  }

  /** What a rule makes of an element: of one with parts the tables say no more than to look at them. */
  private effectOfRule(action: CompiledField): string {
    if (action[0] !== 'walk') return effectInWords(action, this.policy.effects.valueRules);
    return this.isEmptied(action[1] as number, [])
      ? 'removed'
      : 'entered: the rule holds for each element in it, unless an earlier one takes that';
  }

  /** Whether nothing is left of what is in a node, which is entered for modifier extensions alone. */
  private isEmptied(node: number, above: readonly number[]): boolean {
    if (above.includes(node)) return true;
    return Object.values(this.graph.nodes[node].fields).every((field) =>
      field[0] === 'walk'
        ? this.isEmptied(field[1] as number, [...above, node])
        : ['drop', 'modifier'].includes(field[0]),
    );
  }

  private losing(walked: Stand['walked'], winner: number): RuleName[] {
    return this.policy.rules
      .filter((rule, number) => number > winner && !isProfileRule(rule) && this.matches(rule, walked))
      .map(nameOf);
  }

  /** Whether a rule alone would match the end of a way or something on it, whatever conditions it has. */
  private matches(rule: FhirRule, walked: Stand['walked']): boolean {
    const alone = new RuleAutomaton([rule], (type) => this.policy.elements.isPrimitive(type));
    let states = [alone.start(walked[0].type)];
    for (const { name, type } of walked.slice(1)) {
      states = states.flatMap((state) => alone.enter(state, name, type).states);
    }
    return states.some((state) => state.rule >= 0);
  }
}

/** `_birthDate`, which stands beside the value: the tables hold another action for it. */
function besideValue(stand: Stand, path: string): Stand {
  const { decisive, walked, field } = stand;
  const named = { ...stand, path, field: { type: field.type } };
  // What is around it decides.
  if (decisive.depth < walked.length) return named;
  return { ...named, decisive: { ...decisive, action: decisive.extended } };
}

function nameOf({ number, path, method }: FhirRule): RuleName {
  return { number, rulePath: path, method };
}

function reasonOf({ number, path }: FhirRule, isDirect: boolean): string {
  return `rule ${number} (${path}) is the first that matches ${isDirect ? 'it' : 'an element around it'}`;
}
