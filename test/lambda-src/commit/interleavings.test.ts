import * as fc from 'fast-check';
import { bench, MIXED, SOURCE_KEY, type Bench } from './bench';
import { gated, interleaved, nextChoices } from './interleave';
import { visible } from './visible';
import { CommitError, processObject, StoreError, type Outcome } from '../../../lambda-src/commit';

const WHOLE = 1_000_000;
const PARTS = 60;
const CANNOT_END = ['SlowDown', 'CONFLICT', 'COMMIT_CONTENDED'];

/** In how many orders two rows of so many calls can be shuffled; a run that meets a rival makes some more. */
function shuffles(calls: number): number {
  return Array.from({ length: calls }, (_, index) => (calls + index + 1) / (index + 1)).reduce(
    (one, other) => one * other,
  );
}

async function alone(lines: string[], partBytes: number): Promise<Record<string, string>> {
  const run = bench(lines, { partBytes });
  await run.run();
  return visible(run);
}

describe('two deliveries of one object at once', () => {
  /** Calls whose order two runs can tell from each other; the others read what nobody changes. */
  const TOLD_APART = ['get', 'putIfAbsent'] as const;

  test.each([
    ['rejects beside results', MIXED, 'COMPLETED_WITH_ERRORS', 5],
    ['a clean file', ['ok', 'ok 2'], 'COMPLETED', 4],
    ['nothing but rejects', ['bad'], 'COMPLETED_WITH_ERRORS', 4],
    ['a failed file', [...MIXED, '!SRC_TRUNCATED'], 'FAILED', 3],
  ])(
    'A8 end with one manifest and the same bytes, in every order of their calls: %s',
    async (_, lines, status, calls) => {
      const expected = await alone(lines, WHOLE);
      let orders = 0;
      for (let choices: number[] | undefined = []; choices; orders++) {
        const { data, processed, context } = bench(lines, { partBytes: WHOLE });
        const actor = async (turn: () => Promise<void>): Promise<Outcome> =>
          processObject(
            { key: SOURCE_KEY },
            { ...context, data: gated(data, turn, TOLD_APART), processed: gated(processed, turn, TOLD_APART) },
          );
        const { results, made } = await interleaved([actor, actor], choices);
        expect(results.map((outcome) => outcome.status).sort()).toEqual([status, 'DUPLICATE'].sort());
        expect(visible({ data, processed })).toEqual(expected);
        choices = nextChoices(made);
      }
      expect(orders).toBeGreaterThanOrEqual(shuffles(calls));
    },
  );
});

/** Lets every call of both stores, and its answer, wait for the scheduler. */
function scheduleCalls({ data, processed }: Bench, scheduler: fc.Scheduler): void {
  for (const store of [data, processed]) {
    store.before = store.after = async () => scheduler.schedule(Promise.resolve());
  }
}

describe.each([WHOLE, PARTS])('deliveries at once, with parts of %d bytes', (partBytes) => {
  test.each([
    ['rejects beside results', MIXED, 'COMPLETED_WITH_ERRORS'],
    ['a failed file', [...MIXED, '!SRC_TRUNCATED'], 'FAILED'],
  ])('A8 two to four of them end with one manifest and nothing left open: %s', async (_, lines, status) => {
    const expected = await alone(lines, partBytes);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, deliveries) => {
        const run = bench(lines, { partBytes });
        scheduleCalls(run, scheduler);
        const outcomes = await scheduler.waitFor(
          Promise.all(Array.from({ length: deliveries }, async () => run.run())),
        );
        const statuses = outcomes.map((outcome) => outcome.status).filter((each) => each !== 'DUPLICATE');
        expect(statuses).toEqual([status]);
        expect(visible(run)).toEqual(expected);
        expect(run.data.openUploads + run.processed.openUploads).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('A12 with calls that fail before or after they took effect, a later delivery ends with the same bytes', async () => {
    const expected = await alone(MIXED, partBytes);
    const fault = fc.record({
      at: fc.nat({ max: 60 }),
      moment: fc.constantFrom('before' as const, 'after' as const),
      code: fc.constantFrom('SlowDown', 'CONFLICT'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        async (scheduler, deliveries, faults) => {
          const run = bench(MIXED, { partBytes });
          let calls = 0;
          for (const store of [run.data, run.processed]) {
            const hook = (moment: 'before' | 'after') => async (call: string) => {
              if (moment === 'before') calls++;
              await scheduler.schedule(Promise.resolve());
              const met = faults.find((each) => each.at === calls && each.moment === moment);
              if (!met) return;
              // 409 is what a conditional write meets, and then it had no effect.
              const contended = met.code === 'CONFLICT' && moment === 'before' && /IfAbsent$/.test(call);
              throw new StoreError(contended ? 'CONFLICT' : 'SlowDown');
            };
            store.before = hook('before');
            store.after = hook('after');
          }
          const ended = await scheduler.waitFor(
            Promise.allSettled(Array.from({ length: deliveries }, async () => run.run())),
          );
          for (const end of ended) {
            if (end.status === 'fulfilled') continue;
            const error: unknown = end.reason;
            expect(error instanceof StoreError || error instanceof CommitError).toBe(true);
            expect(CANNOT_END).toContain((error as StoreError).code);
          }
          for (const store of [run.data, run.processed]) store.before = store.after = () => undefined;
          expect(['COMPLETED_WITH_ERRORS', 'DUPLICATE']).toContain((await run.run()).status);
          expect((await run.run()).status).toBe('DUPLICATE');
          expect(visible(run)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('A8 a version that is deleted at any call ends the run as gone, or as if it had come later', async () => {
  const expected = await alone(MIXED, PARTS);
  for (let at = 1; at < 40; at++) {
    const run = bench(MIXED, { partBytes: PARTS });
    run.data.chunkBytes = 20;
    const source = (await run.data.head(SOURCE_KEY))!.versionId!;
    let calls = 0;
    for (const store of [run.data, run.processed]) {
      store.before = () => {
        if (++calls === at) run.data.deleteVersion(SOURCE_KEY, source);
      };
    }
    const { status } = await run.run(SOURCE_KEY, source);
    if (status === 'SOURCE_GONE') expect(visible(run)).toEqual({});
    else expect(visible(run)).toEqual(expected);
    expect(run.data.openUploads + run.processed.openUploads).toBe(0);
    if (calls < at) return;
  }
  throw new Error('the run made more calls than were tried');
});
