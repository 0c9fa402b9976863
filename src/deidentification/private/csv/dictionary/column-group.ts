import type { IdentifierLetter } from '../../identifiers';
import type { ColumnAction, ColumnRole } from '../tables';

/** Columns of one meaning, and what becomes of them: a row of the documentation's table. */
export interface ColumnGroup {
  /** What the columns hold. */
  readonly what: string;
  /** Which of the eighteen identifiers of 45 CFR 164.514(b)(2)(i) it is. */
  readonly identifier?: IdentifierLetter;
  /** What a dictionary decides by itself: never a rule. */
  readonly safeHarbor: Exclude<ColumnAction, 'rule' | 'text'>;
  /** Where 164.514(e)(2), a limited data set, lets more of it stay. */
  readonly limited?: Exclude<ColumnAction, 'rule'>;
  readonly role?: ColumnRole;
  /** Without codes of observations the name means something else: the column is dropped. */
  readonly beside?: 'observed';
  /** Names with blanks between them; `{1..25}` counts, `{MONTH}` is each of `JAN` to `DEC`. */
  readonly columns: string;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEPT OCT NOV DEC'.split(' ');

/** The names of a group, one by one. */
export function columnsOf({ columns }: ColumnGroup): string[] {
  return columns.trim().split(/\s+/).flatMap(expand);
}

function expand(pattern: string): string[] {
  const [all, first, last] = /\{(\d+)\.\.(\d+)\}/.exec(pattern) ?? [];
  if (all !== undefined) {
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, i) => pattern.replace(all, String(Number(first) + i)));
  }
  return pattern.includes('{MONTH}') ? MONTHS.map((month) => pattern.replace('{MONTH}', month)) : [pattern];
}
