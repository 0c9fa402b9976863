import { parseMessage } from '../../../lambda-src/phi-processor/message';

interface Overrides {
  readonly type?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly size?: number;
  readonly version?: string;
}

function created({
  type = 'Object Created',
  bucket = 'data',
  key = 'incoming/a',
  size = 9,
  version,
}: Overrides): string {
  const object = { key, size, etag: 'e', ...(version !== undefined && { 'version-id': version }) };
  return JSON.stringify({ source: 'aws.s3', 'detail-type': type, detail: { bucket: { name: bucket }, object } });
}

const parse = (body: string) => parseMessage(body, 'data', 'incoming/');

test('A8 an object under the incoming prefix is work, its key taken as it is', () => {
  expect(parse(created({ key: 'incoming/100%25 a+b/ü.ndjson', version: 'v1' }))).toEqual({
    kind: 'object',
    source: { key: 'incoming/100%25 a+b/ü.ndjson', versionId: 'v1' },
  });
});

test.each([undefined, '', 'null'])('a version id of %p is none', (version) => {
  expect(parse(created({ version }))).toEqual({ kind: 'object', source: { key: 'incoming/a' } });
});

test.each([
  ['OTHER_PREFIX', { key: 'rejected/a' }],
  ['OTHER_PREFIX', { key: 'keys/pseudonym-key' }],
  ['OTHER_PREFIX', { key: 'deidentified/incoming/a' }],
  ['OTHER_BUCKET', { bucket: 'processed' }],
  ['OTHER_EVENT', { type: 'Object Deleted' }],
  ['FOLDER', { key: 'incoming/folder/', size: 0 }],
])('A8 %s is no work: nothing the function writes can start it again', (reason, overrides) => {
  expect(parse(created(overrides))).toEqual({ kind: 'ignored', reason });
});

test('an object with records in it is work even if its key ends in a slash', () => {
  expect(parse(created({ key: 'incoming/odd/', size: 3 }))).toMatchObject({ kind: 'object' });
});

test('A8 an object without a byte is work, so that its manifest says so', () => {
  expect(parse(created({ size: 0 }))).toMatchObject({ kind: 'object' });
});

test('the test event of a direct notification is no work', () => {
  expect(parse('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"data"}')).toEqual({
    kind: 'ignored',
    reason: 'TEST_EVENT',
  });
});

test.each(['', 'Wilhelmina', '{"Wilhelmina', 'null', '[]', '"x"', '{}', '{"detail-type":"Object Created"}'])(
  'a body of %p is an error that does not quote it',
  (body) => {
    const error = thrownBy(() => parse(body));
    expect(error).toMatchObject({ code: 'EVENT_INVALID' });
    expect(String(error)).not.toContain('Wilhelmina');
  },
);

test.each([
  ['type', { 'detail-type': undefined }],
  ['bucket', { detail: { bucket: {}, object: { key: 'incoming/a' } } }],
  ['key', { detail: { bucket: { name: 'data' }, object: {} } }],
  ['detail', { detail: null }],
])('an event without a %s is an error, not one that is passed over', (_, without) => {
  const body = JSON.stringify({ ...JSON.parse(created({})), ...without });
  expect(() => parse(body)).toThrow('EVENT_INVALID');
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
