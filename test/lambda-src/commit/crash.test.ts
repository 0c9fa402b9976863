import { bench, GOOD, MIXED, SOURCE_KEY, type Bench } from './bench';
import { unzipped } from './stand-in-engine';
import type { Outcome } from '../../../lambda-src/commit';

const KILLED = new Error('killed');

/** Everything that a reader may find, with times and gzip headers left out. */
function visible({ data, processed }: Bench): Record<string, string> {
  const found: Record<string, string> = {};
  for (const store of [data, processed]) {
    for (const key of store.keys().filter((each) => each !== SOURCE_KEY)) {
      found[key] = key.endsWith('.gz') ? unzipped(store.bytes(key)) : withoutTimes(store.bytes(key).toString());
      expect(store.versionsOf(key)).toBe(1);
    }
  }
  return found;
}

function withoutTimes(manifest: string): string {
  return manifest.replace(/"(startedAt|endedAt)": "[^"]*"/g, '"$1": ""');
}

/** Ends the process, so to speak, at the given call: from then on nothing of this run gets through. */
function killAt(run: Bench, moment: 'before' | 'after', at: number): () => boolean {
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

describe.each([
  ['single puts', 1_000_000],
  ['multipart uploads', 60],
])('killed at any call, with %s', (_, partBytes) => {
  test.each(['before', 'after'] as const)(
    'A12 the retry of a run killed %s the call ends with the same bytes, one manifest and no duplicate',
    async (moment) => {
      const undisturbed = bench(MIXED, { partBytes });
      await undisturbed.run();
      const expected = visible(undisturbed);
      expect(Object.keys(expected)).toHaveLength(3);

      let at = 1;
      for (; ; at++) {
        const run = bench(MIXED, { partBytes });
        const wasKilled = killAt(run, moment, at);
        const outcome = await run.run().catch((error: unknown) => error);
        if (!wasKilled()) break;
        expect(outcome).toBe(KILLED);
        revive(run);
        const retried = await run.run();
        expect(['COMPLETED_WITH_ERRORS', 'DUPLICATE']).toContain(retried.status);
        expect(visible(run)).toEqual(expected);
      }
      // Head, manifest, source, and a put each for output, rejects and manifest, at least.
      expect(at).toBeGreaterThan(6);
    },
  );
});

describe('two deliveries at once', () => {
  test.each([1_000_000, 60])('A8 end with one manifest and the same bytes, at parts of %d bytes', async (partBytes) => {
    const alone = bench(MIXED, { partBytes });
    await alone.run();
    for (let seed = 1; seed <= 40; seed++) {
      const both = bench(MIXED, { partBytes });
      const random = pseudoRandom(seed);
      for (const store of [both.data, both.processed]) {
        store.before = async () => {
          for (let turns = Math.floor(random() * 6); turns > 0; turns--) await new Promise(setImmediate);
        };
      }
      const outcomes: Outcome[] = await Promise.all([both.run(), both.run(), both.run()]);
      const statuses = outcomes.map(({ status }) => status).sort();
      expect(statuses).toEqual(['COMPLETED_WITH_ERRORS', 'DUPLICATE', 'DUPLICATE']);
      expect(visible(both)).toEqual(visible(alone));
      expect(both.processed.openUploads + both.data.openUploads).toBe(0);
    }
  });
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

function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
