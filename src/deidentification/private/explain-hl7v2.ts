import type { Explanation } from './explain-fhir';
import { PathError } from './fhir/rule-path';
import { compileHl7v2 } from './hl7v2/compile-hl7v2';
import { effectAt } from './hl7v2/effects';
import { fieldTypes, readFieldTable } from './hl7v2/field-table';
import { type Hl7Path, readHl7Path } from './hl7v2/hl7-path';
import { identifierOf, IDENTIFIERS } from './hl7v2/identifiers';
import { Hl7RuleReader, type Hl7Rule } from './hl7v2/policy-rules';
import type { CompiledHl7v2 } from './hl7v2/tables';
import { isObject } from './policy-file';
import { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';

/** A segment, or three characters and a number; FHIR has no type so short that begins a path. */
const LIKE_HL7 = /^([A-Z][A-Z0-9]{2}|[A-Za-z][A-Za-z0-9]{2}[-.]\d.*)$/;

/** Whether a path means to be one of HL7 v2: `PID-5`, `PID-11.5`, `PID.5`. */
export function isHl7Path(path: string): boolean {
  return LIKE_HL7.test(path);
}

/**
 * What becomes of a field or a part of one, and by which rule.
 *
 * @throws PathError for a path that HL7 v2 does not know
 */
export function explainField(settings: ProfileSettings, rules: readonly unknown[], path: string): Explanation {
  const { segment, numbers } = fieldOf(path);
  if (segment === 'MSH' && numbers[0] <= 2) return delimiters(settings, path);
  const compiled = compileHl7v2(settings, rules, new PolicyProblems());
  const read = new Hl7RuleReader(readFieldTable(), [], new PolicyProblems()).read(rules);
  const covering = read.filter((rule) => covers(rule, segment, numbers));
  const [first, ...losing] = covering.map((rule) => nameOf(rule, rules));
  // A rule for a part decides over it where no earlier one takes the whole.
  const earlier = covering.length > 0 ? read.slice(0, read.indexOf(covering[0])) : read;
  const within = earlier.filter((rule) => liesWithin(rule, segment, numbers)).map((rule) => nameOf(rule, rules));
  const reason = first
    ? 'it is the first rule that matches the field, or what it is in'
    : reasonOf(segment, numbers[0]);
  return {
    path,
    type: fieldTypes(readFieldTable(), segment, numbers[0]).join(' or ') || 'unknown',
    when: [],
    decidedBy: first ? { kind: 'rule', ...first } : { kind: 'profile', name: settings.name },
    effect: effectOf(compiled, segment, numbers),
    reason: [reason, ...within.map((rule) => `rule ${rule.number} decides over ${rule.rulePath} in it`)].join('; '),
    losing,
  };
}

/** No rule reaches them, and no table names them. */
function delimiters({ name }: ProfileSettings, path: string): Explanation {
  const decidedBy = { kind: 'profile', name } as const;
  const reason = 'it says how the message is read';
  return { path, type: 'ST', when: [], decidedBy, effect: 'as written', reason, losing: [] };
}

function fieldOf(path: string): Hl7Path {
  const found = readHl7Path(readFieldTable(), path);
  if ('wrong' in found) throw new PathError(found.wrong);
  if (found.numbers.length > 0) return found;
  throw new PathError(`fields are decided one by one, got the segment ${path}; write ${path}-1, say`);
}

function covers(rule: Hl7Rule, segment: string, numbers: readonly number[]): boolean {
  return rule.segment === segment && rule.numbers.every((number, depth) => numbers[depth] === number);
}

function liesWithin(rule: Hl7Rule, segment: string, numbers: readonly number[]): boolean {
  const isDeeper = rule.numbers.length > numbers.length;
  return rule.segment === segment && isDeeper && numbers.every((number, depth) => rule.numbers[depth] === number);
}

function nameOf({ place }: Hl7Rule, rules: readonly unknown[]) {
  const rule = rules[place.rule! - 1];
  return { number: place.rule!, rulePath: place.path!, method: isObject(rule) ? String(rule.method) : '' };
}

function effectOf(compiled: CompiledHl7v2, segment: string, [field, ...parts]: readonly number[]): string {
  const known = compiled.segments[segment];
  const form = known?.fields[field] ?? known?.rest;
  return form === undefined ? 'removed' : effectAt(form, parts, compiled);
}

function reasonOf(segment: string, field: number): string {
  const letter = identifierOf(readFieldTable(), segment, field);
  const known = 'no rule matches it, so the profile decides';
  if (segment.startsWith('Z')) return `${known}: segments that begin with Z are a sender's own`;
  return letter
    ? `${known}: identifier (${letter}), ${IDENTIFIERS[letter].what}`
    : `${known}, by an allow-list of fields`;
}
