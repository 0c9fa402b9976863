import type { CompiledCsv } from './tables';
import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';

/** @param rules the `csv` section of a policy file, as parsed JSON; decides before the dictionary does */
export function compileCsv(
  _profile: ProfileSettings,
  _rules: readonly unknown[],
  _problems: PolicyProblems,
): CompiledCsv {
  return { columns: {} };
}
