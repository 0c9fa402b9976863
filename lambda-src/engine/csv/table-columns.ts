import type { TableHeader } from './table-header';
import type {
  ColumnAction,
  ColumnRole,
  CompiledColumn,
  CompiledCsv,
} from '../../../src/deidentification/private/csv/tables';

/** What becomes of a cell, as a number: actions of the tables, and those that a role makes special. */
const ACTIONS = [
  'drop',
  'id',
  'year',
  'date',
  'zip3',
  'state',
  'age',
  'number',
  'code',
  'clinical',
  'drug',
  'unit',
  'text',
  'rule',
  'birth',
  'death',
  'measure',
  'person',
] as const satisfies readonly (ColumnAction | ColumnRole)[];
/** The same as numbers. */
export const enum Action {
  DROP,
  ID,
  YEAR,
  DATE,
  ZIP3,
  STATE,
  AGE,
  NUMBER,
  CODE,
  CLINICAL,
  DRUG,
  UNIT,
  TEXT,
  RULE,
  BIRTH,
  DEATH,
  MEASURE,
  PERSON,
}

/** The columns of one table, in the form in which its rows are gone through. */
export class TableColumns {
  public readonly delimiter: number;
  public readonly count: number;
  public readonly names: readonly string[];
  public readonly actions: Uint8Array;
  /** By column: number of its value rule, -1 where there is none. */
  public readonly rules: Int32Array;
  /** Number of columns that are kept, and the header line of them. */
  public readonly kept: number;
  public readonly header: Uint8Array;
  /** The column that says whose row it is, or -1. */
  public readonly patient: number;
  public readonly roles: readonly (ColumnRole | undefined)[];

  constructor({ cells, delimiter }: TableHeader, tables: CompiledCsv) {
    const meanings = cells.map(({ meaning }): CompiledColumn | undefined => tables.meanings[meaning]);
    this.delimiter = delimiter;
    this.count = cells.length;
    this.names = cells.map(({ name }) => name);
    this.roles = meanings.map((meaning) => meaning?.role);
    this.actions = Uint8Array.from(meanings, (meaning) => {
      if (meaning === undefined || (meaning.beside && !this.roles.includes(meaning.beside))) return Action.DROP;
      const { action, role } = meaning;
      if (action === 'year' && (role === 'birth' || role === 'death')) return ACTIONS.indexOf(role);
      return ACTIONS.indexOf(action === 'number' && role === 'measure' ? role : action);
    });
    this.rules = Int32Array.from(meanings, (meaning) => meaning?.rule ?? -1);
    const kept = cells.filter((_, column) => this.actions[column] !== Action.DROP);
    this.kept = kept.length;
    const separator = Uint8Array.of(delimiter);
    this.header = Buffer.concat(kept.flatMap(({ raw }, i) => (i === 0 ? [raw] : [separator, raw])));
    this.patient = this.columnNamed(tables.patients);
    if (this.patient < 0 && this.roles.includes('birth')) this.patient = this.columnNamed(tables.people);
  }

  /** All columns of a role: a name may stand twice in a header. */
  public withRole(role: ColumnRole): number[] {
    return this.roles.flatMap((one, column) => (one === role ? [column] : []));
  }

  /** The first column that has the first of these names, or else the next. */
  private columnNamed(names: readonly string[]): number {
    for (const name of names) {
      const column = this.names.indexOf(name);
      if (column >= 0) return column;
    }
    return -1;
  }
}
