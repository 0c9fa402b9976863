import { KEY, REFERENCE_DATE, TABLES } from './run-transform';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/fhir';
import type { RecordTransform } from '../../../../lambda-src/engine/record-transform';
import type { CompiledTables } from '../../../../src/deidentification/private/compiled-tables';
import type { CompiledCases, CompiledField } from '../../../../src/deidentification/private/fhir/tables';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';

export type Fields = Readonly<Record<string, CompiledField>>;

/** Tables by hand: the first nodes are those of the resource types, in the order in which they are named. */
export function tablesOf(
  resources: Readonly<Record<string, Fields>>,
  nodes: readonly Fields[] = [],
  rules: readonly ValueRule[] = [],
  cases: readonly CompiledCases[] = [],
): CompiledTables {
  const roots = Object.entries(resources).map(([name, fields]) => ({
    name,
    kind: 'plain' as const,
    fields: { resourceType: ['type'] as CompiledField, ...fields },
  }));
  return {
    ...TABLES,
    fhir: {
      ...TABLES.fhir,
      resources: Object.fromEntries(Object.keys(resources).map((name, node) => [name, node])),
      nodes: [...roots, ...nodes.map((fields, i) => ({ name: `Node${i}`, kind: 'plain' as const, fields }))],
      rules,
      cases,
    },
  };
}

export interface Written {
  readonly code: string | undefined;
  readonly text: string;
  readonly transform: RecordTransform;
}

/** Runs one record, given as JSON text or as a value, through the engine under these tables. */
export function runUnder(tables: CompiledTables, record: string | object, entryId?: string): Written {
  const transform = createTransform(tables, KEY, REFERENCE_DATE);
  const bytes = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
  const out = new ByteWriter(16);
  const code = transform.transform(bytes, 0, bytes.length, out, entryId);
  return { code, text: Buffer.from(out.written()).toString('utf8'), transform };
}
