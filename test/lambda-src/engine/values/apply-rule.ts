import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { ValueRules } from '../../../../lambda-src/engine/values/value-rules';
import { shownZip3 } from '../../../../src/deidentification/private/geography';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';

export const KEY = new Uint8Array(32).fill(7);
export const REFERENCE_DATE = '2024-06-30';
export const ZIP3 = shownZip3(['036', '102']);

export interface Applied {
  /** `undefined` where nothing is left. */
  readonly text: string | undefined;
  readonly counts: {
    readonly redacted: number;
    readonly hashed: number;
    readonly generalized: number;
    readonly shifted: number;
  };
}

export interface Circumstances {
  readonly patient?: string;
  readonly key?: Uint8Array;
  readonly birthFloor?: number;
}

/** Applies one rule to one value that stands among other bytes, which are none of its business. */
export function applyRule(rule: ValueRule, value: string | Uint8Array, circumstances: Circumstances = {}): Applied {
  const { patient = '', key = KEY, birthFloor } = circumstances;
  const rules = new ValueRules([rule], key, REFERENCE_DATE, { zip3: ZIP3, ageLimit: 90 });
  const id = Buffer.from(`<${patient}>`);
  rules.setPatient(id, 1, id.length - 1);
  if (birthFloor !== undefined) rules.birthFloor = birthFloor;
  const bytes = Buffer.from(value);
  const around = Buffer.concat([Buffer.from('1999'), bytes, Buffer.from('-01T')]);
  const out = new ByteWriter(4);
  out.ascii('kept');
  const left = rules.write(0, around, 4, 4 + bytes.length, out);
  const written = Buffer.from(out.written()).toString('utf8');
  if (!written.startsWith('kept')) throw new Error('the bytes written before must stay');
  if (left !== written.length > 4) throw new Error('a rule must say whether it has written');
  const { redacted, hashed, generalized, shifted } = rules;
  return { text: left ? written.slice(4) : undefined, counts: { redacted, hashed, generalized, shifted } };
}

export const NONE = { redacted: 0, hashed: 0, generalized: 0, shifted: 0 };
