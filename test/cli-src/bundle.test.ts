import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..', '..');
const TABLES = path.join('assets', 'deidentification');

// Programs are started here: on a busy machine that takes its time.
jest.setTimeout(60_000);

let dir: string;
let cli: string;
/** The command as the package ships it: one file, and the tables beside it. */
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'));
  cli = path.join(dir, 'assets', 'cli-src', 'main', 'cli.js');
  buildSync({
    entryPoints: [path.join(ROOT, 'cli-src', 'main.ts')],
    outfile: cli,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  fs.cpSync(path.join(ROOT, TABLES), path.join(dir, TABLES), { recursive: true });
});
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

test('the bundled command de-identifies a file, away from the sources and from node_modules', () => {
  const input = path.join(dir, 'one.ndjson');
  fs.writeFileSync(input, '{"resourceType":"Patient","id":"a","gender":"female"}\n');
  const ran = spawnSync(process.execPath, [cli, 'deidentify', input, path.join(dir, 'one'), '--json'], { cwd: dir });
  expect(ran.stderr.toString()).toMatch(/^note: [^\n]*\n$/);
  expect(JSON.parse(ran.stdout.toString())).toMatchObject({ status: 'COMPLETED', counts: { written: 1 } });
  expect(ran.status).toBe(0);
});

test('the exit code reaches the shell', () => {
  expect(spawnSync(process.execPath, [cli, '--version']).status).toBe(0);
  expect(spawnSync(process.execPath, [cli, 'deidentify', path.join(dir, 'none'), dir]).status).toBe(1);
  expect(spawnSync(process.execPath, [cli]).status).toBe(2);
});

test('a reader that stops before the end of the output is no failure', async () => {
  const args = [cli, 'policy', 'explain', 'safe-harbor', '--path', 'Observation.value'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(said).toBe('');
});

test('output that cannot be written is an error without a stack', () => {
  // A file that is open for reading only.
  const stdout = fs.openSync(cli, 'r');
  const ran = spawnSync(process.execPath, [cli, '--version'], { stdio: ['ignore', stdout, 'pipe'] });
  fs.closeSync(stdout);
  expect(ran.stderr.toString()).toBe('error: the output must be written, got EBADF; check where it goes\n');
  expect(ran.status).toBe(1);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('a run that is ended by %s leaves no beginning of an object behind', async (signal, status) => {
  const input = path.join(dir, `${signal}.ndjson`);
  // Random ids do not compress, so that parts are on the disk long before the end.
  const lines = Array.from({ length: 120_000 }, () => `{broken ${randomBytes(60).toString('base64')}`);
  fs.writeFileSync(input, ['{"resourceType":"Patient"}', ...lines].join('\n'));
  const out = path.join(dir, signal);
  const uploads = path.join(out, 'data', '.uploads');
  const child = spawn(process.execPath, [cli, 'deidentify', input, out], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const begun = () => (fs.existsSync(uploads) ? fs.readdirSync(uploads) : []);
  while (child.exitCode === null && begun().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun()).toHaveLength(1);
  child.kill(signal);
  expect(await ended).toBe(status);
  expect(fs.readdirSync(out, { recursive: true })).toEqual(['data']);
});
