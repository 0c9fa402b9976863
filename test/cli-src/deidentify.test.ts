import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ListeningIo } from './listening-io';
import { run } from '../../cli-src/cli';

const KEY_HEX = '0123456789abcdef'.repeat(4);
const NAME = 'Abbott509_Wilhelmina_1923.ndjson';
const PHI = /Wilhelmina|Abbott509|1923|Elm Street/;

let dir: string;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'deidentify-'))));
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

function patient(index: number): string {
  return JSON.stringify({
    resourceType: 'Patient',
    id: `Wilhelmina-${index}`,
    name: [{ family: 'Abbott509', given: ['Wilhelmina'] }],
    gender: 'female',
    birthDate: '1987-06-05',
    address: [{ line: ['1 Elm Street'], city: 'Boston', state: 'MA', postalCode: '02139', country: 'US' }],
  });
}

const RECORDS = [...Array(5).keys()].map(patient);

function input(lines: string[], gzip = false): string {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const file = path.join(dir, NAME);
  fs.writeFileSync(file, gzip ? gzipSync(text) : text);
  fs.utimesSync(file, new Date(), new Date('2024-03-05T23:59:59Z'));
  return file;
}

async function deidentify(file: string, ...more: string[]): Promise<ListeningIo & { code?: number }> {
  const io: ListeningIo & { code?: number } = new ListeningIo();
  io.code = await run(['deidentify', file, path.join(dir, 'out'), ...more], io);
  return io;
}

function written(): string[] {
  const out = path.join(dir, 'out');
  if (!fs.existsSync(out)) return [];
  const entries = fs.readdirSync(out, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(out, path.join(entry.parentPath, entry.name)))
    .sort();
}

function content(file: string): string {
  const body = fs.readFileSync(path.join(dir, 'out', file));
  return file.endsWith('.gz') ? gunzipSync(body).toString() : body.toString();
}

test('A10 writes what the function would write, under the same names', async () => {
  const io = await deidentify(input([...RECORDS, '{"broken']), '--key-hex', KEY_HEX, '--json');
  expect(io.code).toBe(0);
  const { runId, status, counts } = io.json;
  expect(status).toBe('COMPLETED_WITH_ERRORS');
  expect(counts).toMatchObject({ read: 6, written: 5, rejected: 1, byError: { REC_SYNTAX: 1 } });
  expect(written()).toEqual([
    `data/rejected/ingest_date=2024-03-05/${runId}.ndjson.gz`,
    `processed/deidentified/format=fhir-ndjson/ingest_date=2024-03-05/${runId}-part-00000.ndjson.gz`,
    `processed/manifests/ingest_date=2024-03-05/${runId}.json`,
  ]);
});

