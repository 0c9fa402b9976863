import { parseRecord, recordsOf } from '../../../lambda-src/patient-records/notification';

interface Parts {
  readonly bucket?: unknown;
  readonly key?: unknown;
  readonly size?: number;
  readonly versionId?: unknown;
  readonly eventName?: unknown;
}

function recordOf({ bucket = 'records', key, size = 1, versionId, eventName = 'ObjectCreated:Put' }: Parts): unknown {
  return { eventSource: 'aws:s3', eventName, s3: { bucket: { name: bucket }, object: { key, size, versionId } } };
}

const parse = (parts: Parts) => parseRecord(recordOf(parts), 'records', 'incoming/');

test.each([
  ['incoming/plain.ndjson', 'incoming/plain.ndjson'],
  ['incoming/a+b.ndjson', 'incoming/a b.ndjson'],
  ['incoming/a%2Bb.ndjson', 'incoming/a+b.ndjson'],
  ['incoming/100%25+sure.ndjson', 'incoming/100% sure.ndjson'],
  ['incoming/M%C3%BCller%2F%E6%82%A3%E8%80%85+%F0%9F%8F%A5.ndjson', 'incoming/Müller/患者 🏥.ndjson'],
  ['incoming/%252B.ndjson', 'incoming/%2B.ndjson'],
  ['incoming%2Fslash.ndjson', 'incoming/slash.ndjson'],
])('B3 the encoded key %s is the key %s', (encoded, key) => {
  expect(parse({ key: encoded })).toEqual({ kind: 'object', source: { key } });
});

test('B3 a version is read where one is named', () => {
  expect(parse({ key: 'incoming/a', versionId: 'v1' })).toMatchObject({ source: { versionId: 'v1' } });
  for (const versionId of [undefined, '', 'null', 7]) {
    expect(parse({ key: 'incoming/a', versionId })).toEqual({ kind: 'object', source: { key: 'incoming/a' } });
  }
});

test.each(['ObjectCreated:Put', 'ObjectCreated:Post', 'ObjectCreated:Copy', 'ObjectCreated:CompleteMultipartUpload'])(
  'B3 an object that came by %s is work',
  (eventName) => {
    expect(parse({ key: 'incoming/a', eventName })).toMatchObject({ kind: 'object' });
  },
);

test.each([
  ['OTHER_PREFIX', { key: 'processed/manifests/m.json' }],
  ['OTHER_PREFIX', { key: 'processed/deidentified/d.ndjson.gz' }],
  ['OTHER_PREFIX', { key: 'rejected/r.ndjson.gz' }],
  ['OTHER_PREFIX', { key: 'keys/pseudonym-key' }],
  ['OTHER_PREFIX', { key: 'incomingX' }],
  ['OTHER_BUCKET', { bucket: 'another', key: 'incoming/a' }],
  ['OTHER_EVENT', { eventName: 'ObjectRemoved:Delete', key: 'incoming/a' }],
  ['FOLDER', { key: 'incoming/2026/', size: 0 }],
])('B3 is done without a call, as %s: %j', (reason, parts) => {
  expect(parse(parts)).toEqual({ kind: 'ignored', reason });
});

test('B3 a slash at the end of a key that has content is no folder', () => {
  expect(parse({ key: 'incoming/2026/', size: 5 })).toMatchObject({ kind: 'object' });
});

test('B3 the test event of S3 is ignored, wherever it stands', () => {
  const event = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'records' };
  expect(recordsOf(event)).toHaveLength(1);
  expect(parseRecord(recordsOf(event)[0], 'records', 'incoming/')).toEqual({ kind: 'ignored', reason: 'TEST_EVENT' });
});

test('B3 an event may have several records', () => {
  const records = [recordOf({ key: 'incoming/a' }), recordOf({ key: 'incoming/b' })];
  expect(recordsOf({ Records: records })).toEqual(records);
});

test.each([undefined, null, 'text', 7, {}, { Records: 'x' }, { Records: [] }])(
  'B3 an event that says nothing is refused: %j',
  (event) => {
    expect(() => recordsOf(event)).toThrow('EVENT_INVALID');
  },
);

test.each([undefined, null, 'text', {}, { s3: {} }])('B3 a record that says nothing is refused: %j', (record) => {
  expect(() => parseRecord(record, 'records', 'incoming/')).toThrow('EVENT_INVALID');
});

test.each([undefined, '', 7, 'incoming/%E0%A4%A', 'incoming/%zz'])(
  'B3 a key that is none is refused and not quoted: %j',
  (key) => {
    const refused = (() => {
      try {
        return parse({ key });
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({ code: 'EVENT_INVALID', message: 'EVENT_INVALID' });
    expect(refused).not.toHaveProperty('cause');
  },
);
