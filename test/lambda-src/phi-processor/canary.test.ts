import { gzipSync } from 'node:zlib';
import type { SQSEvent } from 'aws-lambda';
import { StoreError } from '../../../lambda-src/commit';
import { ENGINE } from '../../../lambda-src/phi-processor/default-engine';
import { createHandler } from '../../../lambda-src/phi-processor/handler';
import { Report } from '../../../lambda-src/phi-processor/report';
import type { Settings } from '../../../lambda-src/phi-processor/settings';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { bench, type Bench } from '../commit/bench';
import { unzipped } from '../commit/stand-in-engine';

/** Stand in the key and in every record; whatever quotes either is found out. */
const CANARY = 'Wilhelmina Abbott509';
const LEAK = /wilhelmina|abbott509/i;
const KEY = `incoming/${CANARY}/1923.ndjson`;
const EVENT = {
  Records: [
    {
      messageId: 'm',
      body: JSON.stringify({
        'detail-type': 'Object Created',
        detail: { bucket: { name: 'data' }, object: { key: KEY } },
      }),
    },
  ],
} as SQSEvent;
const INVOCATION = { getRemainingTimeInMillis: () => 300_000, memoryLimitInMB: '512' };
const TABLES = DeidPolicy.safeHarbor()._compile();

const patient = (index: number) =>
  JSON.stringify({ resourceType: 'Patient', id: `${index}`, name: [{ text: CANARY }], birthDate: '1987-06-05' });
const RECORDS = [...[1, 2, 3].map(patient), `{"resourceType":"Patient","name":"${CANARY}`].join('\n');

/** Errors as a client, a parser or a defect may throw them, each quoting what it should not. */
const QUOTING: Array<[what: string, make: () => unknown]> = [
  [
    'an error of S3',
    () => Object.assign(new Error(`no such key ${KEY}`), { name: 'NoSuchKey', Key: KEY, $fault: 'client' }),
  ],
  ['an error with a quoting name', () => Object.assign(new Error(CANARY), { name: `${CANARY}Error` })],
  ['an error with a quoting code', () => Object.assign(new Error(CANARY), { code: `no ${KEY}` })],
  ['an error with a quoting request id', () => Object.assign(new Error(CANARY), { requestId: KEY })],
  ['an error of a store', () => Object.assign(new StoreError('AccessDenied', KEY), { cause: new Error(CANARY) })],
  ['a parser', () => thrownBy(() => JSON.parse(`{"name": ${CANARY}`) as unknown)],
  ['an aggregate', () => new AggregateError([new Error(CANARY)], CANARY)],
  ['a text', () => CANARY],
  ['an object that speaks for itself', () => ({ toString: () => CANARY, toJSON: () => CANARY })],
];

function processorOf({ context }: Bench) {
  const lines: string[] = [];
  const report = new Report('HipaaPipeline', 'processor', (line) => lines.push(line), context.now);
  const settings = { dataBucket: 'data', incomingPrefix: 'incoming/' } as Settings;
  return { lines, handler: createHandler(async () => ({ settings, report, context })) };
}

function withSource(body: Buffer, partBytes = 1_000_000): Bench {
  const run = bench([], { engine: ENGINE, tables: TABLES, partBytes });
  run.data.seed(KEY, body);
  return run;
}

/** All that is not on the PHI side: names and content of objects, and the log. */
function published({ processed }: Bench, lines: string[]): string {
  const objects = processed.keys().map((key) => {
    const body = processed.bytes(key);
    return `${key}\n${key.endsWith('.gz') ? unzipped(body) : body.toString()}`;
  });
  return [...objects, ...lines].join('\n');
}

describe.each(QUOTING)('%s that quotes key and record', (_, make) => {
  test.each([1_000_000, 100])(
    'A10 A12 reaches neither log, metrics nor processed side, whichever call throws it, at parts of %d bytes',
    async (partBytes) => {
      let calls = 0;
      let failed = 0;
      for (let at = 1; at === 1 || calls >= at - 1; at++) {
        for (const moment of ['before', 'after'] as const) {
          const run = withSource(Buffer.from(RECORDS), partBytes);
          calls = 0;
          for (const store of [run.data, run.processed]) {
            store[moment] = () => {
              if (++calls === at) throw make();
            };
          }
          const { handler, lines } = processorOf(run);
          const { batchItemFailures } = await handler(EVENT, INVOCATION);
          failed += batchItemFailures.length;
          expect(lines.length).toBeGreaterThan(0);
          expect(published(run, lines)).not.toMatch(LEAK);
          for (const line of lines) expect(line).not.toContain('at ');
        }
      }
      expect(failed).toBeGreaterThan(10);
    },
  );

  test('A12 does not reach the log from the start of the function either', async () => {
    const lines: string[] = [];
    const run = withSource(Buffer.from(RECORDS));
    const report = new Report('HipaaPipeline', 'processor', (line) => lines.push(line), run.context.now);
    report.failure(make());
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(LEAK);
    expect(JSON.parse(lines[0])).toMatchObject({ level: 'ERROR', code: expect.stringMatching(/^\w+$/) });
  });
});

describe('a file that cannot be read says so by a code alone', () => {
  const GZIP = gzipSync(RECORDS);
  test.each<[string, Buffer]>([
    ['no format', Buffer.from(`${CANARY} was here\n`)],
    ['gzip that ends early', GZIP.subarray(0, GZIP.length - 9)],
    ['gzip with a wrong byte', Buffer.concat([GZIP.subarray(0, 30), Buffer.from([0xff]), GZIP.subarray(31)])],
    [
      'a Bundle that ends early',
      Buffer.from(`{"resourceType":"Bundle","entry":[{"resource":${patient(1)}},{"resource":{"id":"${CANARY}`),
    ],
    ['UTF-16', Buffer.from(`\ufeff${RECORDS}`, 'utf16le')],
    [
      'broken records only',
      Buffer.from(`{"resourceType":"${CANARY}"}\n{"resourceType":"Patient","id":"${CANARY}",}\n{${CANARY}}\n`),
    ],
    ['a duplicate key', Buffer.from(`{"resourceType":"Patient","birthDate":"${CANARY}","birthDate":"1987"}\n`)],
  ])('A10 %s', async (_, body) => {
    const run = withSource(body);
    const { handler, lines } = processorOf(run);
    expect(await handler(EVENT, INVOCATION)).toEqual({ batchItemFailures: [] });
    expect(lines).toHaveLength(2);
    expect(published(run, lines)).not.toMatch(LEAK);
    expect(run.processed.keys()).toEqual([expect.stringMatching(/^manifests\//)]);
  });
});

test('the canary sings: what is on the PHI side does quote it', async () => {
  const run = withSource(Buffer.from(RECORDS));
  await processorOf(run).handler(EVENT, INVOCATION);
  const rejected = run.data.keys().find((key) => key.startsWith('rejected/'))!;
  expect(unzipped(run.data.bytes(rejected))).toMatch(LEAK);
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
