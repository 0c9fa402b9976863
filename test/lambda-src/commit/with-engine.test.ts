import { gzipSync } from 'node:zlib';
import { bench, SOURCE_KEY, type Bench } from './bench';
import { unzipped } from './stand-in-engine';
import type { ProcessContext } from '../../../lambda-src/commit';
import type { EngineInput } from '../../../lambda-src/engine/contract';
import { ENGINE } from '../../../lambda-src/phi-processor/default-engine';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';

/** What may be on the PHI side only. */
const PHI = /Wilhelmina|Abbott509|Elm Street|1987-06|555-0100/;

function patient(index: number): string {
  return JSON.stringify({
    resourceType: 'Patient',
    id: `Wilhelmina-${index}`,
    name: [{ family: 'Abbott509', given: ['Wilhelmina'] }],
    telecom: [{ system: 'phone', value: '555-0100' }],
    birthDate: '1987-06-05',
    address: [{ line: ['1 Elm Street'], city: 'Boston', state: 'MA', postalCode: '02139', country: 'US' }],
  });
}

const PATIENTS = [...Array(40).keys()].map(patient);
const LINES = [...PATIENTS, '{"resourceType":"Patient","name":"Wilhelmina', '"Abbott509"'];

const TABLES = DeidPolicy.safeHarbor()._compile();

function withEngine(lines: string[], overrides: Partial<ProcessContext> = {}): Bench {
  return bench(lines, { engine: ENGINE, tables: TABLES, ...overrides });
}

function content({ data, processed }: Bench): Record<string, string> {
  const stores = [data, processed];
  const texts = stores.flatMap((store) =>
    store
      .keys()
      .filter((key) => key.endsWith('.gz'))
      .map((key) => [key, unzipped(store.bytes(key))]),
  );
  return Object.fromEntries(texts);
}

test('A10 records go out de-identified, broken ones to the PHI side, and nothing of a patient to the processed side', async () => {
  const run = withEngine(LINES);
  expect(await run.run()).toMatchObject({
    status: 'COMPLETED_WITH_ERRORS',
    manifest: { counts: { read: 42, written: 40, rejected: 2 } },
  });
  const [output, manifest] = run.processed.keys();
  expect(unzipped(run.processed.bytes(output)).trim().split('\n')).toHaveLength(40);
  expect(run.processed.keys().join() + unzipped(run.processed.bytes(output))).not.toMatch(PHI);
  expect(run.processed.bytes(manifest).toString()).not.toMatch(PHI);
});

test('A12 killed at any call, with parts on their way, the retry completes with the same bytes', async () => {
  const undisturbed = withEngine(LINES, { partBytes: 400 });
  await undisturbed.run();
  const expected = content(undisturbed);
  expect(Object.keys(expected)).toHaveLength(2);
  expect(undisturbed.processed.calls.some(({ call }) => call === 'uploadPart')).toBe(true);
  for (let at = 1; ; at++) {
    const run = withEngine(LINES, { partBytes: 400 });
    let calls = 0;
    const kill = () => {
      if (++calls >= at) throw new Error('killed');
    };
    run.data.after = run.processed.after = kill;
    const killed = await run.run().then(
      () => false,
      () => true,
    );
    if (!killed) break;
    run.data.after = run.processed.after = () => undefined;
    await run.run();
    expect(content(run)).toEqual(expected);
    expect(run.processed.keys().filter((key) => key.startsWith('manifests/'))).toHaveLength(1);
  }
});

test('the same records give the same bytes plain, zipped, and in another order of chunks', async () => {
  const texts = new Set<string>();
  for (const [body, chunkBytes] of [
    [Buffer.from(PATIENTS.join('\n')), 1000],
    [Buffer.from(PATIENTS.join('\r\n')), 7],
    [gzipSync(PATIENTS.join('\n')), 13],
  ] as const) {
    const run = withEngine([]);
    run.data.seed(SOURCE_KEY, body);
    run.data.chunkBytes = chunkBytes;
    await run.run();
    texts.add(Object.values(content(run)).join());
  }
  expect(texts.size).toBe(1);
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['of blank lines only', Buffer.from('\n\n\r\n')],
  ['of an unknown format', Buffer.from('Wilhelmina;Abbott509\n')],
  ['cut in the middle of its gzip', gzipSync(PATIENTS.join('\n')).subarray(0, 150)],
  ['of gzip that is none', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
])('a file %s gets a manifest with a count, no data, and is a duplicate from then on', async (_, body) => {
  const run = withEngine([]);
  run.data.seed(SOURCE_KEY, body);
  const first = await run.run();
  expect(['FAILED', 'COMPLETED']).toContain(first.status);
  expect(run.processed.keys()).toEqual([expect.stringMatching(/^manifests\//)]);
  expect(run.data.keys()).toEqual([SOURCE_KEY]);
  expect((await run.run()).status).toBe('DUPLICATE');
});

describe('a run that only validates', () => {
  const tables = DeidPolicy.validateOnly()._compile();

  test('A10 counts what it would have rejected, writes nothing but the manifest, and opens no upload', async () => {
    const run = withEngine(LINES, { tables, partBytes: 400 });
    const outcome = await run.run();
    expect(outcome).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      manifest: {
        output: [],
        error: [],
        counts: { read: 42, written: 0, dropped: 40, rejected: 2, byError: { REC_SYNTAX: 2 } },
      },
    });
    expect(run.processed.keys()).toEqual([expect.stringMatching(/^manifests\//)]);
    expect(run.data.keys()).toEqual([SOURCE_KEY]);
    const writes = [...run.data.calls, ...run.processed.calls].filter(({ call }) => !/^(get|head)$/.test(call));
    expect(writes.map(({ call, key }) => [call, key.split('/')[0]])).toEqual([['putIfAbsent', 'manifests']]);
    expect((await run.run()).status).toBe('DUPLICATE');
  });

  test('is not committed where something was written all the same', async () => {
    const broken = {
      ...ENGINE,
      deidentify: async (input: EngineInput) => ENGINE.deidentify({ ...input, tables: TABLES }),
    };
    const run = withEngine(PATIENTS, { tables, engine: broken });
    await expect(run.run()).rejects.toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(run.processed.keys()).toEqual([]);
  });
});
