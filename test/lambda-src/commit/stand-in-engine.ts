import { createHash, createHmac } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Engine } from '../../../lambda-src/commit';
import { DeadlineError, type EngineResult, type StreamDigest } from '../../../lambda-src/engine/contract';
import { TABLES_VERSION, type CompiledTables } from '../../../src/deidentification/private/compiled-tables';

/**
 * A stand-in for the engine, with its contract and none of its work: a line is a record; `ok...` is written as its
 * length, `bad...` is rejected, `drop...` dropped; a line `!CODE` fails the object.
 */
export function standInEngine(overrides: Partial<Engine> = {}): Engine {
  return {
    version: '1',
    deriveSubKey: (key, purpose) => createHmac('sha256', key).update(purpose).digest(),
    keyId: (key) => createHmac('sha256', key).update('id').digest('hex').slice(0, 16),
    deidentify: async ({ source, output, rejects, pastDeadline, onFormat }): Promise<EngineResult> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) {
        if (pastDeadline?.()) throw new DeadlineError();
        chunks.push(chunk);
      }
      const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
      const written: string[] = [];
      const rejected: string[] = [];
      let dropped = 0;
      let failure: EngineResult['failure'];
      onFormat?.('fhir-ndjson');
      for (const line of lines) {
        if (line.startsWith('!')) failure = line.slice(1) as EngineResult['failure'];
        else if (line.startsWith('drop')) dropped++;
        else if (line.startsWith('bad')) rejected.push(`{"code":"REC_SYNTAX","raw":${JSON.stringify(line)}}\n`);
        else written.push(`{"resourceType":"Patient","n":${line.length}}\n`);
      }
      const read = written.length + rejected.length + dropped;
      return {
        ...(failure && { failure }),
        format: 'fhir-ndjson',
        encoding: 'identity',
        counts: {
          read,
          written: written.length,
          dropped,
          rejected: rejected.length,
          byType: written.length ? { Patient: written.length } : {},
          byError: rejected.length ? { REC_SYNTAX: rejected.length } : {},
        },
        deid: { redacted: written.length, hashed: 0, generalized: 0, shifted: 0 },
        output: await send(written, output),
        rejects: await send(rejected, rejects),
        bytesRead: Buffer.concat(chunks).length,
      };
    },
    ...overrides,
  };
}

async function send(lines: string[], sink: { write(chunk: Uint8Array): void | Promise<void> }): Promise<StreamDigest> {
  const text = Buffer.from(lines.join(''));
  const zipped = gzipSync(text, { level: 0 });
  const reused = Buffer.alloc(64);
  for (let at = 0; at < zipped.length; at += reused.length) {
    // One buffer for all chunks: a sink that keeps a reference instead of a copy is found out.
    const length = zipped.copy(reused, 0, at, Math.min(at + reused.length, zipped.length));
    await sink.write(reused.subarray(0, length));
  }
  return {
    count: lines.length,
    bytes: text.length,
    compressedBytes: zipped.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

export function unzipped(body: Buffer): string {
  return gunzipSync(body).toString('utf8');
}

/** As much of compiled tables as the protocol looks at. */
export const STAND_IN_TABLES = {
  version: TABLES_VERSION,
  policy: { profile: 'safe-harbor', sha256: 'a'.repeat(64) },
} as unknown as CompiledTables;