test('the manifest names the source by keyed digests, and its outputs by hash', async () => {
  const file = input(RECORDS);
  const io = await deidentify(file, '--key-hex', KEY_HEX, '--json');
  const manifest = JSON.parse(fs.readFileSync(String(io.json.manifest), 'utf8'));
  const digest = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  expect(manifest.source).toMatchObject({
    bucket: 'local',
    eTag: expect.stringMatching(/^[0-9a-f]{64}$/),
    size: fs.statSync(file).size,
    format: 'fhir-ndjson',
    encoding: 'identity',
  });
  const output = content(written().find((name) => name.includes('deidentified'))!);
  expect(manifest.output).toEqual([
    {
      type: 'Patient',
      url: expect.stringMatching(/^s3:\/\/local\/deidentified\//),
      count: 5,
      bytes: output.length,
      sha256: createHash('sha256').update(output).digest('hex'),
    },
  ]);
  // A guess at the content could be confirmed by a part of its hash as well.
  expect(JSON.stringify(manifest)).not.toContain(digest.slice(0, 16));
});

test('says nothing of a record or of a name: not on the terminal, nor on the processed side', async () => {
  const io = await deidentify(input([...RECORDS, '{"broken Wilhelmina']), '--key-hex', KEY_HEX);
  expect(io.everything).toMatch(/status +COMPLETED_WITH_ERRORS/);
  expect(io.everything).toMatch(/rejected +1 \(REC_SYNTAX 1\)/);
  expect(io.everything).not.toMatch(PHI);
  for (const file of written().filter((name) => name.startsWith('processed'))) {
    expect(file + content(file)).not.toMatch(PHI);
  }
});

test('A8 the second run with the same key is a duplicate: nothing is written, and that is no error', async () => {
  const file = input(RECORDS);
  const first = await deidentify(file, '--key-hex', KEY_HEX, '--json');
  const before = written().map(content);
  const second = await deidentify(file, '--key-hex', KEY_HEX, '--json');
  expect(second.code).toBe(0);
  expect(second.json).toMatchObject({ status: 'DUPLICATE', runId: first.json.runId, manifest: first.json.manifest });
  expect(written().map(content)).toEqual(before);
});

test('the key of the object is part of the run, and by default made of the name of the file', async () => {
  const file = input(RECORDS);
  const { runId } = (await deidentify(file, '--key-hex', KEY_HEX, '--json')).json;
  const named = await deidentify(file, '--key-hex', KEY_HEX, '--json', '--object-key', `incoming/${NAME}`);
  expect(named.json.runId).toBe(runId);
  const other = await deidentify(file, '--key-hex', KEY_HEX, '--json', '--object-key', 'incoming/other');
  expect(other.json.runId).not.toBe(runId);
});

test('without a key it takes a random one and says so; with one it does not', async () => {
  const file = input(RECORDS);
  const one = await deidentify(file, '--json');
  const other = await deidentify(file, '--json');
  expect(one.errors).toContain('the key is random');
  expect(one.json.runId).not.toBe(other.json.runId);
  expect((await deidentify(file, '--json', '--key-hex', KEY_HEX)).errors).toBe('');
});

test('a gzipped file gives the same records as a plain one', async () => {
  const plain = await deidentify(input(RECORDS), '--key-hex', KEY_HEX, '--json');
  const zipped = await deidentify(input(RECORDS, true), '--key-hex', KEY_HEX, '--json');
  const sha256Of = (io: ListeningIo) => JSON.parse(fs.readFileSync(String(io.json.manifest), 'utf8')).output[0].sha256;
  expect(sha256Of(zipped)).toBe(sha256Of(plain));
});

test.each([
  ['SRC_UNKNOWN_FORMAT', Buffer.from('Wilhelmina, Abbott509\n')],
  ['SRC_CORRUPT_GZIP', Buffer.concat([gzipSync(RECORDS.join('\n')).subarray(0, 20), Buffer.alloc(99, 0xff)])],
])('a file that fails with %s gets a manifest and exit code 0, and leaves no data', async (code, body) => {
  const file = path.join(dir, NAME);
  fs.writeFileSync(file, body);
  const io = await deidentify(file, '--key-hex', KEY_HEX);
  expect(io.code).toBe(0);
  expect(io.everything).toMatch(new RegExp(`status +FAILED\ncode +${code}`));
  expect(io.everything).not.toMatch(PHI);
  expect(written()).toEqual([expect.stringMatching(/^processed\/manifests\//)]);
});

test('nothing begun is left behind, and rejected records are for the owner only', async () => {
  await deidentify(input([...RECORDS, 'broken']), '--key-hex', KEY_HEX);
  const rejects = written().find((name) => name.startsWith('data/'))!;
  expect(fs.statSync(path.join(dir, 'out', rejects)).mode.toString(8)).toMatch(/600$/);
  expect(fs.readdirSync(path.join(dir, 'out', 'data'))).toEqual(['rejected']);
  expect(fs.readdirSync(path.join(dir, 'out', 'processed')).sort()).toEqual(['deidentified', 'manifests']);
});

test('what a killed run had begun is removed by the next one', async () => {
  const uploads = path.join(dir, 'out', 'data', '.uploads');
  fs.mkdirSync(uploads, { recursive: true });
  // No process has this id: Linux counts to 4194304 at most, macOS to 99998.
  fs.writeFileSync(path.join(uploads, '99999999-1-1'), 'Wilhelmina');
  await deidentify(input(RECORDS), '--key-hex', KEY_HEX);
  expect(fs.existsSync(uploads)).toBe(false);
});

describe('refuses, without repeating the name of the file,', () => {
  test.each([
    [
      'a file that is not there',
      () => path.join(dir, 'Wilhelmina.ndjson'),
      /^error: IN must be a file .* got ENOENT; /,
    ],
    ['a folder', () => dir, /^error: IN must be a file, got something else; /],
  ])('%s', async (_, file, said) => {
    const io = await deidentify(file(), '--key-hex', KEY_HEX);
    expect(io.code).toBe(1);
    expect(io.errors).toMatch(said);
    expect(io.errors).not.toMatch(PHI);
    expect(written()).toEqual([]);
  });

  test('a folder that cannot be written', async () => {
    const file = input(RECORDS);
    fs.writeFileSync(path.join(dir, 'out'), '');
    const io = await deidentify(file, '--key-hex', KEY_HEX);
    expect(io.code).toBe(1);
    expect(io.errors).toMatch(/^error: OUT_DIR must be a folder that can be written, got \w+; /);
    expect(io.errors).not.toMatch(PHI);
  });

  test.each([['abc'], [KEY_HEX + '00'], ['x'.repeat(64)]])('the key %s, without repeating it either', async (key) => {
    const io = await deidentify(input(RECORDS), '--key-hex', key);
    expect(io.code).toBe(2);
    expect(io.errors).toMatch(/^error: --key-hex must be 64 hex digits/);
    expect(io.errors).not.toContain(key);
  });
});

describe('--policy', () => {
  test('a limited data set keeps dates and goes to a place of its own', async () => {
    await deidentify(input(RECORDS), '--policy', 'limited-data-set', '--key-hex', KEY_HEX);
    const results = written().filter((file) => file.endsWith('.ndjson.gz'));
    expect(results).toEqual([expect.stringMatching(/^processed\/limited-data-set\/format=fhir-ndjson\//)]);
    expect(content(results[0])).toContain('"birthDate":"1987-06-05"');
    expect(content(results[0])).not.toMatch(PHI);
  });

  test('validate-only counts and writes a manifest, and nothing else', async () => {
    const io = await deidentify(input([...RECORDS, '{"broken']), '--policy', 'validate-only', '--json');
    expect(written()).toEqual([expect.stringMatching(/^processed\/manifests\//)]);
    const { counts } = JSON.parse(io.lines.join('')) as { counts: unknown };
    expect(counts).toMatchObject({ read: 6, written: 0, dropped: 5, rejected: 1, byError: { REC_SYNTAX: 1 } });
  });

  test('a file of rules decides before the profile does', async () => {
    const file = path.join(dir, 'policy.json');
    const rules = [{ path: 'Patient.gender', method: 'redact' }];
    fs.writeFileSync(file, JSON.stringify({ version: 1, fhir: { fhirPathRules: rules } }));
    await deidentify(input(RECORDS), '--policy', file, '--key-hex', KEY_HEX);
    const [result] = written().filter((name) => name.endsWith('.ndjson.gz'));
    expect(content(result)).not.toContain('female');
  });

  test('a wrong file ends the command with what is wrong, before anything is read', async () => {
    const file = path.join(dir, 'policy.json');
    fs.writeFileSync(file, JSON.stringify({ version: 1, profile: 'safe-habor' }));
    const io = await deidentify(input(RECORDS), '--policy', file);
    expect(io.code).toBe(1);
    expect(io.errors).toContain('did you mean safe-harbor?');
    expect(written()).toEqual([]);
  });
});
