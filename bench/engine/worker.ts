import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { measured } from '../measure';
import { walkRecord } from './walk';
import type { WayName } from './ways';
import { deidentify, type ByteSink } from '../../lambda-src/engine';
import { createTransform } from '../../lambda-src/engine/create-transform';
import { GzipWriter } from '../../lambda-src/engine/gzip/gzip-writer';
import { DetectingReader } from '../../lambda-src/engine/readers';
import { Records } from '../../lambda-src/engine/records';
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';

/** Compiled by the parent, as they are at synth. */
const TABLES: CompiledTables = JSON.parse(readFileSync(join(__dirname, 'tables.json'), 'utf8'));
const KEY = new Uint8Array(32).fill(7);
const REFERENCE_DATE = '2024-06-30';
const nowhere: ByteSink = { write: () => undefined };

/** Framing, checks, policy, digests and accounts; with `compress` given, without gzip. */
async function engine(file: string, compress?: (text: Uint8Array) => Uint8Array): Promise<number> {
  const output = new GzipWriter(nowhere, compress);
  const rejects = new GzipWriter(nowhere, compress);
  const records = new Records(output, rejects);
  const reader = new DetectingReader(records, TABLES, (format) =>
    records.begin(format, createTransform(format, TABLES, KEY, REFERENCE_DATE)),
  );
  for await (const chunk of bytesOf(file)) {
    reader.push(chunk);
    await output.drain();
  }
  reader.end();
  await output.end();
  return checked(records.counts());
}

async function job(file: string): Promise<number> {
  const source = bytesOf(file);
  const input = { source, output: nowhere, rejects: nowhere, tables: TABLES, key: KEY, referenceDate: REFERENCE_DATE };
  return checked((await deidentify(input)).counts);
}

/** A run that rejects is fast, and measures nothing. */
function checked(counts: { readonly read: number; readonly written: number }): number {
  if (counts.read !== counts.written) throw new Error(`wrote ${counts.written} of ${counts.read} records`);
  return counts.written;
}

async function perLine(source: AsyncIterable<Buffer>, change: (line: string) => string, to: Writable): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let records = 0;
  for await (const chunk of source) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let text = '';
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      text += `${change(bytes.toString('utf8', at, end))}\n`;
      records++;
      at = end + 1;
    }
    rest = Buffer.from(bytes.subarray(at));
    if (text !== '' && !to.write(Buffer.from(text))) await new Promise((done) => to.once('drain', done));
  }
  await new Promise<void>((done) => to.end(done));
  return records;
}

const parseStringify = (line: string): string => JSON.stringify(JSON.parse(line));

const WAY: Readonly<Record<Exclude<WayName, 'fhirpath' | 'fhirpath-compiled'>, (file: string) => Promise<number>>> = {
  engine: (file) => engine(file, (text) => text),
  'engine-gzip': (file) => engine(file),
  job,
  'parse-stringify': (file) => perLine(bytesOf(file), parseStringify, discard()),
  walk: (file) => perLine(bytesOf(file), walkRecord, discard()),
  'job-by-hand': (file) => {
    const gzip = createGzip({ level: 1 });
    gzip.pipe(discard());
    return perLine(bytesOf(file).pipe(createGunzip()), walkRecord, gzip);
  },
  'gunzip-gzip': async (file) => {
    await pipeline(bytesOf(file), createGunzip(), createGzip({ level: 1 }), discard());
    return 0;
  },
};

function bytesOf(file: string): ReturnType<typeof createReadStream> {
  return createReadStream(file, { highWaterMark: 64 * 1024 });
}

function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
