import { Action, type TableColumns } from './table-columns';
import type { ColumnRole, CompiledCsv } from '../../../src/deidentification/private/csv/tables';
import { Form, MAX_COLUMNS, TableRows } from '../kernel/table-rows';

/** By action, the form in which the kernel knows a cell at once; of all others it asks what became of the same text. */
const FORMS = new Map([
  [Action.ID, Form.ID],
  [Action.YEAR, Form.YEAR],
  [Action.BIRTH, Form.BIRTH],
  [Action.DEATH, Form.DEATH],
  [Action.DATE, Form.DATE],
  [Action.NUMBER, Form.NUMBER],
  [Action.MEASURE, Form.NUMBER],
  [Action.ZIP3, Form.ZIP],
  [Action.TEXT, Form.TEXT],
  [Action.CODE, Form.CODE],
  [Action.CLINICAL, Form.CODE],
]);
/** Columns whose cells say something about others of their row: these must be known, even if nothing is written of them. */
const SPEAKING: readonly (ColumnRole | undefined)[] = ['country', 'death'];
/** The same in a table of observations. */
const OBSERVATION: readonly (ColumnRole | undefined)[] = ['unit', 'observed'];

/**
 * The kernel for the rows of a table; none for one whose rows it cannot write, since there is nothing to write or since
 * value rules decide over every cell of a column.
 */
export function tableRows(
  columns: TableColumns,
  tables: CompiledCsv,
  firstYear: number,
  maxRow: number,
): TableRows | undefined {
  const { actions, count, kept, roles, delimiter } = columns;
  if (kept === 0 || count > MAX_COLUMNS || actions.includes(Action.RULE)) return undefined;
  const speaking = roles.includes('measure') ? [...SPEAKING, ...OBSERVATION] : SPEAKING;
  const forms = actions.map((action, column) => {
    const dropped = action === Action.DROP ? Form.DROPPED : 0;
    if (speaking.includes(roles[column]) && action !== Action.DEATH) return dropped + Form.WORD;
    return dropped || (FORMS.get(action) ?? Form.WORD);
  });
  // A word says one thing in a column that says something about others, and another elsewhere.
  const kinds = actions.map((action, column) => action * (speaking.length + 1) + speaking.indexOf(roles[column]) + 1);
  return new TableRows({ delimiter, firstYear, forms, kinds, zips: tables.zip3, maxRow });
}
