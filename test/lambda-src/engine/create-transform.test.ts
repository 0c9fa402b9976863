import { createTransform } from '../../../lambda-src/engine/create-transform';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';

const KEY = new Uint8Array(32);

test.each(['fhir-ndjson', 'csv', 'hl7v2'] as const)('tables of another version are refused for %s', (format) => {
  const tables = DeidPolicy.safeHarbor()._compile();
  expect(() => createTransform(format, tables, KEY, '2024-01-31')).not.toThrow();
  const others = { ...tables, version: 1 as never };
  expect(() => createTransform(format, others, KEY, '2024-01-31')).toThrow(/tables must have version/);
});
