import { gzipSync } from 'node:zlib';
import { DeadlineError, deidentify, type EngineInput } from '../../../lambda-src/engine';
import { TABLES_VERSION, type CompiledTables } from '../../../src/deidentification/private/compiled-tables';
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
    await expect(deidentify({ ...inputOf([]), source: failing() }, () => new PassThrough())).rejects.toThrow(
      'connection reset',
    );
  });
});

describe('the source and the sinks', () => {
  test('the format is told once, before the first byte of output', async () => {
    const told: string[] = [];
    const lines = `${PATIENT}\n`.repeat(50000);
    await deidentify(
      inputOf([lines], { output: () => told.push('output'), onFormat: (format) => told.push(format) }),
      () => new PassThrough(),
    );
    expect(told.length).toBeGreaterThan(2);
    expect([told[0], ...new Set(told.slice(1))]).toEqual(['fhir-ndjson', 'output']);
  });

  test.each<[string, string | Uint8Array, boolean]>([
    ['read to its end', PATIENT, true],
    ['of an unknown format', 'x'.repeat(10), false],
    ['of corrupt gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(64 * 1024, 0xff)]), false],
  ])('a source %s is let go of', async (_, source, whole) => {
    let open = true;
    let ended = false;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(source);
        yield Buffer.from('\n');
        ended = true;
      } finally {
        open = false;
      }
    };
    await deidentify({ ...inputOf([]), source: chunks() }, () => new PassThrough());
    expect([open, ended]).toEqual([false, whole]);
  });

  test('a sink that fails makes the run fail with its own error', async () => {
    const full = (): never => {
      throw new Error('sink failed');
    };
    await expect(deidentify(inputOf([PATIENT], { output: full }), () => new PassThrough())).rejects.toThrow(
      'sink failed',
    );
  });

  test('read and write in step: no more is read while a sink is busy', async () => {
    let reads = 0;
    let readsWhileBusy = 0;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (; reads < 40; reads++) yield Buffer.from(`${PATIENT}\n`.repeat(5000));
    };
    const slow = async (): Promise<void> => {
      const before = reads;
      await new Promise((done) => setTimeout(done, 2));
      readsWhileBusy += reads - before;
    };
    await deidentify({ ...inputOf([], { output: slow }), source: chunks() }, () => new PassThrough());
    expect([reads, readsWhileBusy]).toEqual([40, 0]);
  });
});

interface Listeners {
  readonly output?: () => unknown;
  readonly onFormat?: (format: string) => void;
}

function inputOf(chunks: readonly string[], { output, onFormat }: Listeners = {}): EngineInput {
  return {
    source: (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })(),
    output: { write: async () => void (await output?.()) },
    rejects: { write: () => undefined },
    tables: {
      version: TABLES_VERSION,
      policy: { profile: 'safe-harbor', sha256: '' },
      limits: TEST_LIMITS,
      csv: { columns: {} },
    } as unknown as CompiledTables,
    key: new Uint8Array(32),
    referenceDate: '2024-06-30',
    onFormat,
  };
}
