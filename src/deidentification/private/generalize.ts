import { ExpressionError, parseResult, parseTest } from './generalize-expression';
import { describe, isObject } from './policy-file';
import type { PolicyPlace, PolicyProblems } from './policy-problems';
import type { ValueKind } from './value-method';
import type { DateForm, GeneralizeCase, GeneralizeResult, GeneralizeTest, ValueRule } from './value-rule';
import { hl7Moment, isDateLiteral, isMomentOf } from './written-moment';

type Generalize = Extract<ValueRule, { method: 'generalize' }>;

/**
 * The `cases` of a rule, in their order: the first that holds counts.
 *
 * @returns undefined where they cannot be read (a problem says so), or where they compare with, or become, what a value
 *   of this kind never is
 */
export function compileGeneralize(
  rule: Readonly<Record<string, unknown>>,
  kind: ValueKind,
  place: PolicyPlace,
  problems: PolicyProblems,
): Generalize | undefined {
  const cases = readCases(rule.cases, place, problems);
  const otherwise = readOtherValues(rule.otherValues, place, problems);
  if (!cases || !otherwise) return undefined;
  const fits = cases.every(({ when, to }) => testFits(when, kind) && resultFits(to, kind));
  return fits ? { method: 'generalize', cases: cases.map((one) => writtenFor(kind, one)), otherwise } : undefined;
}

/** A policy writes dates as FHIR does; a message has a form of its own for them. */
function writtenFor(kind: ValueKind, { when, to }: GeneralizeCase): GeneralizeCase {
  if (kind.is !== 'date' || kind.form !== 'hl7' || !('value' in to)) return { when, to };
  return { when, to: { value: hl7Moment(String(to.value)) } };
}

function readCases(given: unknown, place: PolicyPlace, problems: PolicyProblems): GeneralizeCase[] | undefined {
  if (!isObject(given) || Object.keys(given).length === 0) {
    const hint = `write "cases": {"$this in ('a' | 'b')": "'c'"}`;
    problems.error(place, `generalize must have cases, got ${describe(given)}; ${hint}`);
    return undefined;
  }
  const cases: GeneralizeCase[] = [];
  for (const [test, result] of Object.entries(given)) {
    try {
      cases.push({ when: parseTest(test), to: parseResult(String(result)) });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.error(place, `${error.message}, in the case ${describe(test)}: ${describe(result)}`);
      return undefined;
    }
  }
  return cases;
}

function readOtherValues(given: unknown, place: PolicyPlace, problems: PolicyProblems): 'keep' | 'redact' | undefined {
  if (given === undefined) return 'redact';
  const known = (['keep', 'redact'] as const).find((one) => one === String(given).toLowerCase());
  if (!known) problems.error(place, `otherValues must be keep or redact, got ${describe(given)}; omit it for redact`);
  return known;
}

function testFits(test: GeneralizeTest, kind: ValueKind): boolean {
  switch (test.op) {
    case 'always':
      return true;
    case 'and':
    case 'or':
      return test.tests.every((one) => testFits(one, kind));
    case 'startsWith':
      return kind.is === 'text';
    case 'in':
      return test.values.every((value) => typeof value === (kind.is === 'text' ? 'string' : kind.is));
    default:
      if (kind.is === 'date') return test.date === true;
      return test.date !== true && typeof test.to === (kind.is === 'text' ? 'string' : kind.is);
  }
}

function resultFits(result: GeneralizeResult, kind: ValueKind): boolean {
  if (!('value' in result)) return kind.is === 'text';
  const { value } = result;
  switch (kind.is) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return (
        typeof value === 'number' && (!kind.integer || (Number.isInteger(value) && value >= (kind.least ?? value)))
      );
    case 'date':
      return typeof value === 'string' && isDateOf(kind.form, value);
  }
}

function isDateOf(form: DateForm, text: string): boolean {
  return form === 'hl7' || form === 'column' ? isDateLiteral(text) : isMomentOf(form, text);
}
