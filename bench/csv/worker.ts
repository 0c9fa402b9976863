import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { HandWrittenWalk } from './by-hand';
import type { WayName } from './ways';
import type { ByteSink } from '../../lambda-src/engine';
import { createTransform } from '../../lambda-src/engine/create-transform';
import { GzipWriter } from '../../lambda-src/engine/gzip/gzip-writer';
import { DetectingReader } from '../../lambda-src/engine/readers';
import { Records } from '../../lambda-src/engine/records';
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';
import { measured } from '../measure';

/** Compiled by the parent, as they are at synth. */
const TABLES: CompiledTables = JSON.parse(readFileSync(join(__dirname, 'tables.json'), 'utf8'));
const KEY = new Uint8Array(32).fill(7);
const nowhere: ByteSink = { write: () => undefined };

/** Framing, checks, policy, digests and accounts; with `compress` given, without gzip. */
async function engine(file: string, compress?: (text: Uint8Array) => Uint8Array): Promise<number> {
  const output = new GzipWriter(nowhere, compress);
  const records = new Records(output, new GzipWriter(nowhere, compress));
  const reader = new DetectingReader(records, TABLES, (format) =>
    records.begin(format, createTransform(format, TABLES, KEY, '2024-06-30')),
  );
  for await (const chunk of bytesOf(file)) {
    reader.push(chunk);
    await output.drain();
  }
  reader.end();
  await output.end();
  const { read, written } = records.counts();
  // A run that rejects is fast, and measures nothing.
  if (read !== written) throw new Error(`wrote ${written} of ${read} records`);
  return written;
}

async function byStream(file: string): Promise<number> {
  const walk = new HandWrittenWalk();
  let rows = 0;
  let text = '';
  for await (const cells of bytesOf(file).pipe(parse())) {
    text += `${walk.row(cells as string[])}\n`;
    rows++;
    if (text.length < 64 * 1024) continue;
    discard(Buffer.from(text));
    text = '';
  }
  return rows - 1;
}

/** A chunk's whole rows at a time: what is left of it goes before the next. */
async function bySync(file: string): Promise<number> {
  const walk = new HandWrittenWalk();
  let rest: Buffer = Buffer.alloc(0);
  let rows = 0;
  for await (const chunk of bytesOf(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    // The input has no line end in a cell.
    const end = bytes.lastIndexOf(0x0a) + 1;
    let text = '';
    for (const cells of parseSync(bytes.subarray(0, end))) {
      text += `${walk.row(cells)}\n`;
      rows++;
    }
    discard(Buffer.from(text));
    rest = Buffer.from(bytes.subarray(end));
  }
  return rows - 1;
}

const WAY: Readonly<Record<WayName, (file: string) => Promise<number>>> = {
  engine: (file) => engine(file, (text) => text),
  'engine-gzip': (file) => engine(file),
  'csv-parse-stream': byStream,
  'csv-parse-sync': bySync,
};

function bytesOf(file: string): ReturnType<typeof createReadStream> {
  return createReadStream(file, { highWaterMark: 64 * 1024 });
}

let discarded = 0;
function discard(bytes: Buffer): void {
  discarded += bytes.length;
}

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
