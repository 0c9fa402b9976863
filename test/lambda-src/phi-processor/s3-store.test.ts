import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import type { StoreError } from '../../../lambda-src/commit';
import { S3Store } from '../../../lambda-src/phi-processor/s3-store';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const OBJECT = 'incoming/Wilhelmina 1923.ndjson';

interface Request {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: Record<string, string | null>;
  readonly headers: Record<string, string>;
}

/** A real client whose wire is answered here: what is asserted is what S3 would receive. */
function storeAnswering(status: number, headers: Record<string, string> = {}, body = '', endpoint?: string) {
  const requests: Request[] = [];
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: {
      handle: async (request: Request) => {
        requests.push(request);
        return { response: { statusCode: status, headers, body: Readable.from(body ? [Buffer.from(body)] : []) } };
      },
    },
  });
  return { store: new S3Store(client, 'bucket', KEY_ARN), requests };
}

function refusal(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message><Key>${OBJECT}</Key><RequestId>R</RequestId></Error>`;
}

const ENCRYPTION = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
  'x-amz-server-side-encryption-bucket-key-enabled': 'true',
};

test('A10 a put is encrypted with the pipeline key, checked on arrival and never over another object', async () => {
  const { store, requests } = storeAnswering(200, { etag: '"e"' });
  await store.putIfAbsent('manifests/m.json', Buffer.from('{}'), 'application/json');
  expect(requests[0]).toMatchObject({
    method: 'PUT',
    headers: { ...ENCRYPTION, 'if-none-match': '*', 'content-type': 'application/json' },
  });
  expect(requests[0].headers).toHaveProperty('x-amz-checksum-crc32');
});

test('A10 a multipart upload is encrypted from its start, and completed never over another object', async () => {
  const begun = storeAnswering(
    200,
    {},
    '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
  );
  expect(await begun.store.createUpload('k', 'application/gzip')).toBe('u');
  expect(begun.requests[0].headers).toMatchObject({ ...ENCRYPTION, 'x-amz-checksum-algorithm': 'CRC32' });

  const part = storeAnswering(200, { etag: '"p"', 'x-amz-checksum-crc32': 'AAAAAA==' });
  const uploaded = await part.store.uploadPart('k', 'u', 1, Buffer.from('x'));
  expect(uploaded).toEqual({ partNumber: 1, eTag: '"p"', checksum: 'AAAAAA==' });

  const completed = storeAnswering(
    200,
    {},
    '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>',
  );
  await completed.store.completeIfAbsent('k', 'u', [uploaded]);
  expect(completed.requests[0].headers['if-none-match']).toBe('*');
});

test('a read is bound to its version, or to its eTag', async () => {
  const { store, requests } = storeAnswering(200, { 'content-length': '2' }, 'ab');
  await store.get(OBJECT, { versionId: 'v' });
  await store.get(OBJECT, { ifMatch: '"e"' });
  expect(requests[0].query).toMatchObject({ versionId: 'v' });
  expect(requests[1].headers['if-match']).toBe('"e"');
});

const HEAD = { etag: '"e"', 'content-length': '7', 'last-modified': 'Tue, 05 Mar 2024 23:59:59 GMT' };

test.each([
  ['aws:kms', undefined],
  ['aws:kms:dsse', undefined],
  ['AES256', true],
  ['', true],
])('B5 under "%s" a head says of the eTag that it tells the content: %s', async (algorithm, tells) => {
  const { store } = storeAnswering(200, { ...HEAD, ...(algorithm && { 'x-amz-server-side-encryption': algorithm }) });
  expect((await store.head(OBJECT))?.eTagTellsContent).toBe(tells);
});

test('a head tells version, size and day; the null version is none', async () => {
  const headers = { ...HEAD, 'x-amz-server-side-encryption': 'aws:kms' };
  const named = storeAnswering(200, { ...headers, 'x-amz-version-id': 'v' });
  const head = { eTag: '"e"', size: 7, lastModified: new Date('2024-03-05T23:59:59Z') };
  expect(await named.store.head(OBJECT)).toEqual({ ...head, versionId: 'v' });
  const unnamed = storeAnswering(200, { ...headers, 'x-amz-version-id': 'null' });
  expect(await unnamed.store.head(OBJECT)).toEqual(head);
});

test.each(['etag', 'content-length', 'last-modified'])('a head without %s is no answer to go by', async (header) => {
  const { [header]: _, ...headers } = HEAD as Record<string, string>;
  const head = storeAnswering(200, headers).store.head(OBJECT);
  await expect(head).rejects.toMatchObject({ name: 'StoreError', code: 'BAD_RESPONSE' });
});

test('neither is a read without its length, an upload without its id or a part without its eTag', async () => {
  const { store } = storeAnswering(200);
  const calls = [
    store.get(OBJECT),
    store.createUpload('k', 'text/plain'),
    store.uploadPart('k', 'u', 1, Buffer.from('x')),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'BAD_RESPONSE' });
});

describe('absent', () => {
  test.each([404, 405])('is what a head answers with %d', async (status) => {
    expect(await storeAnswering(status).store.head(OBJECT)).toBeUndefined();
  });

  test.each(['NoSuchKey', 'NoSuchVersion'])('is what a read answers with %s', async (code) => {
    expect(await storeAnswering(404, {}, refusal(code)).store.get(OBJECT)).toBeUndefined();
  });

  test('is not what a read answers where the bucket is missing or access is denied', async () => {
    for (const [status, code] of [[404, 'NoSuchBucket'] as const, [403, 'AccessDenied'] as const]) {
      await expect(storeAnswering(status, {}, refusal(code)).store.get(OBJECT)).rejects.toMatchObject({ code });
    }
    await expect(storeAnswering(403).store.head(OBJECT)).rejects.toMatchObject({ name: 'StoreError' });
  });
});

test.each([
  [412, 'PreconditionFailed', 'PRECONDITION_FAILED'],
  [409, 'ConditionalRequestConflict', 'CONFLICT'],
  [404, 'NoSuchUpload', 'NO_SUCH_UPLOAD'],
  [503, 'SlowDown', 'SlowDown'],
])('a refusal %d %s is the error %s, which names no object', async (status, said, code) => {
  const { store } = storeAnswering(status, {}, refusal(said));
  const error: unknown = await store.completeIfAbsent(OBJECT, 'u', []).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'StoreError', code, message: code });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('Wilhelmina');
  expect(error).not.toHaveProperty('cause');
});

test('a connection that breaks in the middle of a body is an error by its code alone', async () => {
  const { store } = storeAnswering(200, { 'content-length': '9' }, 'ab');
  const opened = (await store.get(OBJECT))!;
  const broken = Object.assign(new Error(`read ECONNRESET at ${OBJECT}`), { code: 'ECONNRESET' });
  const body = opened.body[Symbol.asyncIterator]();
  await body.next();
  const failing = storeWithBody(broken);
  const reading = (await failing.get(OBJECT))!;
  const error: unknown = await drain(reading.body).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'StoreError', code: 'ECONNRESET', message: 'ECONNRESET' });
});

function storeWithBody(failure: Error): S3Store {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from('ab');
    throw failure;
  }
  const response = { statusCode: 200, headers: { 'content-length': '9' } };
  const client = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: { handle: async () => ({ response: { ...response, body: Readable.from(chunks()) } }) },
  });
  return new S3Store(client, 'bucket', KEY_ARN);
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) void chunk;
}

test('the history of a key is that of this key, not of others that begin with it', async () => {
  const listing = (entries: string) => `<ListVersionsResult>${entries}</ListVersionsResult>`;
  const marker = '<DeleteMarker><Key>keys/k</Key></DeleteMarker>';
  const own = '<Version><Key>keys/k</Key><ETag>"e"</ETag></Version>';
  const other = '<Version><Key>keys/k2</Key><ETag>"f"</ETag></Version><DeleteMarker><Key>keys/k3</Key></DeleteMarker>';
  const history = async (entries: string) => storeAnswering(200, {}, listing(entries)).store.history('keys/k');
  expect(await history(own + marker + other)).toEqual([{ eTag: '"e"' }, {}]);
  expect(await history(other)).toEqual([]);
  expect(await history('')).toEqual([]);
});

test('an endpoint that is an IP address is asked by path, without a setting for it', async () => {
  const { store, requests } = storeAnswering(200, { etag: '"e"' }, '', 'http://127.0.0.1:4566');
  await store.putIfAbsent('a/b', Buffer.from('x'), 'text/plain');
  expect(requests[0]).toMatchObject({ hostname: '127.0.0.1', path: '/bucket/a/b' });
});

describe('whatever goes wrong with a call', () => {
  const CALLS: Array<[string, (store: S3Store) => Promise<unknown>]> = [
    ['head', async (store) => store.head(OBJECT)],
    ['get', async (store) => store.get(OBJECT)],
    ['putIfAbsent', async (store) => store.putIfAbsent(OBJECT, Buffer.from('Wilhelmina'), 'text/plain')],
    ['createUpload', async (store) => store.createUpload(OBJECT, 'text/plain')],
    ['uploadPart', async (store) => store.uploadPart(OBJECT, 'u', 1, Buffer.from('Wilhelmina'))],
    ['completeIfAbsent', async (store) => store.completeIfAbsent(OBJECT, 'u', [])],
    ['abortUpload', async (store) => store.abortUpload(OBJECT, 'u')],
    ['history', async (store) => store.history(OBJECT)],
  ];
  const answering = (handle: () => Promise<unknown>) =>
    new S3Store(
      new S3Client({
        region: 'eu-west-1',
        maxAttempts: 1,
        credentials: { accessKeyId: 'a', secretAccessKey: 's' },
        requestHandler: { handle: handle as never },
      }),
      'bucket-of-Wilhelmina',
      KEY_ARN,
    );
  const FAULTS: Array<[string, () => S3Store]> = [
    ['a refusal that quotes the key', () => storeAnswering(403, {}, refusal('AccessDenied')).store],
    ['a code that is a sentence', () => storeAnswering(400, {}, refusal(`Wilhelmina is ${OBJECT}`)).store],
    ['an answer that is no XML', () => storeAnswering(500, {}, `<Error><Wilhelmina ${OBJECT}`).store],
    ['a connection that fails', () => answering(async () => Promise.reject(new Error(`connect to ${OBJECT}`)))],
    [
      'a connection that fails with a code',
      () =>
        answering(async () => Promise.reject(Object.assign(new Error(OBJECT), { code: 'ECONNREFUSED', path: OBJECT }))),
    ],
  ];

  test.each(CALLS)('%s throws a code and nothing of the key, the bucket or the body', async (_, call) => {
    for (const [what, make] of FAULTS) {
      const error: unknown = await call(make()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect([what, (error as Error)?.name]).toEqual([what, 'StoreError']);
      const told = `${JSON.stringify(error)} ${String((error as Error).stack)} ${inspect(error, { depth: 9 })}`;
      expect(told).not.toContain('Wilhelmina');
      expect((error as StoreError).code).toMatch(/^\w{1,60}$/);
    }
  });
});
