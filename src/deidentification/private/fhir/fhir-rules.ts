import type { Element, ElementGraph } from './element-graph';
import { ANY_RESOURCE, parsePath, PathError } from './rule-path';
import { type AutomatonRule, MAX_STEPS } from './rule-positions';
import { resolvePath, UnknownPathError } from './rule-resolution';
import { describe, isObject } from '../policy-file';
import type { PolicyPlace, PolicyProblems } from '../policy-problems';
import { checkParameters, type MethodName, methodNamed } from '../value-method';

/** A rule of `fhirPathRules`, its path resolved against R4. */
export interface FhirRule extends AutomatonRule {
  /** Counted from 1, as written in the policy. */
  readonly number: number;
  readonly path: string;
  readonly method: MethodName;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly place: PolicyPlace;
  /** The elements that the path selects, as far as types go. */
  readonly selects: readonly Element[];
}

/** Slips of the pen in Microsoft's own sample, which users have copied: read as what they mean. */
const KNOWN_TYPOS: Readonly<Record<string, string>> = {
  'HealthcareService.notAvaliable.description': 'HealthcareService.notAvailable.description',
};

/** The rules that can be read, in their order; problems name all others. */
export function readRules(graph: ElementGraph, rules: readonly unknown[], problems: PolicyProblems): FhirRule[] {
  return rules.flatMap((raw, index) => readRule(graph, raw, index + 1, problems) ?? []);
}

function readRule(graph: ElementGraph, raw: unknown, number: number, problems: PolicyProblems): FhirRule | undefined {
  const place: PolicyPlace = { section: 'fhir', rule: number };
  if (!isObject(raw)) {
    problems.error(place, `a rule must be an object, got ${describe(raw)}; write {"path": ..., "method": ...}`);
    return undefined;
  }
  if (typeof raw.path !== 'string' || raw.path.trim() === '') {
    problems.error(place, `path must be a text like "Patient.name", got ${describe(raw.path)}`);
    return undefined;
  }
  const path = raw.path.trim();
  const named = { ...place, path };
  const method = methodNamed(raw.method, named, problems);
  if (method) checkParameters(method, raw, ['path'], named, problems);
  const selected = select(graph, path, named, problems);
  return method && selected && { number, path, method, raw, place: named, ...selected };
}

function select(
  graph: ElementGraph,
  path: string,
  place: PolicyPlace,
  problems: PolicyProblems,
): (AutomatonRule & { readonly selects: readonly Element[] }) | undefined {
  const meant = KNOWN_TYPOS[path];
  if (meant) problems.warning(place, `R4 has no such element; read as ${meant}: correct the path`);
  try {
    const parsed = parsePath(meant ?? path);
    if (parsed.steps.length >= MAX_STEPS) throw new PathError(`a path must have fewer than ${MAX_STEPS} steps`);
    const selects = resolvePath(graph, parsed);
    if (selects.length === 0) problems.warning(place, 'matches nothing: what it names never meets in R4; remove it');
    return { ...startOf(parsed.start), steps: parsed.steps, selects };
  } catch (error) {
    if (error instanceof UnknownPathError) problems.error(place, error.message, 'POLICY_UNKNOWN_PATH');
    else if (error instanceof PathError) problems.error(place, error.message);
    else throw error;
    return undefined;
  }
}

function startOf(start: string | undefined): { start?: string } {
  return start === undefined || ANY_RESOURCE.includes(start) ? {} : { start };
}
