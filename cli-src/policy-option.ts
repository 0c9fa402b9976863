import { CliError } from './command';
import type { Io } from './io';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { describeProblem } from '../src/deidentification/private/policy-problems';

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
  try {
    return DeidPolicy.fromFile(file);
  } catch (error) {
    // A policy's text is the author's own, and holds no record.
    throw new CliError((error as Error).message);
  }
}
