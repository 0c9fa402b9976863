import type { SQSEvent } from 'aws-lambda';
import { StoreError } from '../../../lambda-src/commit';
import { createHandler } from '../../../lambda-src/phi-processor/handler';
import { Report } from '../../../lambda-src/phi-processor/report';
import type { Settings } from '../../../lambda-src/phi-processor/settings';
import { METRICS_NAMESPACE } from '../../../src/processing/private/handler-contract';
import { bench, GOOD, MIXED, SOURCE_KEY, type Bench } from '../commit/bench';

const SETTINGS = { dataBucket: 'data', incomingPrefix: 'incoming/' } as Settings;
const INVOCATION = { getRemainingTimeInMillis: () => 300_000, memoryLimitInMB: '512' };
/** What must be in no log line: the name in the key, the text of records. */
const PHI = /Wilhelmina|Abbott509|1923/;

function handlerOf({ context }: Bench) {
  const lines: string[] = [];
  const report = new Report(METRICS_NAMESPACE, 'processor', (line) => lines.push(line), context.now);
  return { handler: createHandler(async () => ({ settings: SETTINGS, report, context })), lines };
}

function batch(...bodies: string[]): SQSEvent {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) } as SQSEvent;
}

function created(key: string, versionId?: string): string {
  const object = { key, size: 1, ...(versionId && { 'version-id': versionId }) };
  return JSON.stringify({ 'detail-type': 'Object Created', detail: { bucket: { name: 'data' }, object } });
}

describe('a batch', () => {
  test('A8 of one object is processed, reported in one line and one line of metrics, and answered with an array', async () => {
    const run = bench(MIXED);
    const { handler, lines } = handlerOf(run);
    expect(await handler(batch(created(SOURCE_KEY)), INVOCATION)).toEqual({ batchItemFailures: [] });
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0])).toMatchObject({
      level: 'INFO',
      status: 'COMPLETED_WITH_ERRORS',
      runId: expect.stringMatching(/^[0-9a-f]{32}$/),
      keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
      format: 'fhir-ndjson',
      read: 6,
      written: 3,
      dropped: 1,
      rejected: 2,
      byError: { REC_SYNTAX: 2 },
    });
    const metrics = JSON.parse(lines[1]);
    expect(metrics._aws.CloudWatchMetrics[0]).toMatchObject({
      Namespace: METRICS_NAMESPACE,
      Dimensions: [['Processor'], ['Processor', 'Format']],
    });
    expect(metrics).toMatchObject({
      Processor: 'processor',
      Format: 'fhir-ndjson',
      ObjectsProcessed: 1,
      ObjectsDuplicate: 0,
      ObjectsFailed: 0,
      RecordsRead: 6,
      RecordsWritten: 3,
      RecordsRejected: 2,
      FieldsRedacted: 3,
      DeadlineRemainingMs: 285_000,
    });
    expect(metrics.BytesOut).toBeGreaterThan(0);
    expect(metrics._aws.CloudWatchMetrics[0].Metrics).toHaveLength(12);
  });

  test('A12 gives back only the messages that failed', async () => {
    const run = bench(GOOD);
    run.data.seed('incoming/denied', Buffer.from('ok\n'));
    run.data.before = (_, key) => {
      if (key === 'incoming/denied') throw new StoreError('AccessDenied', 'request-1');
    };
    const { handler, lines } = handlerOf(run);
    const event = batch('not json', created(SOURCE_KEY), created('incoming/denied'), created('incoming/gone'));
    expect(await handler(event, INVOCATION)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }],
    });
    const said = lines.map((line) => JSON.parse(line)).filter(({ level }) => level);
    expect(said).toMatchObject([
      { level: 'ERROR', code: 'EVENT_INVALID' },
      { level: 'INFO', status: 'COMPLETED' },
      { level: 'ERROR', code: 'AccessDenied', requestId: 'request-1' },
      { level: 'WARN', code: 'SOURCE_GONE' },
    ]);
  });

  test('A8 a second delivery is a duplicate: done, counted, nothing written', async () => {
    const run = bench(GOOD);
    const { handler, lines } = handlerOf(run);
    await handler(batch(created(SOURCE_KEY)), INVOCATION);
    const before = run.processed.calls.length;
    expect(await handler(batch(created(SOURCE_KEY)), INVOCATION)).toEqual({ batchItemFailures: [] });
    expect(run.processed.calls.slice(before).map(({ call }) => call)).toEqual(['get']);
    expect(JSON.parse(lines[3])).toMatchObject({ ObjectsDuplicate: 1, ObjectsProcessed: 0 });
    expect(JSON.parse(lines[3])).not.toHaveProperty('RecordsRead');
  });

  test('a failed file is done, an error in the log and counted for the alarm', async () => {
    const { handler, lines } = handlerOf(bench(['ok', '!SRC_CORRUPT_GZIP']));
    expect(await handler(batch(created(SOURCE_KEY)), INVOCATION)).toEqual({ batchItemFailures: [] });
    expect(JSON.parse(lines[0])).toMatchObject({ level: 'ERROR', status: 'FAILED', code: 'SRC_CORRUPT_GZIP' });
    expect(JSON.parse(lines[1])).toMatchObject({ ObjectsFailed: 1, RecordsRejected: 1, BytesOut: 0 });
  });

  test('A8 what is not under the incoming prefix is done without a call', async () => {
    const run = bench(GOOD);
    const { handler } = handlerOf(run);
    const event = batch(created('rejected/x'), created('keys/pseudonym-key'), '{"Event":"s3:TestEvent"}');
    expect(await handler(event, INVOCATION)).toEqual({ batchItemFailures: [] });
    expect([...run.data.calls, ...run.processed.calls]).toEqual([]);
  });

  test('A12 what cannot be done before the deadline goes back to the queue', async () => {
    const { handler, lines } = handlerOf(bench(GOOD));
    const event = batch(created(SOURCE_KEY));
    expect(await handler(event, { ...INVOCATION, getRemainingTimeInMillis: () => 0 })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    expect(JSON.parse(lines[0])).toMatchObject({ level: 'ERROR', code: 'DEADLINE' });
  });
});

