import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { keyId } from '../../../lambda-src/engine/keys';
import { startProcessor } from '../../../lambda-src/phi-processor/start';
import { EXPECTED_KEY_ID_ENV, PREFIX, PROCESSOR_ENV } from '../../../src/processing/private/handler-contract';
import { STAND_IN_TABLES } from '../commit/stand-in-engine';

const ENV = {
  ...Object.fromEntries(Object.values(PROCESSOR_ENV).map((name) => [name, name.toLowerCase().replaceAll('_', '-')])),
  [PROCESSOR_ENV.keySource]: 'object',
  [PROCESSOR_ENV.keyName]: 'keys/pseudonym-key-0002',
};
const KEY = Buffer.alloc(32, 5);

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'));
const tables = path.join(dir, 'tables.json');
const limited = path.join(dir, 'limited.json');
beforeAll(() => {
  fs.writeFileSync(tables, JSON.stringify(STAND_IN_TABLES));
  const policy = { ...STAND_IN_TABLES.policy, profile: 'limited-data-set' };
  fs.writeFileSync(limited, JSON.stringify({ ...STAND_IN_TABLES, policy }));
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** A bucket that keeps the key object once it is put, or one that denies everything; tells what was asked. */
function client(denied = false): { readonly s3: S3Client; readonly asked: string[] } {
  const asked: string[] = [];
  let made = false;
  const answer = (statusCode: number, body: string | Buffer, headers = {}) => ({
    response: { statusCode, headers, body: Readable.from(body.length > 0 ? [Buffer.from(body)] : []) },
  });
  const listed = '<Version><Key>keys/pseudonym-key-0002</Key><ETag>"e"</ETag></Version>';
  const s3 = new S3Client({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: {
      handle: async ({ method, path: at, query }: { method: string; path: string; query: object }) => {
        asked.push(`${method} ${at}${'versions' in query ? '?versions' : ''}`);
        if (denied) return answer(403, '<Error><Code>AccessDenied</Code><Message>user x on keys/</Message></Error>');
        if ('versions' in query) {
          return answer(200, `<ListVersionsResult>${made ? listed : ''}</ListVersionsResult>`);
        }
        if (method === 'PUT') made = true;
        return method === 'PUT' ? answer(200, '') : answer(200, KEY, { 'content-length': '32' });
      },
    },
  });
  return { s3, asked };
}

test('A10 A21 takes names and prefixes from the environment, and makes the pseudonym key that they name, once', async () => {
  const { s3, asked } = client();
  const lines: string[] = [];
  const { context, settings } = await startProcessor(ENV, tables, s3, (line) => lines.push(line));
  expect(context.data.bucket).toBe('data-bucket');
  expect(context.processed.bucket).toBe('processed-bucket');
  expect(context.prefixes).toEqual({
    deidentified: 'deidentified-prefix',
    manifests: 'manifests-prefix',
    rejected: 'rejected-prefix',
  });
  expect(settings.incomingPrefix).toBe('incoming-prefix');
  expect(context.key).toEqual(KEY);
  const read = ['GET /?versions', 'GET /keys/pseudonym-key-0002'];
  expect(asked).toEqual([read[0], 'PUT /keys/pseudonym-key-0002', ...read]);
  expect(lines).toEqual([]);
  await startProcessor(ENV, tables, s3, (line) => lines.push(line));
  expect(asked.slice(4)).toEqual(read);
});

test('A21 a key that is not the expected one is not used; the expected one is', async () => {
  const expecting = (id: string) =>
    startProcessor({ ...ENV, [EXPECTED_KEY_ID_ENV]: id }, tables, client().s3, () => undefined);
  expect((await expecting(keyId(KEY))).context.key).toEqual(KEY);
  await expect(expecting(keyId(Buffer.alloc(32, 6)))).rejects.toMatchObject({ code: 'KEY_UNEXPECTED' });
});

test('A21 a limited data set never goes where de-identified records are, nor they where it is', async () => {
  const started = (file: string, prefix: string) =>
    startProcessor({ ...ENV, [PROCESSOR_ENV.deidentifiedPrefix]: prefix }, file, client().s3, () => undefined);
  for (const [file, prefix] of [
    [limited, PREFIX.deidentified],
    [limited, 'limited-data-set-of-another/'],
    [tables, PREFIX.limitedDataSet],
    [tables, `${PREFIX.limitedDataSet}below/`],
  ]) {
    await expect(started(file, prefix)).rejects.toThrow('CONFIG_INVALID: limited-data-set/ must be the prefix of');
  }
  expect((await started(limited, PREFIX.limitedDataSet)).context.prefixes.deidentified).toBe('limited-data-set/');
});

test.each([
  ['CONFIG_INVALID', { ...ENV, [PROCESSOR_ENV.dataBucket]: undefined }, tables, false],
  ['POLICY_INVALID', ENV, path.join(dir, 'absent.json'), false],
  ['CONFIG_INVALID', { ...ENV, [PROCESSOR_ENV.keySource]: 'another' }, tables, false],
  ['AccessDenied', ENV, tables, true],
])('A12 says %s in the log and does not start', async (code, env, file, denied) => {
  const lines: string[] = [];
  const started = startProcessor(env, file, client(denied).s3, (line) => lines.push(line));
  await expect(started).rejects.toThrow(code);
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ level: 'ERROR', code })]);
});
