import { plainName } from './csv/column-name';
import { compileCsv } from './csv/compile-csv';
import { COLUMN_GROUPS, columnsOf } from './csv/dictionary';
import { COLUMN_EFFECTS } from './csv/effects';
import type { Explanation } from './explain-fhir';
import { IDENTIFIERS } from './identifiers';
import { isObject } from './policy-file';
import { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';

/** What becomes of a column of tables, and by which rule or entry of the dictionary. */
export function explainColumn(settings: ProfileSettings, rules: readonly unknown[], column: string): Explanation {
  const compiled = compileCsv(settings, rules, new PolicyProblems());
  const name = plainName(column);
  const [first, ...losing] = rules.flatMap((rule, index) =>
    isObject(rule) && typeof rule.column === 'string' && plainName(rule.column) === name
      ? [{ number: index + 1, rulePath: rule.column, method: String(rule.method) }]
      : [],
  );
  const meaning = compiled.columns[name] as number | undefined;
  return {
    path: column,
    type: 'column',
    when: [],
    decidedBy: first ? { kind: 'rule', ...first } : { kind: 'profile', name: settings.name },
    effect: meaning === undefined ? COLUMN_EFFECTS.drop : COLUMN_EFFECTS[compiled.meanings[meaning].action],
    reason: first ? 'it is the first rule for this column' : reasonOf(name),
    losing,
  };
}

function reasonOf(name: string): string {
  const group = COLUMN_GROUPS.find((each) => columnsOf(each).some((one) => plainName(one) === name));
  if (!group) return 'no rule names it and the dictionary does not know it: unknown columns are removed';
  const { what, identifier } = group;
  const known = `no rule names it, so the dictionary decides: ${what}`;
  return identifier ? `${known}; identifier (${identifier}): ${IDENTIFIERS[identifier]}` : known;
}
