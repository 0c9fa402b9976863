import { gzipSync } from 'node:zlib';
import { DeadlineError, deidentify } from '../../../lambda-src/engine';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import { expectFailure } from '../../support/expect-failure';
import { PassThrough } from '../../support/pass-through';
import { runEngine, TEST_LIMITS } from '../../support/run-engine';

const PATIENT = '{"resourceType":"Patient","id":"p1"}';

describe('the share of rejects', () => {
  const source = (good: number, bad: number): string => `${PATIENT}\n`.repeat(good) + '{bad}\n'.repeat(bad);

  test('fails the source when it exceeds the limit, with every record counted as rejected', async () => {
    const run = await runEngine(source(949, 51));
    expectFailure(run, 'REJECT_RATIO_EXCEEDED');
    expect(run.counts.read).toBe(1000);
    expect(run.counts.byError).toEqual({ REC_SYNTAX: 51, REJECT_RATIO_EXCEEDED: 949 });
  });

  test('at the limit is accepted', async () => {
    expect((await runEngine(source(950, 50))).counts).toMatchObject({ read: 1000, written: 950, rejected: 50 });
  });

  test('says nothing about fewer than a thousand records', async () => {
    expect((await runEngine(source(1, 998))).counts).toMatchObject({ written: 1, rejected: 998 });
  });
});

describe('what is thrown', () => {
  test('the deadline, asked between chunks, completes nothing', async () => {
    let asked = 0;
    const run = runEngine(Array<string>(10).fill(`${PATIENT}\n`), { pastDeadline: () => ++asked > 3 });
    await expect(run).rejects.toBeInstanceOf(DeadlineError);
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE', message: 'DEADLINE' });
    expect(asked).toBe(4);
  });

  test('an error of the source itself comes through as it is, to be tried again', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(`${PATIENT}\n`);
      throw new Error('connection reset');
    };
    const nowhere = { write: () => undefined };
    await expect(
      deidentify(
        {
          source: failing(),
          output: nowhere,
          rejects: nowhere,
          tables: {
            version: 1,
            policy: { profile: 'test', sha256: '' },
            limits: TEST_LIMITS,
          } as CompiledTables,
          key: new Uint8Array(32),
          referenceDate: '2024-06-30',
        },
        () => new PassThrough(),
      ),
    ).rejects.toThrow('connection reset');
  });
});
