import { plainName } from './column-name';
import { CsvRules, type RuledColumn } from './csv-rules';
import { COLUMN_GROUPS, columnsOf, PATIENT_COLUMNS, PERSON_COLUMNS, SURVEY_PHRASES } from './dictionary';
import type { ColumnGroup } from './dictionary';
import type { CompiledColumn, CompiledCsv } from './tables';
import { AGE_CODES, AGE_LIMIT, AGE_UNITS } from '../fhir/safe-harbor';
import { COUNTRIES, shownZip3, STATES } from '../geography';
import { PERSON_WORDS } from '../person-words';
import type { PolicyProblems } from '../policy-problems';
import { isLimitedDataSet, type ProfileSettings } from '../profile';

/**
 * Resolves the dictionary and a policy's own columns to one meaning for each name.
 *
 * A table has no standard behind it, so its columns are an allow-list under every profile: `unmatched: keep`, which
 * `ms-r4-compat` means for the elements of FHIR, keeps no column that nobody has named.
 *
 * @param rules the `csv` section of a policy file, as parsed JSON; decides before the dictionary does
 */
export function compileCsv(
  settings: ProfileSettings,
  rules: readonly unknown[],
  problems: PolicyProblems,
): CompiledCsv {
  const known = dictionary(settings);
  const ruled = new CsvRules(known, settings, problems);
  ruled.read(rules);
  const columns = new Map(known);
  for (const [name, column] of ruled.columns) columns.set(name, withRole(column, known.get(name)));
  const patient = ruled.patient;
  return {
    ...numbered(columns),
    patients: patient === undefined ? PATIENT_COLUMNS.map(plainName) : [patient],
    people: patient === undefined ? PERSON_COLUMNS.map(plainName) : [],
    rules: ruled.rules,
    zip3: shownZip3(settings.restrictedZip3),
    states: STATES,
    countries: COUNTRIES,
    phrases: SURVEY_PHRASES,
    persons: [...PERSON_WORDS, ...SURVEY_PHRASES],
    ages: { limit: AGE_LIMIT, units: AGE_UNITS, codes: AGE_CODES },
  };
}

/** What the dictionary alone makes of each plain name. */
function dictionary(settings: ProfileSettings): ReadonlyMap<string, CompiledColumn> {
  const columns = new Map<string, CompiledColumn>();
  for (const group of COLUMN_GROUPS) {
    const meaning = meaningOf(group, settings);
    for (const column of columnsOf(group)) columns.set(plainName(column), meaning);
  }
  return columns;
}

function meaningOf(group: ColumnGroup, settings: ProfileSettings): CompiledColumn {
  const limited = isLimitedDataSet(settings);
  const action = (limited && group.limited) || group.safeHarbor;
  // Ages may be shown in a limited data set, so that no value needs to be looked at for one.
  const role = limited && group.role === 'measure' ? undefined : group.role;
  const { beside } = group;
  const dropped = action === 'id' && settings.ids === 'drop';
  return { action: dropped ? 'drop' : action, ...(role && { role }), ...(beside && { beside }) };
}

/** A rule changes what becomes of a column, not what the column says about the others. */
function withRole(column: RuledColumn, known: CompiledColumn | undefined): CompiledColumn {
  return known?.role === undefined ? column : { ...column, role: known.role };
}

/** Hundreds of columns share a few meanings. */
function numbered(all: ReadonlyMap<string, CompiledColumn>): Pick<CompiledCsv, 'meanings' | 'columns'> {
  const meanings: CompiledColumn[] = [];
  const numbers = new Map<string, number>();
  const columns: Record<string, number> = {};
  for (const [name, column] of all) {
    const key = JSON.stringify(column);
    const number = numbers.get(key) ?? meanings.push(column) - 1;
    numbers.set(key, number);
    columns[name] = number;
  }
  return { meanings, columns };
}
