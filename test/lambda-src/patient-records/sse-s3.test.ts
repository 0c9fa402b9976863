import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { S3Store, SSE_S3 } from '../../../lambda-src/phi-processor/s3-store';

interface Request {
  readonly headers: Record<string, string>;
}

/** What S3 would receive. */
async function requestOf(call: (store: S3Store) => Promise<unknown>): Promise<Request> {
  const requests: Request[] = [];
  const body = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
  const client = new S3Client({
    region: 'us-east-2',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: {
      handle: async (request: Request) => {
        requests.push(request);
        return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) } };
      },
    },
  });
  await call(new S3Store(client, 'records', SSE_S3));
  return requests[0];
}

test.each([
  ['a put', async (store: S3Store) => store.putIfAbsent('k', Buffer.from('x'), 'text/plain')],
  ['a multipart upload', async (store: S3Store) => store.createUpload('k', 'application/gzip')],
])('B2 %s asks for AES256, and names no key', async (_, call) => {
  const { headers } = await requestOf(call);
  expect(headers['x-amz-server-side-encryption']).toBe('AES256');
  expect(Object.keys(headers).filter((name) => /kms|bucket-key|customer/.test(name))).toEqual([]);
});
