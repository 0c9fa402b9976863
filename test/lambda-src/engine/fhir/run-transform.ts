import type { JsonObject } from './reference-walk';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/fhir';
import { DeidPolicy } from '../../../../src/deidentification/deid-policy';

export const KEY = new Uint8Array(32).fill(7);
export const REFERENCE_DATE = '2024-06-30';
/** Compiled once: the tests run thousands of records. */
const SAFE_HARBOR = DeidPolicy.safeHarbor();
export const TABLES = SAFE_HARBOR._compile();

/** One transform serves many records, as it does in a file. */
const SHARED = createTransform(TABLES, KEY, REFERENCE_DATE);

export interface Outcome {
  readonly code?: string;
  readonly path?: string;
  readonly text: string;
  readonly json: JsonObject;
}

/** Transforms one record, given as JSON text, bytes or a value, among other bytes that are none of its business. */
export function run(record: string | Uint8Array | object, policy = SAFE_HARBOR, entryId?: string): Outcome {
  const transform = policy === SAFE_HARBOR ? SHARED : createTransform(policy._compile(), KEY, REFERENCE_DATE);
  const bytes =
    record instanceof Uint8Array ? record : Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
  const around = Buffer.concat([Buffer.from('"before\\'), bytes, Buffer.from('"}]after\n')]);
  const out = new ByteWriter(16);
  out.ascii('kept');
  const code = transform.transform(around, 8, 8 + bytes.length, out, entryId);
  const text = Buffer.from(out.written()).toString('utf8');
  if (!text.startsWith('kept')) throw new Error('the bytes written before must stay');
  return {
    code,
    path: transform.lastPath,
    text: text.slice(4),
    json: code === undefined ? (JSON.parse(text.slice(4)) as JsonObject) : {},
  };
}

export function patient(fields: object): object {
  return { resourceType: 'Patient', ...fields };
}

/** An observation of age by its LOINC code. */
export function ageObservation(value: object): object {
  return { resourceType: 'Observation', code: { coding: [{ system: 'http://loinc.org', code: '30525-0' }] }, ...value };
}
