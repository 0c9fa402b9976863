import type { Element } from './element-graph';
import type { ElementTable } from './element-table';
import { type FhirPolicy, readFhirPolicy } from './fhir-policy';
import type { FhirRule } from './fhir-rules';
import { checkMethods } from './rule-checks';
import { describe, isObject } from '../policy-file';
import { PolicyProblems } from '../policy-problems';

/** How far a rule of Microsoft's tool does here what it does there. */
export interface RuleCoverage {
  /** Counted from 1, as written in the configuration. */
  readonly rule: number;
  readonly path: string;
  readonly method: string;
  /** `full`: the same result; `different`: in the ways that are given; `none`: the policy does not compile with it. */
  readonly coverage: 'full' | 'different' | 'none';
  readonly reasons: readonly string[];
}

/** What differs whatever the rules are. */
export const GENERAL_DIFFERENCES: readonly string[] = [
  'no labels are added to meta.security: the manifest says what was done',
  'keys in the file are ignored: codes, shifts and noise come from the key of the pipeline',
  'elements that R4 does not know are removed, not rejected',
  'objects and lists of which nothing is left are removed; an object where FHIR wants a list stays one',
  'every rule reads what the source wrote, not what an earlier rule made of it',
  'ages over 89 are reckoned by the year, from the last change of the source, not by the day and from the clock',
  'a Bundle comes out as NDJSON, an entry a line; an entry without an id takes its fullUrl',
];

const DIFFERENCES: Readonly<Partial<Record<FhirRule['method'], readonly string[]>>> = {
  cryptoHash: ['the code has 128 bits, written as a UUID: it fits an id, which 64 hexadecimal digits fill entirely'],
  dateShift: [
    'dates are shifted by patient, not by resource: intervals between the records of a patient survive',
    'without a patient in the resource the year is shown',
  ],
  encrypt: ['the initialization vector is derived from text and key: a second run writes the same bytes'],
  perturb: ['the noise is derived from text and key: a second run writes the same number'],
};

/** Goes through a configuration of Microsoft's Tools for Health Data Anonymization, rule by rule. */
export function microsoftCoverage(
  table: ElementTable,
  rules: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
): RuleCoverage[] {
  const problems = new PolicyProblems();
  const settings = { name: 'ms-r4-compat', unmatched: 'keep', ids: 'hash', restrictedZip3: [] } as const;
  const policy = readFhirPolicy(table, settings, rules, parameters, problems);
  checkMethods(policy, problems);
  return rules.map((raw, index) => coverageOf(raw, index + 1, policy, parameters, problems));
}

function coverageOf(
  raw: unknown,
  number: number,
  policy: FhirPolicy,
  parameters: Readonly<Record<string, unknown>>,
  problems: PolicyProblems,
): RuleCoverage {
  const { path, method } = isObject(raw) ? raw : { path: undefined, method: undefined };
  const written = { rule: number, path: textOf(path), method: textOf(method) };
  const errors = problems.errors.filter(({ rule }) => rule === number).map(({ message }) => message);
  if (errors.length > 0) return { ...written, coverage: 'none', reasons: errors };
  const warnings = problems.warnings.filter(({ rule }) => rule === number).map(({ message }) => message);
  const rule = policy.rules.find((one) => one.number === number)!;
  const reasons = [...warnings, ...differencesOf(rule, policy, parameters)];
  return { ...written, coverage: reasons.length === 0 ? 'full' : 'different', reasons };
}

function differencesOf(
  { method, steps, selects }: FhirRule,
  { elements }: FhirPolicy,
  parameters: Readonly<Record<string, unknown>>,
): string[] {
  const found = [...(DIFFERENCES[method] ?? [])];
  const types = elements.typesWithin(selects.map(({ type }) => type));
  const has = (...wanted: string[]): boolean => wanted.some((type) => types.has(type));
  if (method === 'cryptoHash' && has('boolean', 'decimal', 'integer', 'unsignedInt', 'positiveInt')) {
    found.push('numbers and booleans are removed: a code does not fit them');
  }
  if (method === 'cryptoHash' && isReference(selects, types)) {
    found.push('references that cannot be read are removed, hosts too');
  }
  if (method === 'dateShift' && parameters.enablePartialDatesForRedact !== true) {
    found.push('of a date without a day the year is shown');
  }
  if (method === 'redact' && parameters.enablePartialAgesForRedact === true && has('Age')) {
    found.push('an age keeps its unit; one above 89 becomes "more than 89"');
  }
  if (method === 'redact' && parameters.enablePartialZipCodesForRedact === true && isPostal(selects, types)) {
    found.push('more ZIP codes become zeros: all that any census restricts, and all that no town has');
  }
  if (steps.some(({ is }) => is === 'where')) {
    found.push('conditions are asked of the source, not of what is left of it');
  }
  return found;
}

function isPostal(selects: readonly Element[], types: ReadonlySet<string>): boolean {
  return types.has('Address') || selects.some(({ owner, name }) => owner === 'Address' && name === 'postalCode');
}

function isReference(selects: readonly Element[], types: ReadonlySet<string>): boolean {
  return types.has('Reference') || selects.some(({ owner }) => owner === 'Reference');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : describe(value);
}
