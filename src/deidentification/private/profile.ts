import type { ProfileName } from './compiled-tables';

/** A policy's profile and what turns it, resolved: what each format's compiler starts from. */
export interface ProfileSettings {
  readonly name: ProfileName;
  /** Three-digit ZIP prefixes that are written as `000`. */
  readonly restrictedZip3: readonly string[];
  readonly ids: 'hash' | 'drop';
  /** What becomes of elements that no rule mentions. */
  readonly unmatched: 'redact' | 'keep';
}

/** Whether dates, cities, states and ZIP codes stay: 45 CFR 164.514(e), still PHI. */
export function isLimitedDataSet({ name }: ProfileSettings): boolean {
  return name === 'limited-data-set';
}
