import { bench, GOOD, MIXED, SOURCE_KEY, type Bench } from './bench';
import { visible } from './visible';

const KILLED = new Error('killed');

type Moment = 'before' | 'after';

/** Ends the process, so to speak, at the given call: from then on nothing of this run gets through, no abort either. */
function killAt(run: Bench, moment: Moment, at: number): () => boolean {
  let calls = 0;
  let dead = false;
  for (const store of [run.data, run.processed]) {
    store.before = () => {
      if (dead) throw KILLED;
      if (moment === 'before' && ++calls === at) dead = true;
      if (dead) throw KILLED;
    };
    store.after = () => {
      if (moment === 'after' && ++calls === at) dead = true;
      if (dead) throw KILLED;
    };
  }
  return () => dead;
}

function revive({ data, processed }: Bench): void {
  for (const store of [data, processed]) store.before = store.after = () => undefined;
}

/** Runs until the kill; whether there was one. */
async function runUntilKilled(run: Bench, moment: Moment, at: number): Promise<boolean> {
  const wasKilled = killAt(run, moment, at);
  const outcome = await run.run().catch((error: unknown) => error);
  revive(run);
  if (wasKilled()) expect(outcome).toBe(KILLED);
  return wasKilled();
}

const WHOLE = 1_000_000;
const PARTS = 60;

/** Every kind of outcome, with what it leaves beside the source. */
const OUTCOMES: Array<[what: string, lines: string[], status: string, partBytes: number, objects: number]> = [
  ['a clean file', GOOD, 'COMPLETED', WHOLE, 2],
  ['a clean file in parts', GOOD, 'COMPLETED', PARTS, 2],
  ['rejects beside results', MIXED, 'COMPLETED_WITH_ERRORS', WHOLE, 3],
  ['rejects beside results, in parts', MIXED, 'COMPLETED_WITH_ERRORS', PARTS, 3],
  ['nothing but rejects', ['bad Wilhelmina', 'bad Abbott509'], 'COMPLETED_WITH_ERRORS', WHOLE, 2],
  ['nothing but rejects, in parts', ['bad Wilhelmina', 'bad Abbott509'], 'COMPLETED_WITH_ERRORS', PARTS, 2],
  ['nothing to write', ['drop', 'drop'], 'COMPLETED', WHOLE, 1],
  ['a failed file', [...MIXED, '!SRC_TRUNCATED'], 'FAILED', WHOLE, 1],
  ['a failed file of which parts were on their way', [...MIXED, '!SRC_TRUNCATED'], 'FAILED', PARTS, 1],
];

describe.each(OUTCOMES)('%s', (_, lines, status, partBytes, objects) => {
  const fresh = () => bench(lines, { partBytes });
  let expected: Record<string, string>;
  let calls: number;
  beforeAll(async () => {
    const undisturbed = fresh();
    expect((await undisturbed.run()).status).toBe(status);
    expected = visible(undisturbed);
    calls = undisturbed.data.calls.length + undisturbed.processed.calls.length;
    expect(Object.keys(expected)).toHaveLength(objects);
    expect(undisturbed.data.openUploads + undisturbed.processed.openUploads).toBe(0);
  });

  test.each(['before', 'after'] as const)(
    'A12 killed %s any call, the retry ends with the same bytes, one manifest and no second output',
    async (moment) => {
      let at = 1;
      for (; ; at++) {
        const run = fresh();
        if (!(await runUntilKilled(run, moment, at))) break;
        expect([status, 'DUPLICATE']).toContain((await run.run()).status);
        expect(visible(run)).toEqual(expected);
      }
      // Every call of an undisturbed run had its turn.
      expect(at).toBeGreaterThan(calls);
    },
  );

  test('A12 killed twice, at any two calls, the third delivery ends the same', async () => {
    for (let first = 1; first <= calls; first++) {
      for (let second = 1; ; second++) {
        const run = fresh();
        await runUntilKilled(run, 'after', first);
        const again = await runUntilKilled(run, second % 2 ? 'before' : 'after', second);
        expect([status, 'DUPLICATE']).toContain((await run.run()).status);
        expect(visible(run)).toEqual(expected);
        if (!again) break;
      }
    }
  });
});

test('A12 uploads that a killed run left open are no hindrance, and show nothing', async () => {
  let leftOpen = 0;
  for (let at = 1; at < 30; at++) {
    const run = bench(MIXED, { partBytes: PARTS });
    if (!(await runUntilKilled(run, 'after', at))) break;
    const abandoned = run.data.openUploads + run.processed.openUploads;
    leftOpen = Math.max(leftOpen, abandoned);
    await run.run();
    // The retry cleans up after itself, and leaves what is not its own to the bucket's lifecycle.
    expect(run.data.openUploads + run.processed.openUploads).toBe(abandoned);
  }
  expect(leftOpen).toBeGreaterThan(0);
});

test('A12 a killed run whose source is deleted before the retry leaves no manifest, so that its data does not count', async () => {
  const run = bench(MIXED);
  const source = (await run.data.head(SOURCE_KEY))!.versionId!;
  run.data.calls.length = 0;
  const manifestOf = (key: string) => key.startsWith('manifests/');
  run.processed.before = (call, key) => {
    if (call === 'putIfAbsent' && manifestOf(key)) throw KILLED;
  };
  await expect(run.run(SOURCE_KEY, source)).rejects.toBe(KILLED);
  revive(run);
  run.data.deleteVersion(SOURCE_KEY, source);
  expect(await run.run(SOURCE_KEY, source)).toEqual({ status: 'SOURCE_GONE' });
  expect(run.processed.keys().filter(manifestOf)).toEqual([]);
});

describe('an object of this run id that was there before', () => {
  test('with other content is never overwritten nor vouched for', async () => {
    const first = bench(GOOD);
    await first.run();
    const [outputKey] = first.processed.keys();
    const tampered = bench(GOOD);
    tampered.processed.seed(outputKey, first.processed.bytes(outputKey).subarray(0, 40));
    await expect(tampered.run()).rejects.toMatchObject({ code: 'OUTPUT_CONFLICT' });
    expect(tampered.processed.keys()).toEqual([outputKey]);
  });

  test('with a manifest of another outcome fails the message', async () => {
    const first = bench(GOOD);
    await first.run();
    const manifestKey = first.processed.keys()[1];
    const other = JSON.parse(first.processed.bytes(manifestKey).toString());
    const rival = bench(GOOD);
    rival.processed.before = (call, key) => {
      if (call !== 'putIfAbsent' || key !== manifestKey || rival.processed.versionsOf(key) > 0) return;
      rival.processed.seed(key, Buffer.from(JSON.stringify({ ...other, status: 'FAILED' })));
    };
    await expect(rival.run()).rejects.toMatchObject({ code: 'MANIFEST_CONFLICT' });
  });
});

test('a write whose answer was lost, and which the client repeated, counts as done', async () => {
  for (const call of ['putIfAbsent', 'completeIfAbsent'] as const) {
    const run = bench(MIXED, { partBytes: call === 'putIfAbsent' ? 1_000_000 : 60 });
    for (const store of [run.data, run.processed]) {
      const once = store[call].bind(store) as (...args: unknown[]) => Promise<void>;
      Object.assign(store, {
        [call]: async (...args: unknown[]) => {
          await once(...args);
          return once(...args);
        },
      });
    }
    expect((await run.run()).status).toBe('COMPLETED_WITH_ERRORS');
    expect(run.processed.openUploads + run.data.openUploads).toBe(0);
  }
});
