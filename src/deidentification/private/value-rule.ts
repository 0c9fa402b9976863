/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * What becomes of one value, with the parameters of the policy resolved. The same in every format: a rule reads the
 * text of a value and writes another one. What it cannot read is redacted.
 */
export type ValueRule =
  /** Keyed code of the whole text: 128 bits written as a UUID, for an id the same as everywhere. */
  | { readonly method: 'cryptoHash' }
  /** AES-256 with an IV derived from text and key, base64: a retry writes the same bytes. */
  | { readonly method: 'encrypt' }
  /** Shifted by a number of days that the patient's id and the key decide; without a patient, the year. */
  | { readonly method: 'dateShift'; readonly form: DateForm }
  /** The year as written; dropped where it is as old as an age over the limit. `birth`: a date of birth. */
  | { readonly method: 'year'; readonly form: DateForm; readonly birth?: true }
  /** Three digits of a ZIP code or `000`; `padded`: zeros up to the length that was written. */
  | { readonly method: 'zip3'; readonly padded?: true }
  /** A number of years: kept up to 89; above, `over` is written, or nothing without it. */
  | { readonly method: 'age'; readonly over?: string }
  /** Always the same value instead. */
  | { readonly method: 'substitute'; readonly value: Json }
  | { readonly method: 'generalize'; readonly cases: readonly GeneralizeCase[]; readonly otherwise: 'keep' | 'redact' }
  /** Noise of up to half a span to either side, by the key: `proportional` spans are shares of the value. */
  | {
      readonly method: 'perturb';
      readonly span: number;
      readonly rangeType: 'fixed' | 'proportional';
      /** Decimal places of the result, 0 to 28. */
      readonly roundTo: number;
      readonly integer?: true;
      /** For counts: the least value that the type allows. */
      readonly least?: number;
    };

/** How dates are written: FHIR's `date`, `dateTime` and `instant`; HL7 v2's `YYYYMMDD[HHMM...]`; a table's columns. */
export type DateForm = 'date' | 'dateTime' | 'instant' | 'hl7' | 'column';

export interface GeneralizeCase {
  readonly when: GeneralizeTest;
  readonly to: GeneralizeResult;
}

/** A test of the value itself, `$this`. Dates compare as FHIRPath compares them. */
export type GeneralizeTest =
  | { readonly op: 'always' }
  | { readonly op: 'and' | 'or'; readonly tests: readonly GeneralizeTest[] }
  | { readonly op: '=' | '!=' | '<' | '<=' | '>' | '>='; readonly to: string | number; readonly date?: true }
  | { readonly op: 'in'; readonly values: readonly (string | number)[] }
  | { readonly op: 'startsWith'; readonly text: string };

export type GeneralizeResult =
  | { readonly value: Json }
  /** A part of the text itself, from character `start`, with a constant after it. */
  | { readonly start: number; readonly length: number; readonly then: string };

/** Whether a rule shows more of a value than a year, three digits of a ZIP code or a constant, which Safe Harbor itself would show. */
export function showsMore(rule: ValueRule): boolean {
  switch (rule.method) {
    case 'cryptoHash':
    case 'encrypt':
    case 'dateShift':
    case 'perturb':
      return true;
    default:
      return keepsText(rule);
  }
}

/** Whether a rule shows of a text, or of a part of one, what stands there: also where it is no number and no date. */
export function keepsText(rule: ValueRule): boolean {
  return rule.method === 'generalize' && (rule.otherwise === 'keep' || rule.cases.some(({ to }) => !('value' in to)));
}
