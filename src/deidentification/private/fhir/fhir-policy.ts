import { ElementGraph } from './element-graph';
import type { ElementTable } from './element-table';
import { type FhirRule, readRules } from './fhir-rules';
import { LimitedDataSetProfile } from './limited-data-set-profile';
import { NodeGraph, type RuleDecision } from './node-graph';
import { type FhirProfile, KeepProfile } from './profile';
import { type PartialRedaction, RuleEffects, WHOLE_REDACTION } from './rule-effects';
import { RuleAutomaton } from './rule-positions';
import { SafeHarborProfile } from './safe-harbor-profile';
import type { PolicyProblems } from '../policy-problems';
import { isLimitedDataSet, type ProfileSettings } from '../profile';

/** The `fhir` part of a policy, read: what its compiler, its checks and its explanations start from. */
export interface FhirPolicy {
  readonly elements: ElementGraph;
  readonly settings: ProfileSettings;
  readonly profile: FhirProfile;
  readonly ageProfile: FhirProfile;
  /** In the order of the policy; the last one may be the profile's own. */
  readonly rules: readonly FhirRule[];
  readonly effects: RuleEffects;
  readonly valueSets: readonly (readonly string[])[];
}

export function readFhirPolicy(
  table: ElementTable,
  settings: ProfileSettings,
  given: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  problems: PolicyProblems,
): FhirPolicy {
  const elements = new ElementGraph(table);
  const valueSets = [...table.valueSets];
  const resourceTypes = valueSets.push(elements.resourceTypes) - 1;
  const ageProfile = new SafeHarborProfile(table, resourceTypes);
  const rules = [...readRules(elements, given, problems), ...profileRules(settings)];
  const partial = partialRedaction(settings, parameters);
  const effects = new RuleEffects(elements, rules, partial, settings.unmatched === 'keep');
  const profile = profileOf(table, settings, resourceTypes, ageProfile);
  return { elements, settings, profile, ageProfile, rules, effects, valueSets };
}

export function automatonOf({ elements, rules }: FhirPolicy): RuleAutomaton {
  return new RuleAutomaton(rules, (type) => elements.isPrimitive(type));
}

/** The graph of every resource type; `onDecision` hears of each field that a rule decides. */
export function graphOf(
  policy: FhirPolicy,
  automaton: RuleAutomaton,
  onDecision?: (decision: RuleDecision) => void,
): { readonly graph: NodeGraph; readonly resources: Readonly<Record<string, number>> } {
  const { elements, profile, ageProfile, effects, valueSets } = policy;
  const parts = { elements, profile, ageProfile, effects, automaton, onDecision };
  const graph = new NodeGraph(parts, [...valueSets]);
  return { graph, resources: Object.fromEntries(elements.resourceTypes.map((type) => [type, graph.root(type)])) };
}

/** Number of the rule that stands for the profile where it is written as one; above those of the policy. */
export function isProfileRule({ number }: FhirRule): boolean {
  return number === PROFILE_RULE;
}

const PROFILE_RULE = Number.MAX_SAFE_INTEGER;

/** Microsoft's meaning with `unmatched: redact`: as if the last rule redacted every resource. */
function profileRules({ name, unmatched }: ProfileSettings): FhirRule[] {
  if (name !== 'ms-r4-compat' || unmatched === 'keep') return [];
  const path = 'Resource';
  const place = { section: 'fhir', path } as const;
  return [{ number: PROFILE_RULE, path, method: 'redact', raw: {}, place, steps: [], selects: [] }];
}

function profileOf(
  table: ElementTable,
  settings: ProfileSettings,
  resourceTypes: number,
  safeHarbor: FhirProfile,
): FhirProfile {
  if (settings.name === 'ms-r4-compat') return new KeepProfile(table);
  return isLimitedDataSet(settings) ? new LimitedDataSetProfile(table, resourceTypes) : safeHarbor;
}

function partialRedaction({ name }: ProfileSettings, parameters: Readonly<Record<string, unknown>>): PartialRedaction {
  if (name !== 'ms-r4-compat') return WHOLE_REDACTION;
  return {
    dates: parameters.enablePartialDatesForRedact === true,
    ages: parameters.enablePartialAgesForRedact === true,
    zipCodes: parameters.enablePartialZipCodesForRedact === true,
  };
}
