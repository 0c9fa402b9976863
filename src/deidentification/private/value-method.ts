import { compileGeneralize } from './generalize';
import { describe } from './policy-file';
import type { PolicyPlace, PolicyProblems } from './policy-problems';
import { didYouMean } from './suggestion';
import type { DateForm, Json, ValueRule } from './value-rule';

/** The words of a policy; they are read in any case, as Microsoft's tool does. */
export const METHODS = [
  'keep',
  'redact',
  'year',
  'zip3',
  'age',
  'cryptoHash',
  'dateShift',
  'substitute',
  'generalize',
  'perturb',
  'encrypt',
] as const;
export type MethodName = (typeof METHODS)[number];

/** What a value is, as far as its type says: what a method is compiled for. */
export type ValueKind =
  | { readonly is: 'date'; readonly form: DateForm; readonly birth?: true }
  | { readonly is: 'number'; readonly integer?: true; readonly least?: number }
  | { readonly is: 'text' }
  | { readonly is: 'boolean' };

type Rule = Readonly<Record<string, unknown>>;

export function methodNamed(name: unknown, place: PolicyPlace, problems: PolicyProblems): MethodName | undefined {
  const known = METHODS.find((method) => typeof name === 'string' && method.toLowerCase() === name.toLowerCase());
  if (known) return known;
  const hint = typeof name === 'string' ? didYouMean(name, METHODS) : '';
  problems.error(place, `method must be one of ${METHODS.join(', ')}, got ${describe(name)}${hint && `; ${hint}`}`);
  return undefined;
}

/**
 * A method with its parameters, for a value of this kind; `keep` and `redact` are no rule of a value: their callers
 * decide. `undefined` where the method does not fit the kind: the caller says whose fault that is.
 */
export function compileValueRule(
  method: Exclude<MethodName, 'keep' | 'redact'>,
  rule: Rule,
  kind: ValueKind,
  place: PolicyPlace,
  problems: PolicyProblems,
): ValueRule | undefined {
  switch (method) {
    case 'cryptoHash':
    case 'encrypt':
      return kind.is === 'boolean' || kind.is === 'number' ? undefined : { method };
    case 'year':
      return kind.is === 'date' ? { method, form: kind.form, ...(kind.birth && { birth: true }) } : undefined;
    case 'dateShift':
      return kind.is === 'date' ? { method, form: kind.form } : undefined;
    case 'zip3':
      return kind.is === 'text' ? { method } : undefined;
    case 'age':
      return kind.is === 'number' || kind.is === 'text' ? { method } : undefined;
    case 'substitute':
      if ('replaceWith' in rule) return { method, value: rule.replaceWith as Json };
      problems.error(place, 'substitute must have replaceWith, got nothing; write the value to put in its place');
      return undefined;
    case 'perturb':
      return kind.is === 'number' ? perturb(rule, kind, place, problems) : undefined;
    case 'generalize':
      return compileGeneralize(rule, kind, place, problems);
  }
}

function perturb(
  rule: Rule,
  kind: Extract<ValueKind, { is: 'number' }>,
  place: PolicyPlace,
  problems: PolicyProblems,
): ValueRule | undefined {
  const { span, rangeType = 'fixed', roundTo = 2 } = rule;
  const type = (['fixed', 'proportional'] as const).find((one) => one === String(rangeType).toLowerCase());
  const isSpan = typeof span === 'number' && span >= 0;
  const isPlaces = typeof roundTo === 'number' && Number.isInteger(roundTo) && roundTo >= 0 && roundTo <= 28;
  if (!isSpan) {
    problems.error(place, `perturb must have a span of 0 or more, got ${describe(span)}; write "span": 0.1`);
  }
  if (!type) problems.error(place, `rangeType must be fixed or proportional, got ${describe(rangeType)}`);
  if (!isPlaces) {
    problems.error(place, `roundTo must be a number of decimal places from 0 to 28, got ${describe(roundTo)}`);
  }
  if (!isSpan || !type || !isPlaces) return undefined;
  return {
    method: 'perturb',
    span,
    rangeType: type,
    roundTo: kind.integer ? 0 : roundTo,
    ...(kind.integer && { integer: true }),
    ...(kind.least !== undefined && { least: kind.least }),
  };
}

const PARAMETERS: Readonly<Partial<Record<MethodName, readonly string[]>>> = {
  substitute: ['replaceWith'],
  generalize: ['cases', 'otherValues'],
  perturb: ['span', 'rangeType', 'roundTo'],
};

/** @param own what a rule of the format has beside the method and its parameters: `path`, say */
export function checkParameters(
  method: MethodName,
  rule: Rule,
  own: readonly string[],
  place: PolicyPlace,
  problems: PolicyProblems,
): void {
  const known = [...own, 'method', ...(PARAMETERS[method] ?? [])];
  for (const name of Object.keys(rule)) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) || `it takes ${known.join(', ')}`;
    problems.error(place, `a rule with the method ${method} has no parameter "${name}"; ${hint}`);
  }
}
