import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hl7Message } from '@medplum/core';
import type { Hl7WayName } from './ways';
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
const REFERENCE_DATE = '2024-06-30';
const nowhere: ByteSink = { write: () => undefined };

/** Detection, framing, policy, digests and accounts. */
async function engine(file: string): Promise<number> {
  const output = new GzipWriter(nowhere, (text) => text);
  const rejects = new GzipWriter(nowhere, (text) => text);
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
  const { read, written } = records.counts();
  // A run that rejects is fast, and measures nothing.
  if (read !== written) throw new Error(`wrote ${written} of ${read} messages`);
  return written;
}

/** Parse and write again, with no policy at all: less than anybody would need. */
async function medplum(file: string): Promise<number> {
  let rest = '';
  let messages = 0;
  let written = 0;
  for await (const chunk of bytesOf(file)) {
    const parts = (rest + chunk.toString('utf8')).split('\rMSH');
    rest = parts.pop()!;
    for (const part of parts) {
      written += Buffer.byteLength(Hl7Message.parse(part.startsWith('MSH') ? part : `MSH${part}`).toString());
      messages++;
    }
    rest = rest.startsWith('MSH') ? rest : `MSH${rest}`;
  }
  written += Buffer.byteLength(Hl7Message.parse(rest).toString());
  if (written === 0) throw new Error('nothing was written');
  return messages + 1;
}

const WAY: Readonly<Record<Hl7WayName, (file: string) => Promise<number>>> = { engine, medplum };

function bytesOf(file: string): ReturnType<typeof createReadStream> {
  return createReadStream(file, { highWaterMark: 64 * 1024 });
}

measured(() => WAY[process.argv[2] as keyof typeof WAY](process.argv[3]));
