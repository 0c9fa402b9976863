import * as fc from 'fast-check';
import { ageObservation, anyMessage } from './arbitrary-messages';
import { interpret } from './reference-interpreter';
import { run, TABLES, tablesOf } from './run-message';
import { syntheticMessage } from './synthetic-messages';
import type { CompiledTables } from '../../../../src/deidentification/private/compiled-tables';

const KEEPING = tablesOf([
  { path: 'PID-5.1', method: 'redact' },
  { path: 'PID-5', method: 'keep' },
  { path: 'PID-11.3', method: 'keep' },
  { path: 'OBX-3.2', method: 'keep' },
  { path: 'FT1-11.1.2', method: 'redact' },
  { path: 'PID-10.1.1', method: 'keep' },
  { path: 'OBX-5', method: 'keep' },
  { path: 'PID-29', method: 'redact' },
  { path: 'ZPD', method: 'keep' },
]);
const LIMITED = tablesOf([], { name: 'limited-data-set' });
const WITHOUT_IDS = tablesOf([], { ids: 'drop' });

function agree(message: string, tables: CompiledTables): void {
  const { code, text } = run(message, tables);
  expect(code === undefined ? text : undefined).toBe(interpret(message, tables.hl7v2));
}

test.each([
  ['Safe Harbor', TABLES],
  ['a limited data set', LIMITED],
  ['a policy without ids', WITHOUT_IDS],
  ['rules over Safe Harbor', KEEPING],
])('bytes and strings agree on random messages under %s', (_, tables) => {
  fc.assert(
    fc.property(anyMessage, (message) => agree(message, tables)),
    { numRuns: 500 },
  );
});

test('bytes and strings agree on ages, however they are written', () => {
  fc.assert(
    fc.property(ageObservation, (message) => agree(message, TABLES)),
    { numRuns: 500 },
  );
});

test('bytes and strings agree on messages as hospitals send them', () => {
  for (let index = 0; index < 60; index++) agree(syntheticMessage(index), TABLES);
});
