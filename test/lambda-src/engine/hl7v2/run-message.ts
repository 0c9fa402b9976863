import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/hl7v2';
import type { RecordTransform } from '../../../../lambda-src/engine/record-transform';
import { compilePolicy } from '../../../../src/deidentification/private/compile-policy';
import type { CompiledTables } from '../../../../src/deidentification/private/compiled-tables';
import { RESTRICTED_ZIP3 } from '../../../../src/deidentification/private/geography';
import { DEFAULT_LIMITS } from '../../../../src/deidentification/private/policy-file';
import { PolicyProblems } from '../../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../../src/deidentification/private/profile';

export const KEY = new Uint8Array(32).fill(7);
export const REFERENCE_DATE = '2024-06-30';
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tables of a policy with these rules of HL7 v2. */
export function tablesOf(hl7v2: readonly object[] = [], settings: Partial<ProfileSettings> = {}): CompiledTables {
  const problems = new PolicyProblems();
  const tables = compilePolicy(
    {
      settings: { name: 'safe-harbor', restrictedZip3: RESTRICTED_ZIP3, ids: 'hash', unmatched: 'redact', ...settings },
      limits: DEFAULT_LIMITS,
      fhirPathRules: [],
      parameters: {},
      hl7v2,
      csv: [],
    },
    problems,
  );
  if (problems.errors.length > 0) throw new Error(JSON.stringify(problems.errors));
  return tables;
}

export const TABLES = tablesOf();
const SHARED = createTransform(TABLES, KEY, REFERENCE_DATE);

export interface Outcome {
  readonly code?: string;
  readonly path?: string;
  readonly type?: string;
  readonly text: string;
  readonly segments: readonly string[];
}

export function transformOf(tables: CompiledTables): RecordTransform {
  return tables === TABLES ? SHARED : createTransform(tables, KEY, REFERENCE_DATE);
}

/** Transforms one message, given as text or bytes, among other bytes that are none of its business. */
export function run(message: string | Uint8Array, tables = TABLES): Outcome {
  const transform = transformOf(tables);
  const bytes = Buffer.from(message as string);
  const around = new Uint8Array(Buffer.concat([Buffer.from('|before\r'), bytes, Buffer.from('^~after|')]));
  const out = new ByteWriter(16);
  out.ascii('kept');
  const code = transform.transform(around, 8, 8 + bytes.length, out);
  const text = Buffer.from(out.written()).toString('utf8');
  if (!text.startsWith('kept')) throw new Error('the bytes written before must stay');
  const { lastPath: path, lastType: type } = transform;
  return { code, path, type, text: text.slice(4), segments: text.slice(4).split('\r') };
}

export const HEADER = 'MSH|^~\\&|||||20240611||ORU^R01^ORU_R01|1|P|2.5.1';

/** What becomes of one segment behind a plain header. */
export function segment(text: string | Uint8Array, tables = TABLES): string {
  const { code, text: written } = run(Buffer.concat([Buffer.from(`${HEADER}\r`), Buffer.from(text as string)]), tables);
  return code ?? written.slice(written.indexOf('\r') + 1);
}

/** What becomes of one field of a segment. */
export function field(name: string, value: string | Uint8Array, tables = TABLES): string {
  const [id, number] = name.split('-');
  const before = `${id}${'|'.repeat(Number(number))}`;
  const written = segment(Buffer.concat([Buffer.from(before), Buffer.from(value as string)]), tables);
  return written.split('|')[Number(number)] ?? '';
}
