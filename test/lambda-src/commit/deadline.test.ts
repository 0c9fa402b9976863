import { bench, MIXED, SOURCE_KEY, type Bench } from './bench';
import { visible } from './visible';
import type { Deadline } from '../../../lambda-src/commit';
import { ENGINE } from '../../../lambda-src/phi-processor/default-engine';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { syntheticFile } from '../../support/synthetic-patients';

/** Time that passes by being asked for: a test of a deadline must not wait. */
function askable(times: number): Deadline {
  let left = times;
  return { remainingMs: () => left--, maxBytesPerSecond: Infinity };
}

function nothingLeft({ data, processed }: Bench): void {
  expect(visible({ data, processed })).toEqual({});
  expect(data.openUploads + processed.openUploads).toBe(0);
}

const inTime: Deadline = { remainingMs: () => 1, maxBytesPerSecond: Infinity };

test.each([1_000_000, 60])(
  'A12 at parts of %d bytes, time that runs out at any moment leaves neither objects, uploads nor a manifest; the retry completes',
  async (partBytes) => {
    const alone = bench(MIXED, { partBytes });
    await alone.run();
    for (let times = 1; times < 60; times++) {
      const run = bench(MIXED, { partBytes });
      run.data.chunkBytes = 10;
      const outcome: unknown = await run.run(SOURCE_KEY, undefined, askable(times)).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) {
        expect(visible(run)).toEqual(visible(alone));
        expect(times).toBeGreaterThan(8);
        return;
      }
      expect(outcome).toMatchObject({ code: 'DEADLINE', message: 'DEADLINE' });
      nothingLeft(run);
      await run.run(SOURCE_KEY, undefined, inTime);
      expect(visible(run)).toEqual(visible(alone));
    }
    throw new Error('the deadline was never far enough');
  },
);

test('A12 an upload that cannot be aborted in time does not hide that it was the deadline', async () => {
  const run = bench(MIXED, { partBytes: 60 });
  for (const store of [run.data, run.processed]) {
    store.before = (call) => {
      if (call === 'abortUpload') throw new Error('gone');
    };
  }
  // Asked at the start, between chunks and before the commit: by then parts are on their way.
  const outcome = run.run(SOURCE_KEY, undefined, askable(2));
  await expect(outcome).rejects.toMatchObject({ code: 'DEADLINE' });
  expect(visible(run)).toEqual({});
});

test('A12 comparing with what an earlier run left stops at the deadline too', async () => {
  const killed = bench(MIXED);
  killed.processed.before = (call, key) => {
    if (call === 'putIfAbsent' && key.startsWith('manifests/')) throw new Error('killed');
  };
  await expect(killed.run()).rejects.toThrow('killed');
  killed.processed.before = () => undefined;
  const [output] = killed.processed.keys();
  let comparing = false;
  killed.processed.after = (call, key) => {
    if (call === 'get' && key === output) comparing = true;
  };
  const deadline = { remainingMs: () => (comparing ? 0 : 1), maxBytesPerSecond: Infinity };
  await expect(killed.run(SOURCE_KEY, undefined, deadline)).rejects.toMatchObject({ code: 'DEADLINE' });
  expect(killed.processed.keys()).toEqual([output]);
  killed.processed.after = () => undefined;
  expect((await killed.run(SOURCE_KEY, undefined, inTime)).status).toBe('COMPLETED_WITH_ERRORS');
});

describe('the engine on a large source', () => {
  const CHUNK = 256 * 1024;
  let source: Buffer;
  beforeAll(() => {
    source = Buffer.from([...syntheticFile({ patients: 800 })].join(''));
    expect(source.length).toBeGreaterThan(30 * CHUNK);
  });

  /** Chunks of the source that were taken. */
  let taken: number;
  function large(): Bench {
    const run = bench([], { engine: ENGINE, tables: DeidPolicy.safeHarbor()._compile(), partBytes: 64 * 1024 });
    run.data.seed(SOURCE_KEY, source);
    run.data.chunkBytes = CHUNK;
    taken = 0;
    run.data.before = (_, key) => {
      if (key.includes('#')) taken++;
    };
    return run;
  }

  test.each([1, 2, 10, 20])(
    'A12 stops within a chunk of the deadline at question %d, and leaves nothing',
    async (times) => {
      const run = large();
      await expect(run.run(SOURCE_KEY, undefined, askable(times))).rejects.toMatchObject({ code: 'DEADLINE' });
      nothingLeft(run);
      // Asked at the start of the run, at that of the engine, and after each chunk.
      expect(taken).toBe(Math.max(0, times - 1));
      if (times > 5) expect(run.processed.calls.some(({ call }) => call === 'uploadPart')).toBe(true);
    },
  );

  test('A12 is processed whole where time allows, after a run that was stopped', async () => {
    const run = large();
    await expect(run.run(SOURCE_KEY, undefined, askable(12))).rejects.toMatchObject({ code: 'DEADLINE' });
    const outcome = await run.run(SOURCE_KEY, undefined, inTime);
    expect(outcome.status).toBe('COMPLETED');
    expect(Object.keys(visible(run))).toHaveLength(2);
    expect(run.data.openUploads + run.processed.openUploads).toBe(0);
  });

  test('A12 is refused by its size before it is opened', async () => {
    const run = large();
    const deadline = { remainingMs: () => 1000, maxBytesPerSecond: source.length - 1 };
    await expect(run.run(SOURCE_KEY, undefined, deadline)).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(run.data.calls.map(({ call }) => call)).toEqual(['head']);
    nothingLeft(run);
    expect((await run.run(SOURCE_KEY, undefined, { ...deadline, maxBytesPerSecond: source.length })).status).toBe(
      'COMPLETED',
    );
  });
});
