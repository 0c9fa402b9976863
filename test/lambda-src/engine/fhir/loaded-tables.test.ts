import { LoadedTables } from '../../../../lambda-src/engine/fhir/loaded-tables';
import { DeidPolicy } from '../../../../src';
import type { CompiledTables } from '../../../../src/deidentification/private/compiled-tables';

const TABLES = DeidPolicy.safeHarbor()._compile();

function withField(name: string): CompiledTables {
  const [first, ...nodes] = TABLES.fhir.nodes;
  const fields = { ...first.fields, [name]: ['drop'] } as typeof first.fields;
  return { ...TABLES, fhir: { ...TABLES.fhir, nodes: [{ ...first, fields }, ...nodes] } };
}

test.each(['given', '_given', 'a', '_a', 'line2'])('a field may be named %s', (name) => {
  const tables = new LoadedTables(withField(name));
  expect(tables.fieldNamed(0, name)).toBeGreaterThanOrEqual(0);
});

// Written into the output as it stands, such a name would end where it wants.
test.each(['', '_', '__a', 'a_b', 'a"', 'a b', 'ä', 'a\n'])('tables with a field named "%s" are refused', (name) => {
  expect(() => new LoadedTables(withField(name))).toThrow('a field of the tables must be named by letters and digits');
});

test('tables without fields are loaded', () => {
  const nodes = TABLES.fhir.nodes.map((node) => ({ ...node, fields: {} }));
  expect(new LoadedTables({ ...TABLES, fhir: { ...TABLES.fhir, nodes } }).names).toEqual([]);
});
