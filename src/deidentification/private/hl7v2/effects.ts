import { ruleInWords } from '../explain-words';
import type { CompiledHl7v2, CompiledPart, PartAction } from './tables';

/** What is left of a part, in words; parts without words say nothing by themselves. */
const PART_EFFECTS: Readonly<Partial<Record<PartAction, string>>> = {
  keep: 'as written',
  number: 'number',
  count: 'number',
  word: 'short code',
  code: 'code and system',
  unit: 'unit',
  one: 'known word',
  comparator: 'number',
  year: 'year',
  birth: 'year',
  date: 'date as written',
  state: 'state',
  zip3: 'three digits of the ZIP code',
  zip: 'ZIP code',
  city: 'city',
  id: 'keyed code',
};

/** Of parts that say nothing by themselves, where one of them is asked for. */
const PART_ALONE: Readonly<Partial<Record<PartAction, string>>> = {
  system: 'coding system, where its code is kept',
  separator: 'sign between two numbers',
  idType: 'kind of id, where its code is kept',
};

/** What is left of a field of this form, in words. */
export function effectOfForm(form: number, compiled: CompiledHl7v2): string {
  const { parts, guard, rest } = compiled.forms[form];
  if (guard === 'person') return 'code, short or of a closed list, and system';
  if (guard === 'value') return 'value by the type that OBX-2 names: numbers, codes, years';
  const effects = [...Object.values(parts), ...(rest ? [rest] : [])].map((part) => effectOfPart(part, compiled));
  return [...new Set(effects.filter((effect) => effect !== undefined && effect !== ''))].join(', ') || 'removed';
}

/** What is left of one component of a field of this form, or of a part of one. */
export function effectAt(form: number, numbers: readonly number[], compiled: CompiledHl7v2): string {
  const { parts, guard, rest } = compiled.forms[form];
  const [component, ...deeper] = numbers;
  if (component === undefined || guard === 'value' || guard === 'whole') return effectOfForm(form, compiled);
  const part = parts[component] ?? rest;
  if (part?.[0] === 'form') return effectAt(part[1], deeper, compiled);
  return (part && (effectOfPart(part, compiled) ?? PART_ALONE[part[0]])) || 'removed';
}

function effectOfPart([action, argument]: CompiledPart, compiled: CompiledHl7v2): string | undefined {
  if (action === 'form') return effectOfForm(argument, compiled);
  return action === 'rule' ? ruleInWords(compiled.rules[argument]) : PART_EFFECTS[action];
}
