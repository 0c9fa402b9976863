import type { CompiledHl7v2 } from './tables';
import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';

/** @param rules the `hl7v2` section of a policy file, as parsed JSON; decides before the profile does */
export function compileHl7v2(
  _profile: ProfileSettings,
  _rules: readonly unknown[],
  _problems: PolicyProblems,
): CompiledHl7v2 {
  return { segments: {} };
}
