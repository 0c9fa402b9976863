import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSink } from '../lambda-src/engine';
import { createTransform } from '../lambda-src/engine/create-transform';
import { GzipWriter } from '../lambda-src/engine/gzip/gzip-writer';
import { DetectingReader } from '../lambda-src/engine/readers';
import { Records } from '../lambda-src/engine/records';
import type { CompiledTables } from '../src/deidentification/private/compiled-tables';

/** Compiled by the parent, as they are at synth; beside the bundled worker. */
export const TABLES: CompiledTables = JSON.parse(readFileSync(join(__dirname, 'tables.json'), 'utf8'));
export const KEY = new Uint8Array(32).fill(7);
export const REFERENCE_DATE = '2024-06-30';
export const nowhere: ByteSink = { write: () => undefined };

/** Detection, framing, checks, policy, digests and accounts; with `compress` given, without gzip. */
export async function throughEngine(file: string, compress?: (text: Uint8Array) => Uint8Array): Promise<number> {
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

/** A run that rejects is fast, and measures nothing. */
export function checked(counts: { readonly read: number; readonly written: number }): number {
  if (counts.read !== counts.written) throw new Error(`wrote ${counts.written} of ${counts.read} records`);
  return counts.written;
}

export function bytesOf(file: string): ReturnType<typeof createReadStream> {
  return createReadStream(file, { highWaterMark: 64 * 1024 });
}
