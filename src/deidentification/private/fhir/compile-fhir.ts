import { ElementGraph } from './element-graph';
import type { ElementTable } from './element-table';
import { type FhirRule, readRules } from './fhir-rules';
import { NodeGraph } from './node-graph';
import { type FhirProfile, KeepProfile } from './profile';
import { type PartialRedaction, RuleEffects, WHOLE_REDACTION } from './rule-effects';
import { RuleAutomaton } from './rule-positions';
import * as harbor from './safe-harbor';
import { SafeHarborProfile } from './safe-harbor-profile';
import { smallerGraph } from './smaller-graph';
import type { CompiledFhir } from './tables';
import { COUNTRIES, shownZip3, STATES } from '../geography';
import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';

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
  rules: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  problems: PolicyProblems,
): CompiledFhir {
  const elements = new ElementGraph(table);
  const read = readRules(elements, rules, problems);
  const valueSets = [...table.valueSets];
  const ageProfile = new SafeHarborProfile(table, valueSets.push(elements.resourceTypes) - 1);
  const profile: FhirProfile = settings.unmatched === 'keep' ? new KeepProfile(table) : ageProfile;
  const effects = new RuleEffects(elements, read, partialRedaction(settings, parameters), profile.keeps);
  checkFit(read, effects, problems);
  const automaton = new RuleAutomaton(read, (type) => elements.isPrimitive(type));
  const graph = new NodeGraph({ elements, profile, ageProfile, automaton, effects }, valueSets);
  const resources = Object.fromEntries(elements.resourceTypes.map((type) => [type, graph.root(type)]));
  const whole = { resources, nodes: graph.nodes, extensions: graph.extensions, cases: graph.cases };
  // The tables of a profile alone are as small, and the hash of a policy must not change with the compiler.
  const small = read.length === 0 && !profile.keeps ? whole : smallerGraph(whole);
  return {
    resources: small.resources,
    nodes: small.nodes,
    valueSets,
    extensions: small.extensions,
    rules: effects.valueRules,
    cases: small.cases,
    ids: settings.ids,
    zip3: shownZip3(settings.restrictedZip3),
    states: STATES,
    countries: COUNTRIES,
    codings: {
      identifierSystems: harbor.IDENTIFIER_SYSTEMS,
      knownSystems: harbor.KNOWN_SYSTEMS,
      unitSystem: 'http://unitsofmeasure.org',
      units: [...new Set([...table.units, ...Object.keys(harbor.AGE_UNITS)])],
    },
    ages: { limit: harbor.AGE_LIMIT, units: harbor.AGE_UNITS, codes: harbor.AGE_CODES },
  };
}

function partialRedaction({ name }: ProfileSettings, parameters: Readonly<Record<string, unknown>>): PartialRedaction {
  if (name !== 'ms-r4-compat') return WHOLE_REDACTION;
  return {
    dates: parameters.enablePartialDatesForRedact === true,
    ages: parameters.enablePartialAgesForRedact === true,
    zipCodes: parameters.enablePartialZipCodesForRedact === true,
  };
}

/** A method that means nothing for what a path selects leaves it as it was: not what its author wants. */
function checkFit(rules: readonly FhirRule[], effects: RuleEffects, problems: PolicyProblems): void {
  for (const rule of rules) {
    if (rule.selects.length === 0 || rule.selects.some(({ type }) => effects.fits(rule, type))) continue;
    const types = [...new Set(rule.selects.map(({ type }) => type))].slice(0, 4).join(', ');
    problems.error(rule.place, `${rule.method} must fit what the path selects, got ${types}; choose another method`);
  }
}
