import { MemoryStore } from './memory-store';
import { STAND_IN_TABLES, standInEngine } from './stand-in-engine';
import { processObject, type Deadline, type Outcome, type ProcessContext } from '../../../lambda-src/commit';
import { DEFAULT_PREFIXES } from '../../../lambda-src/commit/run-identity';

/** A name in the key, as Synthea's files have it: it must turn up nowhere on the processed side. */
export const SOURCE_KEY = 'incoming/Abbott509_Wilhelmina_1923.ndjson';

/** Small, so that a few records are a multipart upload. */
const PART_BYTES = 100;

export interface Bench {
  readonly data: MemoryStore;
  readonly processed: MemoryStore;
  readonly context: ProcessContext;
  run(key?: string, versionId?: string, deadline?: Deadline): Promise<Outcome>;
}

/** Two buckets, a source and everything that a run of the protocol needs. */
export function bench(lines: string[], overrides: Partial<ProcessContext> = {}, versioned = true): Bench {
  const data = new MemoryStore('data', versioned);
  const processed = new MemoryStore('processed', versioned);
  data.seed(SOURCE_KEY, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  let ticks = 0;
  const context: ProcessContext = {
    data,
    processed,
    prefixes: DEFAULT_PREFIXES,
    engine: standInEngine(),
    tables: STAND_IN_TABLES,
    key: Buffer.alloc(32, 7),
    runtime: 'test',
    // No two runs tell the same time, as two rivals would not.
    now: () => new Date(Date.parse('2024-05-01T00:00:00Z') + ++ticks),
    partBytes: PART_BYTES,
    ...overrides,
  };
  return {
    data,
    processed,
    context,
    run: (key = SOURCE_KEY, versionId, deadline) => processObject({ key, versionId }, context, deadline),
  };
}

export const GOOD = ['ok Wilhelmina', 'ok Abbott509', 'drop', 'ok 1923'];
export const MIXED = [...GOOD, 'bad Wilhelmina', 'bad Abbott509'];
