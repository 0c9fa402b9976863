import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readSettings, readTables } from '../../../lambda-src/phi-processor/settings';
import { PROCESSOR_ENV } from '../../../src/processing/private/handler-contract';
import { STAND_IN_TABLES } from '../commit/stand-in-engine';

const COMPLETE = Object.fromEntries(Object.values(PROCESSOR_ENV).map((name) => [name, `value of ${name}`]));

test('A10 reads names and prefixes from the environment', () => {
  expect(readSettings(COMPLETE)).toMatchObject({
    dataBucket: 'value of DATA_BUCKET',
    manifestsPrefix: 'value of MANIFESTS_PREFIX',
  });
});

test.each(Object.values(PROCESSOR_ENV))('A10 refuses to start without %s, and says so', (name) => {
  expect(() => readSettings({ ...COMPLETE, [name]: '' })).toThrow(`environment variable ${name} must be set`);
});

describe('tables', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tables-'));
  const file = path.join(dir, 'tables.json');
  afterAll(() => fs.rmSync(dir, { recursive: true }));

  function written(content: unknown): string {
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  test('are read from beside the function', () => {
    expect(readTables(written(STAND_IN_TABLES))).toEqual(STAND_IN_TABLES);
  });

  test.each([
    ['of another version', { ...STAND_IN_TABLES, version: STAND_IN_TABLES.version + 1 }],
    ['of an unknown profile', { ...STAND_IN_TABLES, policy: { ...STAND_IN_TABLES.policy, profile: 'keep-all' } }],
    ['without a hash', { ...STAND_IN_TABLES, policy: { profile: 'safe-harbor' } }],
    [
      'with more than a hash',
      { ...STAND_IN_TABLES, policy: { ...STAND_IN_TABLES.policy, sha256: `${'a'.repeat(64)}b` } },
    ],
    [
      'with a word before it',
      { ...STAND_IN_TABLES, policy: { ...STAND_IN_TABLES.policy, sha256: `b${'a'.repeat(64)}` } },
    ],
    ['without a policy', { version: STAND_IN_TABLES.version }],
    ['that are no JSON', '{'],
    ['that are null', 'null'],
  ])('%s are refused: nothing is processed under a policy that is not understood', (_, content) => {
    expect(() => readTables(written(content))).toThrow(/^POLICY_INVALID: /);
  });

  test('that are absent are refused', () => {
    expect(() => readTables(path.join(dir, 'absent.json'))).toThrow(/^POLICY_INVALID: /);
  });
});
