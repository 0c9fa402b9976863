import { earlierThatDecides, type Hl7Rule } from './policy-rules';
import type { CompiledForm, CompiledPart, CompiledSegment, PartAction } from './tables';
import type { PolicyProblems } from '../policy-problems';
import type { ProfileSettings } from '../profile';
import { keepsText, showsMore, type ValueRule } from '../value-rule';

/** What the profile alone would decide, and what the rules make of values. */
export interface Hl7Profile {
  readonly settings: ProfileSettings;
  readonly profile: Readonly<Record<string, CompiledSegment>>;
  readonly forms: readonly CompiledForm[];
  readonly values: readonly ValueRule[];
}

const DROP: CompiledPart = ['drop'];
/** What shows any text as it is. */
const SHOWN: readonly PartAction[] = ['keep', 'city'];
/** What shows a value as it is, if it is one of its kind: less than a rule that keeps whatever stands there. */
const SHOWN_OF_KIND: readonly PartAction[] = ['number', 'count', 'date', 'zip', 'one'];

/** Warns of rules that show more than the profile would: it alone no longer vouches for the result. */
export function warnOfWidenings(rules: readonly Hl7Rule[], given: Hl7Profile, problems: PolicyProblems): void {
  for (const rule of rules) {
    if (earlierThatDecides(rule, rules) || !widens(rule, given)) continue;
    const what = `shows more than ${given.settings.name} would`;
    problems.warning(rule.place, `${what}; have it reviewed, the evidence lists it as open`);
  }
}

/**
 * A rule that makes codes of ids, where the profile does so itself: then its own action, which knows of the rest of the
 * field, since the numbers that others have given (SSN, licence, policy) are none of these ids.
 */
export function withProfileIds(rule: Hl7Rule, given: Hl7Profile): Hl7Rule {
  const [action, argument] = rule.part;
  if (action !== 'rule' || given.values[argument].method !== 'cryptoHash') return rule;
  const shown = shownAt(rule, given);
  return shown[0] === 'id' ? { ...rule, part: shown } : rule;
}

function widens(rule: Hl7Rule, given: Hl7Profile): boolean {
  const [action, argument] = rule.part;
  if (action === 'drop' || action === 'zip3') return false;
  const shown = shownAt(rule, given);
  if (action !== 'rule') return !SHOWN.includes(shown[0]);
  const value = given.values[argument as number];
  if (SHOWN.includes(shown[0])) return false;
  if (SHOWN_OF_KIND.includes(shown[0])) return keepsText(value);
  return showsMore(value) && !(value.method === 'cryptoHash' && shown[0] === 'id');
}

function shownAt({ segment, numbers }: Hl7Rule, { profile, forms }: Hl7Profile): CompiledPart {
  const [field, ...parts] = numbers;
  return field === undefined ? DROP : partAt(profile[segment]?.fields[field], parts, forms);
}

/** What a profile's form makes of a field, or of a part of one: a value without parts is its own first part. */
function partAt(form: number | undefined, parts: readonly number[], forms: readonly CompiledForm[]): CompiledPart {
  if (form === undefined) return DROP;
  const [component = 1, ...deeper] = parts;
  const whole = parts.length === 0 && Object.keys(forms[form].parts).some((number) => number !== '1');
  const part = whole ? DROP : (forms[form].parts[component] ?? DROP);
  return part[0] === 'form' ? partAt(part[1], deeper, forms) : part;
}
