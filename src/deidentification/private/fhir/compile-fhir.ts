import type { ElementTable } from './element-table';
import { automatonOf, type FhirPolicy, graphOf, readFhirPolicy } from './fhir-policy';
import { checkMicrosoftParameters } from './microsoft-parameters';
import { checkMethods, checkReach } from './rule-checks';
import { TooManyConditions } from './rule-positions';
import * as harbor from './safe-harbor';
import { smallerGraph } from './smaller-graph';
import type { CompiledAges, CompiledFhir } from './tables';
import { WideningList } from './widening';
import { COUNTRIES, shownZip3, STATES } from '../geography';
import type { PolicyProblems } from '../policy-problems';
import { isLimitedDataSet, type ProfileSettings } from '../profile';

type Graph = Pick<CompiledFhir, 'resources' | 'nodes' | 'extensions' | 'cases' | 'valueSets'>;

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
  checkSettings(settings, problems);
  checkMicrosoftParameters(parameters, settings, problems);
  const policy = readFhirPolicy(table, settings, rules, parameters, problems);
  checkMethods(policy, problems);
  const graph = compileGraph(policy, problems);
  return {
    resources: graph.resources,
    nodes: graph.nodes,
    valueSets: graph.valueSets,
    extensions: graph.extensions,
    rules: policy.effects.valueRules,
    cases: graph.cases,
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
    ages: agesOf(settings),
  };
}

function checkSettings({ name, unmatched }: ProfileSettings, problems: PolicyProblems): void {
  if (unmatched !== 'keep' || name === 'ms-r4-compat') return;
  const got = `got keep: it would not be what ${name} says`;
  problems.error({ section: 'file' }, `unmatched must be redact under ${name}, ${got}; omit it, or keep by rules`);
}

/** The graph, with warnings about rules that have no effect or more of it than the profile allows. */
function compileGraph(policy: FhirPolicy, problems: PolicyProblems): Graph {
  const automaton = automatonOf(policy);
  const widened = new WideningList(policy);
  try {
    const { graph, resources } = graphOf(policy, automaton, widened.note);
    checkReach(policy, automaton, problems);
    warnOfWidenings(policy, widened, problems);
    const { nodes, extensions, cases, valueSets } = graph;
    const whole = { resources, nodes, extensions, cases };
    // A profile's own tables are as small already; and the hash of its policy holds every number in them.
    return { ...(policy.rules.length > 0 || policy.profile.keeps ? smallerGraph(whole) : whole), valueSets };
  } catch (error) {
    if (!(error instanceof TooManyConditions)) throw error;
    problems.error(policy.rules[error.rule].place, error.message);
    return { resources: {}, nodes: [], extensions: [], cases: [], valueSets: [] };
  }
}

function warnOfWidenings({ rules, settings }: FhirPolicy, widened: WideningList, problems: PolicyProblems): void {
  for (const { rule, elements } of widened.all) {
    const place = rules.find(({ number }) => number === rule)!.place;
    const what = `shows more than ${settings.name} would: ${elements.join(', ')}`;
    problems.warning(place, `${what}; have it reviewed, the evidence lists it as open`);
  }
}

/** A limited data set shows ages as they are, unless a rule says otherwise: no code and no unit makes a quantity one. */
function agesOf(settings: ProfileSettings): CompiledAges {
  const whole = { limit: harbor.AGE_LIMIT, units: harbor.AGE_UNITS, codes: harbor.AGE_CODES };
  return isLimitedDataSet(settings) ? { ...whole, codes: [], byRule: true } : whole;
}
