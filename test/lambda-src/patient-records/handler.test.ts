import { inspect } from 'node:util';
import { ENCODED, oneBucket, PHI, type OneBucket } from './one-bucket';
import { StoreError } from '../../../lambda-src/commit';
import { createHandler } from '../../../lambda-src/patient-records/handler';
import { unzipped } from '../commit/stand-in-engine';

const RESULTS = [
  expect.stringMatching(/^processed\/deidentified\/format=fhir-ndjson\/ingest_date=2024-03-05\/[0-9a-f]{32}-part-/),
  expect.stringMatching(/^processed\/manifests\/ingest_date=2024-03-05\/[0-9a-f]{32}\.json$/),
  expect.stringMatching(/^rejected\/ingest_date=2024-03-05\/[0-9a-f]{32}\.ndjson\.gz$/),
];

const logOf = ({ lines }: OneBucket) => lines.map((line) => JSON.parse(line)).filter(({ level }) => level);
const writtenBy = ({ records }: OneBucket) => records.keys().filter((key) => !key.startsWith('incoming/'));

async function refusalOf(delivery: Promise<void>): Promise<unknown> {
  return delivery.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('B5 a new object is processed into the layout of the one bucket', async () => {
  const run = oneBucket();
  await run.deliver(ENCODED);
  expect(writtenBy(run)).toEqual(RESULTS);
  expect(logOf(run)).toMatchObject([{ status: 'COMPLETED_WITH_ERRORS', read: 3, written: 2, rejected: 1 }]);
  expect(JSON.parse(run.lines[1])).toMatchObject({
    Processor: 'function-test',
    ObjectsProcessed: 1,
    RecordsRead: 3,
    _aws: { CloudWatchMetrics: [{ Namespace: 'PatientRecords' }] },
  });
});

test('B3 nothing is written under the incoming prefix, and what is written would start nothing', async () => {
  const run = oneBucket();
  const incoming = run.records.keys();
  await run.deliver(ENCODED);
  expect(run.records.keys().filter((key) => key.startsWith('incoming/'))).toEqual(incoming);
  const calls = run.records.calls.length;
  await run.deliver(...writtenBy(run).map(encodeURIComponent), 'keys/pseudonym-key');
  expect(run.records.calls).toHaveLength(calls);
});

test('B5 a second delivery is a duplicate, and writes nothing', async () => {
  const run = oneBucket();
  await run.deliver(ENCODED);
  const keys = run.records.keys();
  await run.deliver(ENCODED);
  expect(run.records.keys()).toEqual(keys);
  expect(keys.map((key) => run.records.versionsOf(key))).toEqual(keys.map(() => 1));
  expect(logOf(run)[1]).toMatchObject({ status: 'DUPLICATE' });
});

test('B5 a fault of the file is done: its manifest, a metric and the log say so', async () => {
  const run = oneBucket();
  run.records.seed('incoming/poison', Buffer.from('Wilhelmina;Abbott509\n'));
  await run.deliver('incoming/poison');
  expect(writtenBy(run)).toEqual([RESULTS[1]]);
  expect(logOf(run)).toMatchObject([{ level: 'ERROR', status: 'FAILED', code: 'SRC_UNKNOWN_FORMAT' }]);
  expect(JSON.parse(run.lines[1])).toMatchObject({ ObjectsFailed: 1 });
});

test('B5 what another delivery may mend is thrown, after all other records were tried', async () => {
  const run = oneBucket();
  run.records.before = (_, key) => {
    if (key === 'incoming/denied') throw new StoreError('AccessDenied');
  };
  const error = await refusalOf(run.deliver('incoming/denied', 'incoming/%zz', ENCODED, 'incoming/gone'));
  expect(error).toMatchObject({
    name: 'NotProcessedError',
    message: '2 of 4 records must be processed again: AccessDenied, EVENT_INVALID',
  });
  expect(logOf(run).map(({ code, status }) => code ?? status)).toEqual([
    'AccessDenied',
    'EVENT_INVALID',
    'COMPLETED_WITH_ERRORS',
    'SOURCE_GONE',
  ]);
  expect(writtenBy(run)).toEqual(RESULTS);
});

test('B5 what cannot be done before the deadline is thrown', async () => {
  const run = oneBucket();
  const event = {
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'records' }, object: { key: ENCODED } } }],
  };
  expect(await refusalOf(run.deliverEvent(event, 0))).toMatchObject({ message: expect.stringContaining('DEADLINE') });
  expect(writtenBy(run)).toEqual([]);
  await run.deliverEvent(event);
  expect(writtenBy(run)).toEqual(RESULTS);
});

test('B3 the test event and another bucket are done without a call', async () => {
  const run = oneBucket();
  await run.deliverEvent({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'records' });
  await run.deliverEvent({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'another' }, object: { key: ENCODED } } }],
  });
  expect(run.records.calls).toEqual([]);
  expect(logOf(run)).toMatchObject([{ code: 'TEST_EVENT' }, { code: 'OTHER_BUCKET' }]);
});

test('B3 an event that says nothing is thrown, for the failure queue to keep', async () => {
  const run = oneBucket();
  expect(await refusalOf(run.deliverEvent({ Wilhelmina: 1 }))).toMatchObject({ code: 'EVENT_INVALID' });
  expect(logOf(run)).toMatchObject([{ level: 'ERROR', code: 'EVENT_INVALID' }]);
});

test('B5 a start that fails fails the invocation, and the next one tries anew', async () => {
  const run = oneBucket();
  let starts = 0;
  const handler = createHandler(async () => {
    starts++;
    throw new StoreError('AccessDenied');
  });
  const invocation = { getRemainingTimeInMillis: () => 1, memoryLimitInMB: '1024' };
  await expect(handler({}, invocation)).rejects.toThrow('AccessDenied');
  await expect(handler({}, invocation)).rejects.toThrow('AccessDenied');
  expect(starts).toBe(2);
  expect(run.lines).toEqual([]);
});

test('B5 neither log, metrics nor errors name a patient or a key, whatever goes wrong', async () => {
  const failures = [
    new Error('at incoming/Abbott509 Wilhelmina'),
    Object.assign(new TypeError('Wilhelmina'), { code: 'Abbott509 1923' }),
    'Wilhelmina',
    { name: 'Wilhelmina Abbott509' },
    undefined,
  ];
  for (const failure of failures) {
    const run = oneBucket();
    run.records.before = (call) => {
      if (call === 'get') throw failure;
    };
    const error = await refusalOf(run.deliver(ENCODED, 'incoming/Wilhelmina%zz'));
    const shown = inspect(error, { depth: 9, showHidden: true });
    expect(shown).toContain('2 of 2 records');
    expect(shown + run.lines.join('\n')).not.toMatch(PHI);
  }
});

test('B5 neither results, manifest nor log of a clean run name a patient', async () => {
  const run = oneBucket();
  await run.deliver(ENCODED);
  const told = writtenBy(run).filter((key) => key.startsWith('processed/'));
  const texts = told.map((key) => (key.endsWith('.gz') ? unzipped : String)(run.records.bytes(key)));
  expect(texts.join('\n')).toContain('"resourceType":"Patient"');
  expect([...told, ...texts, ...run.lines].join('\n')).not.toMatch(PHI);
});
