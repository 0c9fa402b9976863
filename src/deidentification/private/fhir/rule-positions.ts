import type { PathStep } from './rule-path';

/** What the automaton needs of a rule; rules are numbered from 0 in the order of the policy. */
export interface AutomatonRule {
  readonly start?: string;
  readonly steps: readonly PathStep[];
}

/** How far the rules are at a node. */
export interface RuleState {
  /** Rules that may still match something below: number and step in one, ascending. */
  readonly waiting: readonly number[];
  /** The rule that decides over the node: the first that matches it or an ancestor; -1 where none does. */
  readonly rule: number;
  /** Whether that rule matches the node itself. */
  readonly direct: boolean;
}

/** The states that a field may have, by the conditions that hold: 2^n of them, the first condition is bit 0. */
export interface Cases {
  readonly conditions: readonly Condition[];
  readonly states: readonly RuleState[];
}

export interface Condition {
  readonly field: string;
  readonly equals: string;
}

export const NO_RULES: RuleState = { waiting: [], rule: -1, direct: false };

/** Steps of a path: far more than any has. */
export const MAX_STEPS = 64;
/** Conditions on one element: each doubles what the tables hold for it. */
const MAX_CONDITIONS = 6;

export class TooManyConditions extends Error {
  /** @param rule the one whose condition is too much */
  constructor(public readonly rule: number) {
    super(`one element must have at most ${MAX_CONDITIONS} conditions, got more; leave some of its rules out`);
  }
}

/** What a rule came to at a node: matched it, or waits there at a step. */
interface Arrival {
  readonly rule: number;
  /** Undefined where the rule matches. */
  readonly waits?: number;
  readonly conditions: readonly number[];
}

interface Visited {
  readonly name: string;
  readonly type: string;
  readonly conditions: Condition[];
  readonly arrivals: Arrival[];
}

/**
 * All rules of a policy as one automaton over the elements of a resource, from its root down. A rule that an earlier one
 * has already beaten is forgotten, with all that it might match below.
 */
export class RuleAutomaton {
  /** Rules that decide over something. */
  public readonly deciding = new Set<number>();

  /** @param isPrimitive whether a type is one: primitives have no fields that a condition could look at */
  constructor(
    private readonly rules: readonly AutomatonRule[],
    private readonly isPrimitive: (type: string) => boolean,
  ) {}

  /** The state at the root of a resource. */
  public start(type: string): RuleState {
    const visited: Visited = { name: type, type, conditions: [], arrivals: [] };
    for (let rule = 0; rule < this.rules.length; rule++) {
      const { start } = this.rules[rule];
      if (start === undefined || start === type) this.arrive(visited, rule, 0, []);
    }
    return this.stateOf(visited, 0, -1);
  }

  /** The states of a field. @param name the element's, without the type of a choice */
  public enter(from: RuleState, name: string, type: string): Cases {
    const visited: Visited = { name, type, conditions: [], arrivals: [] };
    for (const position of from.waiting) {
      const rule = Math.floor(position / MAX_STEPS);
      const at = position % MAX_STEPS;
      const step = this.rules[rule].steps[at];
      if (step.is === 'nodes') this.arrive(visited, rule, at, []);
      else if (step.is === 'child' && step.name === name) this.arrive(visited, rule, at + 1, []);
    }
    const { conditions } = visited;
    const states = Array.from({ length: 2 ** conditions.length }, (_, holding) =>
      this.stateOf(visited, holding, from.rule),
    );
    return { conditions, states };
  }

  /** Whether the rule at a position was led here by its own path, and does not only look at all that is below it. */
  public isNamed(position: number): boolean {
    return this.rules[Math.floor(position / MAX_STEPS)].steps[position % MAX_STEPS].is !== 'nodes';
  }

  /** Follows a rule's path from a step as far as the node itself allows. */
  private arrive(visited: Visited, rule: number, from: number, given: readonly number[]): void {
    const { steps } = this.rules[rule];
    let conditions = given;
    for (let at = from; at < steps.length; at++) {
      const step = steps[at];
      if (step.is === 'child') {
        visited.arrivals.push({ rule, waits: at, conditions });
        return;
      }
      if (step.is === 'nodes') {
        visited.arrivals.push({ rule, waits: at, conditions });
        if (step.value !== (step.by === 'type' ? visited.type : visited.name)) return;
      } else if (step.is === 'as') {
        if (step.type !== visited.type) return;
      } else {
        if (this.isPrimitive(visited.type)) return;
        conditions = [...new Set([...conditions, conditionNumber(visited.conditions, step)])];
        if (visited.conditions.length > MAX_CONDITIONS) throw new TooManyConditions(rule);
      }
    }
    visited.arrivals.push({ rule, conditions });
  }

  private stateOf({ arrivals }: Visited, holding: number, inherited: number): RuleState {
    const holds = arrivals.filter(({ conditions }) => conditions.every((number) => isBitSet(holding, number)));
    const matching = holds.filter(({ waits }) => waits === undefined).map(({ rule }) => rule);
    const candidates = inherited < 0 ? matching : [...matching, inherited];
    const rule = candidates.length === 0 ? -1 : Math.min(...candidates);
    const direct = matching.includes(rule);
    if (direct) this.deciding.add(rule);
    const waiting = new Set<number>();
    for (const arrival of holds) {
      if (arrival.waits !== undefined && (rule < 0 || arrival.rule < rule)) {
        waiting.add(arrival.rule * MAX_STEPS + arrival.waits);
      }
    }
    if (rule < 0 && waiting.size === 0) return NO_RULES;
    return { waiting: [...waiting].sort((a, b) => a - b), rule, direct };
  }
}

function isBitSet(bits: number, number: number): boolean {
  return Math.floor(bits / 2 ** number) % 2 === 1;
}

function conditionNumber(conditions: Condition[], { field, equals }: Condition): number {
  const known = conditions.findIndex((one) => one.field === field && one.equals === equals);
  return known >= 0 ? known : conditions.push({ field, equals }) - 1;
}
