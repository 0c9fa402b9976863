import type { ValueRule } from '../../../src/deidentification/private/value-rule';
import type { ByteWriter } from '../byte-writer';

/** What value rules look up besides themselves. */
export interface RuleSetting {
  /** A character per ZIP prefix, 000 to 999: `1` where the three digits may be shown. */
  readonly zip3: string;
  /** Years from which an age is no longer shown. */
  readonly ageLimit: number;
}

/** Interprets the value rules of a policy over the bytes of single values, for one source object, in any format. */
export class ValueRules {
  public redacted = 0;
  public hashed = 0;
  public generalized = 0;
  public shifted = 0;

  /**
   * @param key of the pipeline; sub-keys are derived here
   * @param referenceDate `YYYY-MM-DD`, what ages are reckoned from
   */
  constructor(_rules: readonly ValueRule[], _key: Uint8Array, _referenceDate: string, _setting: RuleSetting) {}

  /** Whose record it is: dates of one patient are shifted alike. Called once per record; `from === to` for nobody. */
  public setPatient(_bytes: Uint8Array, _from: number, _to: number): void {}

  /**
   * Appends what rule number `rule` makes of the text `bytes[from, to)`, which is UTF-8 without the escapes of its
   * format; the caller writes quotes and escapes. Counts what it did.
   *
   * @returns false where nothing is left of the value: then nothing was appended
   */
  public write(_rule: number, _bytes: Uint8Array, _from: number, _to: number, _out: ByteWriter): boolean {
    return false;
  }
}
