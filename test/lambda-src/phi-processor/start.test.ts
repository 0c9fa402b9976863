import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { startProcessor } from '../../../lambda-src/phi-processor/start';
import { PREFIX, PROCESSOR_ENV, PSEUDONYM_KEY_OBJECT } from '../../../src/processing/private/handler-contract';
import { STAND_IN_TABLES } from '../commit/stand-in-engine';

const ENV = {
  ...Object.fromEntries(Object.values(PROCESSOR_ENV).map((name) => [name, name.toLowerCase().replaceAll('_', '-')])),
  [PROCESSOR_ENV.keysPrefix]: PREFIX.keys,
};

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'));
const tables = path.join(dir, 'tables.json');
beforeAll(() => fs.writeFileSync(tables, JSON.stringify(STAND_IN_TABLES)));
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** A bucket without the key object, or one that denies everything; tells what was asked. */
function client(denied = false): { readonly s3: S3Client; readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (statusCode: number, body: string) => ({
    response: { statusCode, headers: {}, body: Readable.from(body ? [Buffer.from(body)] : []) },
  });
  const s3 = new S3Client({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: {
      handle: async ({ method, path: at, query }: { method: string; path: string; query: object }) => {
        asked.push(`${method} ${at}${'versions' in query ? '?versions' : ''}`);
        if (denied) return answer(403, '<Error><Code>AccessDenied</Code><Message>user x on keys/</Message></Error>');
        if ('versions' in query) return answer(200, '<ListVersionsResult></ListVersionsResult>');
        return method === 'GET' ? answer(404, '<Error><Code>NoSuchKey</Code></Error>') : answer(200, '');
      },
    },
  });
  return { s3, asked };
}

test('A10 A21 takes names and prefixes from the environment, and makes the pseudonym key once', async () => {
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
  expect(context.key).toHaveLength(32);
  expect(asked).toEqual([`GET /${PSEUDONYM_KEY_OBJECT}`, 'GET /?versions', `PUT /${PSEUDONYM_KEY_OBJECT}`]);
  expect(lines).toEqual([]);
});

test.each([
  ['CONFIG_INVALID', { ...ENV, [PROCESSOR_ENV.dataBucket]: undefined }, tables, false],
  ['POLICY_INVALID', ENV, path.join(dir, 'absent.json'), false],
  ['AccessDenied', ENV, tables, true],
])('A12 says %s in the log and does not start', async (code, env, file, denied) => {
  const lines: string[] = [];
  const started = startProcessor(env, file, client(denied).s3, (line) => lines.push(line));
  await expect(started).rejects.toThrow(code);
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ level: 'ERROR', code })]);
});
