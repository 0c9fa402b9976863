import type { ColumnAction } from './tables';

/** What is left of a cell, in words. */
export const COLUMN_EFFECTS: Readonly<Record<ColumnAction, string>> = {
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
  rule: 'what the rule makes of it',
};
