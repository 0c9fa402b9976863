import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DEFAULT_PREFIXES, processObject, type Manifest, type Outcome } from '../../lambda-src/commit';
import { ENGINE, RUNTIME } from '../../lambda-src/phi-processor/default-engine';
import { PREFIX } from '../../src/processing/private/handler-contract';
import { CliError, UsageError, type Args, type Command } from '../command';
import { FolderStore, type MountedFile } from '../folder-store';
import { Progress, table, type Io } from '../io';
import { POLICY_HELP, policyOf } from '../policy-option';

const BUCKET = 'local';
const READ_BYTES = 256 * 1024;
/** SIGHUP is the terminal that is closed. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const deidentify: Command = {
  name: 'deidentify',
  summary: 'de-identify a file on this machine, as the processor would',
  help: [
    'usage: cdk-hipaa-pipeline deidentify IN OUT_DIR [--policy POLICY] [--object-key KEY] [--key-hex 64HEX] [--json]',
    '',
    'Runs the code of the processor on the file IN: FHIR R4 as NDJSON or Bundle, HL7 v2 as ER7, or a delimited table with',
    'a header; plain or gzip. The format is told by content. Writes what the function would write: OUT_DIR/processed/ has',
    'the de-identified records and the manifest, OUT_DIR/data/ the rejected records, which are PHI. Prints nothing of the',
    'records.',
    '',
    ...POLICY_HELP,
    '  --object-key KEY  key that the file is to have in the bucket (default: incoming/ and the name of the file)',
    '  --key-hex 64HEX   pseudonym key, 32 bytes in hex (default: a random one, so that no other run has the same',
    '                    pseudonyms)',
    '  --json            print the outcome as JSON',
    '',
    'Exits with 0 whenever there is a manifest, also where its status is FAILED.',
  ].join('\n'),
  options: {
    policy: { type: 'string' },
    'object-key': { type: 'string' },
    'key-hex': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: ['IN', 'OUT_DIR'],
  run,
};

interface Telling {
  readonly json: boolean;
  /** How long it took. */
  readonly seconds: number;
}

async function run(args: Args, io: Io): Promise<number> {
  const [input, outDir] = args.positionals;
  const objectKey = args.text('object-key') ?? PREFIX.incoming + path.basename(input);
  if (objectKey === '') throw new UsageError('--object-key must not be empty; omit it for the name of the file');
  const keyHex = args.text('key-hex');
  if (keyHex !== undefined && !/^[0-9a-fA-F]{64}$/.test(keyHex)) {
    throw new UsageError(`--key-hex must be 64 hex digits, got ${keyHex.length} characters; try: openssl rand -hex 32`);
  }
  const policy = policyOf(args.text('policy'), io);
  const progress = new Progress(io);
  const startedAt = performance.now();
  const file = await openInput(input);
  if (keyHex === undefined) {
    io.err('note: no --key-hex given, so the key is random: pseudonyms of this run match those of no other run\n');
  }
  try {
    const source = await mount(file, objectKey, progress);
    const outcome = await withStores(outDir, source, async (data, processed) =>
      processObject(
        { key: objectKey },
        {
          data,
          processed,
          prefixes: { ...DEFAULT_PREFIXES, deidentified: policy._outputPrefix },
          engine: ENGINE,
          tables: policy._compile(),
          key: keyHex === undefined ? randomBytes(32) : Buffer.from(keyHex, 'hex'),
          runtime: RUNTIME,
          now: () => new Date(),
        },
      ),
    );
    progress.clear();
    tell(outcome, outDir, { json: args.flag('json'), seconds: (performance.now() - startedAt) / 1000 }, io);
    return 0;
  } finally {
    progress.clear();
    await file.close();
  }
}

