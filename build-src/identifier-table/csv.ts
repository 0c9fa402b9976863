import { plainName } from '../../src/deidentification/private/csv/column-name';
import { COLUMN_GROUPS, columnsOf, type ColumnGroup } from '../../src/deidentification/private/csv/dictionary';
import { effectOfColumn } from '../../src/deidentification/private/csv/effects';
import type { CompiledCsv } from '../../src/deidentification/private/csv/tables';
import type { IdentifierLetter } from '../../src/deidentification/private/identifiers';

/** Names shown of a group; all of them stand in the dictionary. */
const SHOWN = 6;

/** What the compiled policy does to the known columns of an identifier, in words. */
export function csvCell(letter: IdentifierLetter, compiled: CompiledCsv): string {
  const groups = COLUMN_GROUPS.filter(({ identifier }) => identifier === letter);
  return groups.map((group) => `${names(group)} ${effectOf(group, compiled)}`).join('; ') || 'no known column';
}

/** Columns that are no identifier, and what is kept of them: a row each. */
export function csvKept(compiled: CompiledCsv): string[][] {
  return COLUMN_GROUPS.filter(({ identifier }) => identifier === undefined).map((group) => [
    group.what,
    names(group),
    effectOf(group, compiled),
  ]);
}

function names(group: ColumnGroup): string {
  const all = columnsOf(group);
  const shown = all.slice(0, SHOWN).map((name) => `\`${name}\``);
  return all.length > SHOWN ? `${shown.join(', ')} and ${all.length - SHOWN} more` : shown.join(', ');
}

function effectOf(group: ColumnGroup, compiled: CompiledCsv): string {
  const effects = columnsOf(group).map((name) => effectOfColumn(plainName(name), compiled));
  return [...new Set(effects)].join(' or ');
}
