import { plainName } from './csv/column-name';
import { compileCsv } from './csv/compile-csv';
import { COLUMN_GROUPS, columnsOf } from './csv/dictionary';
import { effectOfColumn } from './csv/effects';
import type { Explanation } from './explain-fhir';
import { PathError } from './fhir/rule-path';
import { IDENTIFIERS } from './identifiers';
import { isObject } from './policy-file';
import { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';
import { didYouMean } from './suggestion';

/**
 * What becomes of a column of tables, and by which rule or entry of the dictionary.
 *
 * @throws PathError where no column is named
 */
export function explainColumn(settings: ProfileSettings, rules: readonly unknown[], column: string): Explanation {
  const compiled = compileCsv(settings, rules, new PolicyProblems());
  const name = plainName(column);
  if (name === '') throw new PathError('a column must have a name, got none; write csv:ZIP, say');
  const [first, ...losing] = rules.flatMap((rule, index) =>
    isObject(rule) && typeof rule.column === 'string' && plainName(rule.column) === name
      ? [{ number: index + 1, rulePath: rule.column, method: String(rule.method) }]
      : [],
  );
  return {
    path: column,
    type: 'column',
    when: [],
    decidedBy: first ? { kind: 'rule', ...first } : { kind: 'profile', name: settings.name },
    effect: effectOfColumn(name, compiled),
    reason: first ? 'it is the first rule for this column' : reasonOf(column, name),
    losing,
  };
}

function reasonOf(column: string, name: string): string {
  const group = COLUMN_GROUPS.find((each) => columnsOf(each).some((one) => plainName(one) === name));
  if (!group) {
    const hint = didYouMean(column, COLUMN_GROUPS.flatMap(columnsOf));
    const unknown = 'no rule names it and the dictionary does not know it: unknown columns are removed';
    return hint ? `${unknown}; ${hint}` : unknown;
  }
  const { what, identifier } = group;
  const known = `no rule names it, so the dictionary decides: ${what}`;
  return identifier ? `${known}; identifier (${identifier}): ${IDENTIFIERS[identifier]}` : known;
}
