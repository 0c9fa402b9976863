import { createReadStream, createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syntheticResources } from '../../test/support/synthetic-patients';

/** NDJSON of about this size with an id of its own for every record: made-up patients, or the given Bundles, repeated. */
export async function writeInput(file: string, bytes: number, bundles: string | undefined): Promise<void> {
  const lines = bundles === undefined ? syntheticLines() : repeatedLines(bundles);
  await pipeline(Readable.from(pieces(lines, bytes), { objectMode: false }), createWriteStream(file));
}

export async function gzipFile(file: string): Promise<string> {
  await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`));
  return `${file}.gz`;
}

function* syntheticLines(): Generator<string> {
  for (const resource of syntheticResources(Number.MAX_SAFE_INTEGER)) yield JSON.stringify(resource);
}

const UUID_HEAD = /[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;

function* repeatedLines(dir: string): Generator<string> {
  const resources = readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => (JSON.parse(readFileSync(join(dir, name), 'utf8')) as { entry: { resource: object }[] }).entry)
    .map(({ resource }) => JSON.stringify(resource));
  for (let round = 0; ; round++) {
    const head = round.toString(16).padStart(8, '0');
    for (const line of resources) yield line.replace(UUID_HEAD, head);
  }
}

function* pieces(lines: Iterable<string>, bytes: number): Generator<Buffer> {
  let written = 0;
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 256 * 1024) continue;
    const piece = Buffer.from(text);
    text = '';
    yield piece;
    written += piece.length;
    if (written >= bytes) return;
  }
}
