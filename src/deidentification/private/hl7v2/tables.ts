import type { ValueRule } from '../value-rule';

/**
 * What happens to one single value: a field, component or sub-component without parts. Where a value does have
 * sub-components, the first of them is meant, and the others are cut.
 *
 * - `drop`: cut
 * - `keep`: the bytes as they are
 * - `number`, `count`: kept where it is a number; one of at most six digits, with dots (`1.2`), as sub-ids have them
 * - `word`: kept where it looks like a code of a small table: short, few digits, no blanks
 * - `code`, `unit`, `system`: what the guard of their form has judged together
 * - `one S`: kept where it is in word set S
 * - `comparator`, `separator`: the signs of a structured numeric
 * - `year`, `birth`: the year as written, unless it is as old as an age over the limit
 * - `date`: a date or time, as it stands
 * - `state`, `zip3`, `zip`, `city`: parts of an address
 * - `id`, `idType`: the keyed code of an id, and what kind of id it is
 * - `rule R`: value rule R writes it
 * - `form F`: it has parts of its own, and form F decides over them
 */
export type PartAction =
  | 'drop'
  | 'keep'
  | 'number'
  | 'count'
  | 'word'
  | 'code'
  | 'unit'
  | 'system'
  | 'one'
  | 'comparator'
  | 'separator'
  | 'year'
  | 'birth'
  | 'date'
  | 'state'
  | 'zip3'
  | 'zip'
  | 'city'
  | 'id'
  | 'idType'
  | 'rule'
  | 'form';

/** Action, and the number of its word set, rule or form. */
export type CompiledPart =
  readonly [Exclude<PartAction, 'one' | 'rule' | 'form'>] | readonly ['one' | 'rule' | 'form', number];

/** What must be known of all parts before one of them is written. */
export type FormGuard =
  | 'plain'
  /** A code means nothing, or anything, without its system: both are judged together. */
  | 'coding'
  | 'unit'
  /** The same for codes of who a person is: those of a stranger's system are short, or words of a closed list. */
  | 'person'
  /** The country decides whether a state and a ZIP code are what they seem. */
  | 'address'
  /** Issuer and type decide whether an id is one of the patient here, or one that the outside world knows. */
  | 'patient'
  /** Field 2 of the segment says what the value is; `values` has the form for it. */
  | 'value'
  /** Part 1 is a rule over the whole repetition. */
  | 'whole';

export interface CompiledForm {
  readonly guard: FormGuard;
  /** By number of the component (or sub-component). */
  readonly parts: Readonly<Record<string, CompiledPart>>;
  /** For every other part; without it they are dropped. */
  readonly rest?: CompiledPart;
}

/** What decides over a message. Versions are taken together: which one a message claims is the sender's word. */
export interface CompiledHl7v2 {
  /** By segment and field, the number of a form. What is not here is dropped: a segment of the standard stays, emptied. */
  readonly segments: Readonly<Record<string, CompiledSegment>>;
  /** Names of segments in any version. Another, unless it begins with Z, is the sender's own text: the segment disappears. */
  readonly standard: readonly string[];
  readonly forms: readonly CompiledForm[];
  /** Form of an observation's value, by the data type that the message names. */
  readonly values: Readonly<Record<string, number>>;
  readonly words: readonly (readonly string[])[];
  readonly rules: readonly ValueRule[];
  /** First parts of the message types that a manifest may name. */
  readonly messageTypes: readonly string[];
  readonly codings: Hl7Codings;
  readonly identifiers: PatientIdentifiers;
  /** A character per ZIP prefix, 000 to 999: `1` where the three digits may be shown. */
  readonly zip3: string;
  /** Upper-case names and codes of states and territories. */
  readonly states: readonly string[];
  /** Upper-case words that say who a person is. */
  readonly persons: readonly string[];
  /** Upper-case spellings of the one country whose ZIP codes these are. */
  readonly countries: readonly string[];
  readonly ages: Hl7Ages;
}

export interface CompiledSegment {
  /** By field number. */
  readonly fields: Readonly<Record<string, number>>;
  /** For fields of any other number, where a rule names the whole segment. */
  readonly rest?: number;
}

export interface Hl7Codings {
  /** Coding systems of published terminologies: their codes may be longer numbers than a stranger's. */
  readonly known: readonly string[];
  /** Systems that number people or small places: nothing of such a coding is kept. */
  readonly identifying: readonly string[];
}

export interface PatientIdentifiers {
  /** Types of identifiers that a hospital gives to its own patients. */
  readonly types: readonly string[];
  /** Issuers whose numbers the outside world knows. */
  readonly outsideIssuers: readonly string[];
  /** How the OIDs of such issuers begin. */
  readonly outsideBranch: string;
}

export interface Hl7Ages {
  /** Years from which an age, and a year that is as long ago, are no longer shown. */
  readonly limit: number;
  /** Whether observations of such ages are aggregated: not in a limited data set, which shows dates of birth. */
  readonly aggregated: boolean;
  /** By unit in lower case, the number of units from which an age is over the limit. */
  readonly units: Readonly<Record<string, number>>;
  /** Codes that say that an observation's value is an age. */
  readonly codes: readonly string[];
}
