import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { s3Client } from '../../../lambda-src/phi-processor/s3-client';
import { S3Store } from '../../../lambda-src/phi-processor/s3-store';

const SIZE = 1000;
const SENT = 10;

/** Sends the beginning of an object, and keeps the connection open without another byte. */
const server = http.createServer((_, response) => {
  response.writeHead(200, { etag: '"e"', 'content-length': SIZE }).write(Buffer.alloc(SENT));
});

const environment = { ...process.env };
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1' };
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL_S3: endpoint });
});
afterAll(async () => {
  process.env = environment;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a connection that goes silent in the middle of a body is an error, long before the timeout of the function', async () => {
  const object = await new S3Store(s3Client(200), 'bucket', 'key-arn').get('incoming/a.ndjson');
  let read = 0;
  const silent = (async () => {
    for await (const chunk of object!.body) read += chunk.length;
  })();
  await expect(silent).rejects.toMatchObject({ name: 'StoreError', code: 'TimeoutError' });
  expect(read).toBe(SENT);
});
