import type { Forms, Parts } from './forms';
import { earlierThatDecides, type Hl7Rule } from './policy-rules';
import type { PolicyProblems } from '../policy-problems';
import type { CompiledForm, CompiledPart, CompiledSegment } from './tables';

const DROP: CompiledPart = ['drop'];
const DEPTH = { segment: 0, field: 1, component: 2 };

/**
 * Lays the rules of a policy over the profile's decisions on one segment: for each part the first listed rule decides
 * that matches it or something that it belongs to, and the profile where none does.
 */
export function overlaySegment(
  profile: CompiledSegment | undefined,
  rules: readonly Hl7Rule[],
  forms: Forms,
  problems: PolicyProblems,
): CompiledSegment {
  warnOfUnreachable(rules, problems);
  const ofSegment = rules.find(({ numbers }) => numbers.length === DEPTH.segment);
  const named = rules.flatMap(({ numbers }) => (numbers.length > 0 ? [numbers[0]] : []));
  const rest = ofSegment?.part[0] === 'keep' ? forms.add('plain', {}, ['keep']) : undefined;
  const fields: Record<string, number> = {};
  for (const field of new Set([...Object.keys(profile?.fields ?? {}).map(Number), ...named])) {
    const list = rules.filter(({ numbers }) => numbers.length === DEPTH.segment || numbers[0] === field);
    const form = overlayField(profile?.fields[field], list, forms, problems);
    if (form !== undefined) fields[field] = form;
    // What is absent would be kept with the rest.
    else if (rest !== undefined) fields[field] = forms.add('plain', {});
  }
  return { fields, ...(rest !== undefined && { rest }) };
}

/** The form of a field; `undefined` where it is dropped. */
function overlayField(
  profile: number | undefined,
  rules: readonly Hl7Rule[],
  forms: Forms,
  problems: PolicyProblems,
): number | undefined {
  const { decided, before } = split(rules, DEPTH.field);
  const own: CompiledForm = profile === undefined ? { guard: 'plain', parts: {} } : forms.all[profile];
  const base = decided ? formOf(decided) : own;
  if (before.length === 0) return isEmpty(base) ? undefined : forms.add(base.guard, base.parts, base.rest);
  if (base.guard === 'value' || base.guard === 'whole') {
    const must = 'a value whose parts are not known here must have one rule for all of it';
    problems.error(before[0].place, `${must}, got one for a part; name the field as a whole`);
    return undefined;
  }
  const parts: Record<string, CompiledPart> = { ...base.parts };
  for (const component of new Set(before.map(({ numbers }) => numbers[1]))) {
    const list = before.filter(({ numbers }) => numbers[1] === component);
    parts[component] = overlayComponent(base.parts[component] ?? base.rest ?? DROP, list, forms);
  }
  return forms.add(base.guard, parts, base.rest);
}

function overlayComponent(profile: CompiledPart, rules: readonly Hl7Rule[], forms: Forms): CompiledPart {
  const { decided, before } = split(rules, DEPTH.component);
  const base = decided?.part ?? profile;
  if (before.length === 0) return base;
  const parts: Record<string, CompiledPart> = { ...partsOf(base, forms) };
  // The first listed rule of a sub-component decides over it.
  for (const { numbers, part } of [...before].reverse()) parts[numbers[2]] = part;
  return ['form', forms.add('plain', parts, base[0] === 'keep' ? base : undefined)];
}

/** The first rule of this depth or above, and those of single parts that are listed before it. */
function split(rules: readonly Hl7Rule[], depth: number): { decided?: Hl7Rule; before: readonly Hl7Rule[] } {
  const at = rules.findIndex(({ numbers }) => numbers.length <= depth);
  return at < 0 ? { before: rules } : { decided: rules[at], before: rules.slice(0, at) };
}

function formOf({ part, whole }: Hl7Rule): CompiledForm {
  if (part[0] === 'keep') return { guard: 'plain', parts: {}, rest: part };
  if (part[0] === 'drop') return { guard: 'plain', parts: {} };
  return { guard: whole ? 'whole' : 'plain', parts: { 1: part } };
}

function partsOf(part: CompiledPart, forms: Forms): Parts {
  if (part[0] === 'form') return forms.all[part[1]].parts;
  return part[0] === 'keep' || part[0] === 'drop' ? {} : { 1: part };
}

function isEmpty({ guard, parts, rest }: CompiledForm): boolean {
  return guard !== 'value' && !rest && Object.values(parts).every(([action]) => action === 'drop');
}

function warnOfUnreachable(rules: readonly Hl7Rule[], problems: PolicyProblems): void {
  for (const rule of rules) {
    const earlier = earlierThatDecides(rule, rules);
    if (!earlier) continue;
    const by = `rule ${earlier.place.rule} (${earlier.place.path})`;
    problems.warning(rule.place, `the rule is never reached: ${by} decides first; list it before that one, or drop it`);
  }
}