test('no text of an error reaches the log: it may quote a record or a key', async () => {
  const failures = [
    new Error('Unexpected token in {"name":"Wilhelmina"}'),
    Object.assign(new TypeError('Wilhelmina'), { code: 'incoming/Abbott509 1923' }),
    'Wilhelmina',
    { name: 'Wilhelmina Abbott509' },
    undefined,
  ];
  for (const failure of failures) {
    const run = bench(MIXED);
    run.data.before = (call) => {
      if (call === 'get') throw failure;
    };
    const { handler, lines } = handlerOf(run);
    expect((await handler(batch(created(SOURCE_KEY)), INVOCATION)).batchItemFailures).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]).code).toMatch(/^(Error|TypeError|UNKNOWN)$/);
    expect(lines[0]).not.toMatch(PHI);
  }
});

test('neither the lines of a clean run nor those of a failed one name a patient', async () => {
  for (const records of [MIXED, [...MIXED, '!SRC_TRUNCATED']]) {
    const { handler, lines } = handlerOf(bench(records));
    await handler(batch(created(SOURCE_KEY), created('incoming/Wilhelmina_gone')), INVOCATION);
    expect(lines).toHaveLength(3);
    expect(lines.join('\n')).not.toMatch(PHI);
  }
});

test('A12 a start that fails fails the invocation, and the next one tries anew', async () => {
  const run = bench(GOOD);
  const { handler: good } = handlerOf(run);
  let starts = 0;
  const report = new Report('n', 'p', () => undefined, run.context.now);
  const handler = createHandler(async () => {
    if (++starts === 1) throw new StoreError('AccessDenied');
    return { settings: SETTINGS, report, context: run.context };
  });
  await expect(handler(batch(created(SOURCE_KEY)), INVOCATION)).rejects.toThrow('AccessDenied');
  expect(await handler(batch(created(SOURCE_KEY)), INVOCATION)).toEqual({ batchItemFailures: [] });
  await handler(batch(created(SOURCE_KEY)), INVOCATION);
  expect(starts).toBe(2);
  expect(await good(batch(created(SOURCE_KEY)), INVOCATION)).toEqual({ batchItemFailures: [] });
});
