import type { Explanation } from './explain-fhir';
import { compileHl7v2 } from './hl7v2/compile-hl7v2';
import { effectAt } from './hl7v2/effects';
import { fieldTypes, readFieldTable } from './hl7v2/field-table';
import { identifierOf, IDENTIFIERS } from './hl7v2/identifiers';
import { Hl7RuleReader, type Hl7Rule } from './hl7v2/policy-rules';
import type { CompiledHl7v2 } from './hl7v2/tables';
import { isObject } from './policy-file';
import { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';

const PATH = /^([A-Z][A-Z0-9]{2})[-.](\d+)((?:\.\d+)*)$/;

/** Whether a path is one of HL7 v2: `PID-5`, `PID-11.5`, `PID.5`. */
export function isHl7Path(path: string): boolean {
  return PATH.test(path);
}

/** What becomes of a field or a part of one, and by which rule. */
export function explainField(settings: ProfileSettings, rules: readonly unknown[], path: string): Explanation {
  const compiled = compileHl7v2(settings, rules, new PolicyProblems());
  const [, segment, field, rest] = PATH.exec(path)!;
  const numbers = [field, ...rest.split('.').filter(Boolean)].map(Number);
  const read = new Hl7RuleReader(readFieldTable(), [], new PolicyProblems()).read(rules);
  const [first, ...losing] = read.filter((rule) => covers(rule, segment, numbers)).map((rule) => nameOf(rule, rules));
  return {
    path,
    type: fieldTypes(readFieldTable(), segment, numbers[0]).join(' or ') || 'unknown',
    when: [],
    decidedBy: first ? { kind: 'rule', ...first } : { kind: 'profile', name: settings.name },
    effect: effectOf(compiled, segment, numbers),
    reason: first ? 'it is the first rule that matches the field, or what it is in' : reasonOf(segment, numbers[0]),
    losing,
  };
}

function covers(rule: Hl7Rule, segment: string, numbers: readonly number[]): boolean {
  return rule.segment === segment && rule.numbers.every((number, depth) => numbers[depth] === number);
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
