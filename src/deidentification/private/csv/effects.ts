import { ruleInWords } from '../explain-words';
import type { ColumnAction, CompiledCsv } from './tables';

/** What is left of a cell, in words. */
const EFFECTS: Readonly<Record<Exclude<ColumnAction, 'rule'>, string>> = {
  drop: 'removed',
  id: 'keyed code',
  year: 'year',
  date: 'date as written',
  zip3: 'three digits, or `000`',
  state: 'state',
  age: 'years up to 89, above them `>89`',
  number: 'number as written',
  code: 'code',
  clinical: 'code',
  drug: 'National Drug Code',
  unit: 'unit',
  text: 'text as written',
  person: 'short code, or word of a closed list',
};

/** What is left of the cells of a column, in words. */
export function effectOfColumn(plainName: string, { columns, meanings, rules }: CompiledCsv): string {
  const meaning = columns[plainName] as number | undefined;
  if (meaning === undefined) return EFFECTS.drop;
  const { action, rule, beside } = meanings[meaning];
  if (action === 'rule') return ruleInWords(rules[rule!]);
  return beside ? `${EFFECTS[action]} beside codes of observations, else removed` : EFFECTS[action];
}
