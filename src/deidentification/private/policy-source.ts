import type { PolicySource } from './compile-policy';
import type { ProfileName } from './compiled-tables';
import { RESTRICTED_ZIP3 } from './geography';
import { DEFAULT_LIMITS, describe, readPolicyFile } from './policy-file';
import type { PolicyProblems } from './policy-problems';

/** A profile alone, without rules. */
export function profileSource(
  name: ProfileName,
  restrictedZip3: readonly string[] = RESTRICTED_ZIP3,
  ids: 'hash' | 'drop' = 'hash',
): PolicySource {
  const settings = { name, restrictedZip3, ids, unmatched: 'redact' } as const;
  return { settings, limits: DEFAULT_LIMITS, fhirPathRules: [], parameters: {}, hl7v2: [], csv: [] };
}

/** @throws Error that names the file where it cannot be read or is no JSON object */
export function fileSource(file: string, problems: PolicyProblems): PolicySource {
  const { profile, unmatched, ...rest } = readPolicyFile(file, problems);
  const settings = {
    name: profile,
    restrictedZip3: zip3Parameter(rest.parameters, problems),
    ids: 'hash',
    unmatched: unmatched ?? (profile === 'ms-r4-compat' ? 'keep' : 'redact'),
  } as const;
  return { settings, ...rest };
}

/** A file may restrict more prefixes than the built-in ones, never fewer; Microsoft's own list is shorter. */
function zip3Parameter(parameters: Readonly<Record<string, unknown>>, problems: PolicyProblems): string[] {
  const given = parameters.restrictedZipCodeTabulationAreas;
  if (given === undefined) return [...RESTRICTED_ZIP3];
  const prefixes = Array.isArray(given) ? given.map(String) : [];
  if (!Array.isArray(given) || prefixes.some((prefix) => !/^\d{3}$/.test(prefix))) {
    const must = 'restrictedZipCodeTabulationAreas must be an array of prefixes of three digits';
    problems.error({ section: 'file' }, `${must}, got ${describe(given)}; write them like "036"`);
  }
  return [...new Set([...RESTRICTED_ZIP3, ...prefixes])].sort();
}
