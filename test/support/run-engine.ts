import { gunzipSync } from 'node:zlib';
import { PassThrough } from './pass-through';
import { deidentify, type EngineResult, type TransformFactory } from '../../lambda-src/engine';
import {
  TABLES_VERSION,
  type CompiledLimits,
  type CompiledTables,
} from '../../src/deidentification/private/compiled-tables';

export interface RunOptions {
  readonly limits?: Partial<CompiledLimits>;
  readonly createTransform?: TransformFactory;
  readonly tables?: CompiledTables;
  readonly pastDeadline?: () => boolean;
}

export interface Run extends EngineResult {
  /** Lines of the output and of the rejects. */
  readonly lines: string[];
  readonly rejectLines: RejectLine[];
  readonly text: string;
}

export interface RejectLine {
  readonly code: string;
  readonly format: string;
  readonly index: number;
  readonly byteOffset: number;
  readonly length: number;
  readonly path?: string;
  readonly sha256: string;
  readonly raw?: string;
  readonly rawBase64?: string;
}

export const TEST_LIMITS: CompiledLimits = {
  maxRecordBytes: 16 * 1024 * 1024,
  maxDepth: 128,
  maxRejectRatio: 0.05,
  maxExpansion: 200,
};

/** Runs the engine on bytes in memory; with a transform that changes nothing unless another is given. */
export async function runEngine(source: Chunks, options: RunOptions = {}): Promise<Run> {
  const output: Uint8Array[] = [];
  const rejects: Uint8Array[] = [];
  const tables = options.tables ?? {
    version: TABLES_VERSION,
    policy: { profile: 'safe-harbor', sha256: '0'.repeat(64) },
    limits: { ...TEST_LIMITS, ...options.limits },
    // A policy that knows no column: no text is a table.
    csv: { columns: {} },
  };
  const result = await deidentify(
    {
      source: chunksOf(source),
      output: { write: (chunk) => void output.push(chunk) },
      rejects: { write: (chunk) => void rejects.push(chunk) },
      tables: tables as CompiledTables,
      key: new Uint8Array(32).fill(7),
      referenceDate: '2024-06-30',
      pastDeadline: options.pastDeadline,
    },
    options.createTransform ?? (options.tables ? undefined : () => new PassThrough()),
  );
  // As its caller would: of a failed source nothing is kept.
  const text = result.failure ? '' : unzip(output);
  const rejectText = result.failure ? '' : unzip(rejects);
  return {
    ...result,
    text,
    lines: text.split('\n').slice(0, -1),
    rejectLines: rejectText
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RejectLine),
  };
}

export type Chunks = string | Uint8Array | readonly (string | Uint8Array)[];

async function* chunksOf(source: Chunks): AsyncGenerator<Uint8Array> {
  const chunks = typeof source === 'string' || source instanceof Uint8Array ? [source] : source;
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** `bytes` cut at these places, in any order. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

function unzip(members: Uint8Array[]): string {
  return members.length === 0 ? '' : gunzipSync(Buffer.concat(members)).toString('utf8');
}
