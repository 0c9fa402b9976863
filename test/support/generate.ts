import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { syntheticFile } from './synthetic-patients';

const USAGE =
  'usage: npx tsx test/support/generate.ts --patients N --out FILE [--gzip] [--format ndjson|bundle] [--broken N] [--seed N]';

/** Pieces of text are small; a file wants larger writes. */
const WRITE_SIZE = 256 * 1024;

function* inLargePieces(pieces: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < WRITE_SIZE) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function wholeNumber(name: string, text: string | undefined, least: number): number {
  const value = Number(text);
  if (text === undefined || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name} must be a whole number from ${least} on, got ${text ?? 'none'}\n${USAGE}`);
  }
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      patients: { type: 'string' },
      out: { type: 'string' },
      gzip: { type: 'boolean', default: false },
      format: { type: 'string', default: 'ndjson' },
      broken: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { out, format } = values;
  if (out === undefined) throw new Error(`--out is missing\n${USAGE}`);
  if (format !== 'ndjson' && format !== 'bundle') throw new Error(`--format must be ndjson or bundle, got ${format}`);
  const file = syntheticFile({
    patients: wholeNumber('patients', values.patients, 1),
    broken: wholeNumber('broken', values.broken, 0),
    seed: wholeNumber('seed', values.seed, 0),
    format,
  });
  const text = Readable.from(inLargePieces(file), { objectMode: false });
  if (values.gzip) await pipeline(text, createGzip(), createWriteStream(out));
  else await pipeline(text, createWriteStream(out));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
