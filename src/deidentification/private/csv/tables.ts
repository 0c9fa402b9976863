import type { ValueRule } from '../value-rule';

/**
 * What becomes of the cells of a column. An empty cell stays empty, and what does not have the form that is asked for is
 * blanked:
 *
 * - `drop`: the column disappears, with its header
 * - `id`: the pseudonym of an id, the same code as that of a FHIR id
 * - `year`: the year of a date, as written
 * - `date`: a date, as it stands
 * - `zip3`: three digits of a ZIP code, or `000`
 * - `state`: name or code of a state, as it stands
 * - `age`: a number of years, as it stands up to 89; `>89` above
 * - `number`: a number, as it stands
 * - `code`: a short word without spaces and with few digits, or a phrase of the closed list
 * - `clinical`: the same, or a code that has the check digit of SNOMED CT
 * - `drug`: a National Drug Code
 * - `unit`: a unit of measure without annotations
 * - `text`: any text, as it stands
 * - `person`: a word or phrase of the closed lists, or a code too short for a name
 * - `rule`: what value rule number `rule` makes of it
 */
export type ColumnAction =
  | 'drop'
  | 'id'
  | 'year'
  | 'date'
  | 'zip3'
  | 'state'
  | 'age'
  | 'number'
  | 'code'
  | 'clinical'
  | 'drug'
  | 'unit'
  | 'text'
  | 'rule'
  | 'person';

/**
 * What a column says about others of its row, whatever becomes of itself:
 *
 * - `birth`, `death`: bound each other by the age of 90; a birth makes the table one of people
 * - `country`: tells whether a ZIP code and a state are what they seem
 * - `measure`, `unit`, `observed`: value, unit and code of an observation, which may be an age
 */
export type ColumnRole = 'birth' | 'death' | 'country' | 'measure' | 'unit' | 'observed';

export interface CompiledColumn {
  readonly action: ColumnAction;
  readonly rule?: number;
  readonly role?: ColumnRole;
  /** In a table without codes of observations the column disappears. */
  readonly beside?: 'observed';
}

/** What decides over the columns of a delimited table. */
export interface CompiledCsv {
  readonly meanings: readonly CompiledColumn[];
  /** Number of its meaning by the plain name of a column; what is absent is unknown: dropped. */
  readonly columns: Readonly<Record<string, number>>;
  /** Plain names of columns that say whose row it is, in order of preference. */
  readonly patients: readonly string[];
  /** The same in a table of people, one with a date of birth, where none of the above is. */
  readonly people: readonly string[];
  readonly rules: readonly ValueRule[];
  /** A character per ZIP prefix, 000 to 999: `1` where the three digits may be shown. */
  readonly zip3: string;
  /** Upper-case names and codes of states and territories. */
  readonly states: readonly string[];
  /** Upper-case spellings of the one country whose ZIP codes these are. */
  readonly countries: readonly string[];
  /** Upper-case phrases that a `code` may be although they have spaces. */
  readonly phrases: readonly string[];
  /** Upper-case words and phrases that a `person` may be. */
  readonly persons: readonly string[];
  readonly ages: {
    /** Years from which an age, and a year that is as long ago, are no longer shown. */
    readonly limit: number;
    /** By unit in lower case, the number of units from which an age is over the limit. */
    readonly units: Readonly<Record<string, number>>;
    /** Codes that say that an observation's value is an age. */
    readonly codes: readonly string[];
  };
}
