import { createHash, createHmac } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { loadPipelineKey } from '../../../lambda-src/phi-processor/pipeline-key';
import type { Settings } from '../../../lambda-src/phi-processor/settings';
import { KEY_SOURCE } from '../../../src/processing/private/handler-contract';
import { MemoryStore } from '../commit/memory-store';

const KEY = Buffer.alloc(32, 3);
const HMAC_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/hmac';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:pseudonyms-AbCdEf';
const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };
/** What an error may not repeat. */
const CANARY = 'Wilhelmina';

interface Received {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
type Answer = readonly [status: number, body: unknown];
/** Not statuses: the connection is closed before an answer, or in the middle of one. */
const NO_ANSWER = 0;
const HALF = -1;

/** Stands in for KMS and Secrets Manager: answers in turn, the last answer for ever. */
class StandInService {
  public readonly received: Received[] = [];
  public answers: Answer[] = [];
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      this.received.push({ url, headers, body: Buffer.concat(chunks).toString() });
      const [status, body] = this.answers.length > 1 ? this.answers.shift()! : this.answers[0];
      if (status === NO_ANSWER) return request.socket.destroy();
      if (status === HALF) {
        response.writeHead(200, { 'content-length': '99' });
        return response.write(body, () => request.socket.destroy());
      }
      response.writeHead(status, { 'x-amzn-requestid': 'request-1' });
      return response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const service = new StandInService();
const client = new S3Client({ region: 'eu-west-1', credentials: CREDENTIALS });
beforeAll(async () => {
  process.env.AWS_ENDPOINT_URL = await service.start();
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  client.destroy();
  await service.stop();
});
beforeEach(() => {
  service.received.length = 0;
});

const load = async (keySource: string, keyName: string, ...answers: Answer[]) => {
  service.answers = answers;
  return loadPipelineKey({ keySource, keyName } as Settings, new MemoryStore('data'), client);
};
const fromKms = async (...answers: Answer[]) => load(KEY_SOURCE.kmsHmac, HMAC_ARN, ...answers);
const fromSecret = async (...answers: Answer[]) => load(KEY_SOURCE.secret, SECRET_ARN, ...answers);

test('A21 the key of a KMS HMAC key is its MAC of one fixed message', async () => {
  const key = await fromKms([200, { KeyId: HMAC_ARN, Mac: KEY.toString('base64'), MacAlgorithm: 'HMAC_SHA_256' }]);
  expect(key).toEqual(KEY);
  const [{ url, headers, body }] = service.received;
  expect(url).toBe('/');
  expect(headers).toMatchObject({
    'x-amz-target': 'TrentService.GenerateMac',
    'content-type': 'application/x-amz-json-1.1',
  });
  const message = Buffer.from('cdk-hipaa-pipeline/v1/pseudonym-key').toString('base64');
  expect(JSON.parse(body)).toEqual({ KeyId: HMAC_ARN, Message: message, MacAlgorithm: 'HMAC_SHA_256' });
});

test('A21 the key of a secret is 32 bytes, as 64 hex digits; blanks around them are forgiven', async () => {
  expect(await fromSecret([200, { SecretString: KEY.toString('hex') }])).toEqual(KEY);
  expect(await fromSecret([200, { SecretString: ` ${KEY.toString('hex').toUpperCase()}\n` }])).toEqual(KEY);
  const [{ headers, body }] = service.received;
  expect(headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
  expect(JSON.parse(body)).toEqual({ SecretId: SECRET_ARN });
});

test('A21 an object is the key where the settings say so', async () => {
  const store = new MemoryStore('data');
  store.seed('keys/pseudonym-key', KEY);
  const settings = { keySource: KEY_SOURCE.object, keyName: 'keys/pseudonym-key' } as Settings;
  expect(await loadPipelineKey(settings, store, client)).toEqual(KEY);
  expect(service.received).toEqual([]);
});

test.each([
  ['kms', fromKms, { Mac: KEY.toString('base64') }],
  ['secretsmanager', fromSecret, { SecretString: KEY.toString('hex') }],
])(
  'A21 a request to %s is signed for it, session token included, as AWS computes a signature',
  async (name, from, ok) => {
    await from([200, ok]);
    const [{ headers, body }] = service.received;
    const match =
      /^AWS4-HMAC-SHA256 Credential=AKID\/(\d{8})\/eu-west-1\/(\w+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
    const [, day, signedFor, signedHeaders, signature] = match.exec(headers.authorization!)!;
    expect(signedFor).toBe(name);
    expect(signedHeaders.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-security-token', 'x-amz-target']));

    // Version 4 of AWS's signature, by its specification.
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const canonicalHeaders = signedHeaders.split(';').map((header) => `${header}:${String(headers[header])}\n`);
    const canonical = ['POST', '/', '', canonicalHeaders.join(''), signedHeaders, sha256(body)].join('\n');
    const scope = `${day}/eu-west-1/${name}/aws4_request`;
    const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
    const signingKey = [day, 'eu-west-1', name, 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${CREDENTIALS.secretAccessKey}`,
    );
    expect(signature).toBe(hmac(signingKey, toSign).toString('hex'));
  },
);

test.each<[string, Answer]>([
  ['of another length', [200, { Mac: Buffer.alloc(48).toString('base64') }]],
  ['that is missing', [200, {}]],
  ['that is no JSON', [200, CANARY]],
  ['that is null', [200, 'null']],
])('A21 a MAC %s is refused', async (_, answer) => {
  await expect(fromKms(answer)).rejects.toMatchObject({ code: 'KEY_INVALID' });
});

test.each([
  ['of 63 digits', { SecretString: 'a'.repeat(63) }],
  ['of 65 digits', { SecretString: 'a'.repeat(65) }],
  ['of 64 digits after 0x', { SecretString: `0x${'a'.repeat(64)}` }],
  ['of 64 letters', { SecretString: 'g'.repeat(64) }],
  ['of raw bytes', { SecretBinary: KEY.toString('base64') }],
  ['of JSON', { SecretString: JSON.stringify({ key: CANARY }) }],
])('A21 a secret %s is refused and not quoted', async (_, answer) => {
  const error: unknown = await fromSecret([200, answer]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'KEY_INVALID' });
  expect(String(error)).not.toContain(CANARY);
});

describe('a refusal', () => {
  test.each([
    ['com.amazonaws.kms#DisabledException', 'DisabledException'],
    ['AccessDeniedException', 'AccessDeniedException'],
    [`${CANARY} is not authorized`, 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('%p is an error by its code alone, and not tried again', async (said, code) => {
    const error: unknown = await fromKms([400, { __type: said, message: `${CANARY} may not use ${HMAC_ARN}` }]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'StoreError', code, message: code, requestId: 'request-1' });
    expect(service.received).toHaveLength(1);
    expect(error).not.toHaveProperty('cause');
  });

  test.each<[string, Answer]>([
    ['an answer 503', [503, '<html>busy</html>']],
    ['throttling', [400, { __type: 'ThrottlingException' }]],
    ['a connection that breaks', [NO_ANSWER, '']],
    ['an answer that breaks off', [HALF, '{"Mac":']],
  ])('by %s is tried again', async (_, answer) => {
    expect(await fromKms(answer, answer, [200, { Mac: KEY.toString('base64') }])).toEqual(KEY);
    expect(service.received).toHaveLength(3);
    await expect(fromKms(answer)).rejects.toMatchObject({ name: 'StoreError' });
    expect(service.received).toHaveLength(6);
  });
});

test.each([
  ['eu-west-1', 'https://kms.eu-west-1.amazonaws.com/'],
  ['us-gov-west-1', 'https://kms.us-gov-west-1.amazonaws.com/'],
  ['cn-north-1', 'https://kms.cn-north-1.amazonaws.com.cn/'],
])('A25 in %s the service is %s', async (region, url) => {
  const { AWS_ENDPOINT_URL } = process.env;
  delete process.env.AWS_ENDPOINT_URL;
  const asked: string[] = [];
  const requestHandler = {
    handle: async (request: { protocol: string; hostname: string; path: string }) => {
      asked.push(`${request.protocol}//${request.hostname}${request.path}`);
      throw new Error(CANARY);
    },
  };
  const elsewhere = new S3Client({ region, credentials: CREDENTIALS, requestHandler });
  const settings = { keySource: KEY_SOURCE.kmsHmac, keyName: HMAC_ARN } as Settings;
  const loading = loadPipelineKey(settings, new MemoryStore('data'), elsewhere);
  await expect(loading).rejects.toMatchObject({ code: 'Error', message: 'Error' });
  process.env.AWS_ENDPOINT_URL = AWS_ENDPOINT_URL;
  expect(new Set(asked)).toEqual(new Set([url]));
});
