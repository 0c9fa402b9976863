import * as fs from 'node:fs';
import { CliError } from './command';
import type { Io } from './io';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { compilePolicy, type PolicySource } from '../src/deidentification/private/compile-policy';
import type { CompiledTables, ProfileName } from '../src/deidentification/private/compiled-tables';
import { describeProblem, type PolicyProblem, PolicyProblems } from '../src/deidentification/private/policy-problems';
import { fileSource, profileSource } from '../src/deidentification/private/policy-source';
import { didYouMean } from '../src/deidentification/private/suggestion';

const PROFILES: Readonly<Record<string, () => DeidPolicy>> = {
  'safe-harbor': () => DeidPolicy.safeHarbor(),
  'limited-data-set': () => DeidPolicy.limitedDataSet(),
  'validate-only': () => DeidPolicy.validateOnly(),
};

export const POLICY_HELP = [
  '  --policy POLICY   safe-harbor (default), limited-data-set, validate-only, or the path of a policy file; a',
  "                    configuration of Microsoft's Tools for Health Data Anonymization is one",
];

/** The policy that the option names: a profile, or a file. Its warnings are said, its errors end the command. */
export function policyOf(name: string | undefined, io: Io): DeidPolicy {
  const policy = name === undefined ? DeidPolicy.safeHarbor() : (PROFILES[name] ?? (() => fromFile(name)))();
  for (const problem of policy._warnings) io.err(`warning: ${describeProblem(problem, name!)}\n`);
  return policy;
}

function fromFile(file: string): DeidPolicy {
  requireThere(file);
  try {
    return DeidPolicy.fromFile(file);
  } catch (error) {
    // A policy's text is the author's own, and holds no record.
    throw new CliError((error as Error).message);
  }
}

/** A profile's name that is misspelt looks like the path of a file. */
function requireThere(name: string): void {
  if (fs.existsSync(name)) return;
  const names = Object.keys(PROFILES);
  const hint =
    name === 'ms-r4-compat'
      ? 'ms-r4-compat lives by rules: name it in a policy file'
      : didYouMean(name, names) || 'check the path';
  throw new CliError(`a policy must be ${names.join(', ')} or a file, got ${name}, which is neither; ${hint}`);
}

function isProfile(name: string): name is ProfileName {
  return name in PROFILES;
}

/** A policy with all that is wrong with it: for those who mend it. */
export interface OpenPolicy {
  readonly profile: string;
  readonly source: PolicySource;
  readonly tables: CompiledTables;
  readonly problems: readonly PolicyProblem[];
}

/** Reads a policy as far as it goes. */
export function readPolicy(name: string): OpenPolicy {
  const problems = new PolicyProblems();
  if (!isProfile(name)) requireThere(name);
  try {
    const source = isProfile(name) ? profileSource(name) : fileSource(name, problems);
    const tables = compilePolicy(source, problems);
    return { profile: source.settings.name, source, tables, problems: problems.all };
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}