/** The name of a file may be a patient's: errors do not repeat it. */
async function openInput(input: string): Promise<fs.promises.FileHandle> {
  try {
    const file = await fs.promises.open(input, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new CliError(`IN must be a file that can be read, got ${got}; check the path`);
  }
  throw new CliError('IN must be a file, got something else; give one file at a time');
}

/** The file as the object it would be; a hash of its content stands in for the version that S3 would give it. */
async function mount(file: fs.promises.FileHandle, key: string, progress: Progress): Promise<MountedFile> {
  const { size, mtime } = await file.stat();
  const hash = createHash('sha256');
  for await (const chunk of read(file, size, progress, 'fingerprint')) hash.update(chunk);
  return {
    key,
    head: { eTag: hash.digest('hex').slice(0, 32), eTagTellsContent: true, size, lastModified: mtime },
    open: () => read(file, size, progress, 'de-identify'),
  };
}

async function* read(
  file: fs.promises.FileHandle,
  size: number,
  progress: Progress,
  what: string,
): AsyncGenerator<Uint8Array> {
  const startedAt = performance.now();
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const share = Math.min(100, Math.floor((at / size) * 100));
    const rate = at / 1000 / (performance.now() - startedAt);
    progress.show(`${what}: ${share}% of ${(size / 1e6).toFixed(1)} MB, ${rate.toFixed(0)} MB/s`);
    yield buffer.subarray(0, bytesRead);
  }
}

/** Makes the two buckets, and sees to it that an interrupted run leaves no beginnings of objects: they are PHI. */
async function withStores<T>(
  outDir: string,
  source: MountedFile,
  work: (data: FolderStore, processed: FolderStore) => Promise<T>,
): Promise<T> {
  const stores: FolderStore[] = [];
  const discard = () => stores.forEach((store) => store.discardBegun());
  const interrupted = (signal: NodeJS.Signals) => {
    discard();
    process.exit(128 + os.constants.signals[signal]);
  };
  for (const signal of INTERRUPTIONS) process.once(signal, interrupted);
  try {
    const data = new FolderStore(BUCKET, path.join(outDir, 'data'), source);
    const processed = new FolderStore(BUCKET, path.join(outDir, 'processed'));
    stores.push(data, processed);
    return await work(data, processed);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CliError(`OUT_DIR must be a folder that can be written, got ${code}; check the path and its permissions`);
  } finally {
    discard();
    for (const signal of INTERRUPTIONS) process.removeListener(signal, interrupted);
  }
}

function tell(outcome: Outcome, outDir: string, { json, seconds }: Telling, io: Io): void {
  if (outcome.status === 'SOURCE_GONE') throw new CliError('IN must stay in place until the end, got nothing there');
  const { status, runId, manifest } = outcome;
  const manifestPath = path.join(outDir, 'processed', ...outcome.manifestKey.split('/'));
  if (json) {
    const { counts, code, deid } = manifest;
    const rest = { ...(code && { code }), format: manifest.source.format, counts, deid, seconds };
    io.out(JSON.stringify({ status, runId, manifest: manifestPath, ...rest }));
    return;
  }
  table([
    ['status', status === 'DUPLICATE' ? `DUPLICATE (was ${manifest.status} before; nothing written)` : status],
    ...(manifest.code ? [['code', manifest.code] as const] : []),
    ['run', runId],
    ['format', `${manifest.source.format} (${manifest.source.encoding})`],
    ...countRows(manifest),
    ['rate', `${(manifest.source.size / 1e6 / seconds).toFixed(1)} MB/s, ${seconds.toFixed(1)} s`],
    ['manifest', manifestPath],
  ]).forEach((line) => io.out(line));
}

function countRows({ counts, deid }: Manifest): Array<readonly [string, string | number]> {
  const errors = Object.entries(counts.byError).map(([code, count]) => `${code} ${count}`);
  return [
    ['read', counts.read],
    ['written', counts.written],
    ['dropped', counts.dropped],
    ['rejected', errors.length > 0 ? `${counts.rejected} (${errors.join(', ')})` : counts.rejected],
    ['redacted', deid.redacted],
    ['hashed', deid.hashed],
    ['generalized', deid.generalized],
    ['shifted', deid.shifted],
  ];
}
