import { gunzipSync } from 'node:zlib';
import { chunks, mutate } from './mutate';
import { CANARY, LEAK, SEEDS, type TargetName } from './seeds';
import { processObject, type Manifest } from '../lambda-src/commit';
import { DEFAULT_PREFIXES } from '../lambda-src/commit/run-identity';
import { ENGINE, RUNTIME } from '../lambda-src/phi-processor/default-engine';
import { Report } from '../lambda-src/phi-processor/report';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { MemoryStore } from '../test/lambda-src/commit/memory-store';
import { Random } from '../test/support/random';

const POLICIES = [DeidPolicy.safeHarbor(), DeidPolicy.limitedDataSet(), DeidPolicy.validateOnly()];
const TIMING = { durationMs: 0, deadlineRemainingMs: 0 };

/** What one file did: a sentence for what must not be, or nothing; and how it ended, for the statistics. */
export interface Finding {
  readonly fault?: string;
  readonly outcome: string;
}

/** Runs the whole processor, but S3, on the file that these numbers stand for. The same numbers are the same file. */
export async function runOnce(target: TargetName, seed: number): Promise<Finding> {
  const random = new Random(seed, target.length);
  const mutations = random.int(6);
  const bytes = mutate(Buffer.from(SEEDS[target](random)), random, mutations);
  const policy = random.pick(POLICIES);
  const key = `incoming/${CANARY}`;

  const data = new MemoryStore('data');
  const processed = new MemoryStore('processed');
  data.seed(key, bytes);
  data.chunkBytes = random.pick([256, 65_536]);
  const log: string[] = [];
  const report = new Report(
    'Fuzz',
    'fuzz',
    (line) => log.push(line),
    () => new Date(0),
  );
  let outcome = 'thrown';
  let manifest: Manifest | undefined;
  try {
    const done = await processObject(
      { key },
      {
        data,
        processed,
        prefixes: { ...DEFAULT_PREFIXES, deidentified: policy._outputPrefix },
        engine: {
          ...ENGINE,
          deidentify: async (input) => ENGINE.deidentify({ ...input, source: rechunked(input.source, random) }),
        },
        tables: policy._compile(),
        key: Buffer.alloc(32, 7),
        runtime: RUNTIME,
        now: () => new Date(0),
      },
    );
    report.outcome(done, TIMING);
    outcome = done.status;
    if ('manifest' in done) manifest = done.manifest;
  } catch (error) {
    report.failure(error, TIMING);
    return { fault: `nothing may be thrown for the bytes of a source: ${log.at(-1)}`, outcome };
  }
  // A limited data set keeps cities, whatever a writer has shifted into their place: only sound files tell.
  const results = policy.profile !== 'limited-data-set' || mutations === 0;
  return {
    fault: faultOf(processed, log, manifest, results),
    outcome: `${policy.profile} ${outcome} ${manifest?.code ?? ''}`,
  };
}

function faultOf(
  processed: MemoryStore,
  log: readonly string[],
  manifest: Manifest | undefined,
  results: boolean,
): string | undefined {
  if (log.some((line) => LEAK.test(line))) return 'the canary is in a log line or a metric';
  for (const name of processed.keys()) {
    if (LEAK.test(name)) return 'the canary is in an object key';
    if (!results && name.startsWith('limited-data-set/')) continue;
    const body = processed.bytes(name);
    if (LEAK.test((name.endsWith('.gz') ? gunzipSync(body) : body).toString('utf8'))) return `the canary is in ${name}`;
  }
  if (!manifest) return 'a file that is there must have a manifest';
  const { read, written, dropped, rejected } = manifest.counts;
  if (read !== written + dropped + rejected) return 'read must be written + dropped + rejected';
  const byError = Object.values(manifest.counts.byError).reduce((sum, count) => sum + count, 0);
  return byError === rejected ? undefined : 'rejected must be the sum of its codes';
}

async function* rechunked(source: AsyncIterable<Uint8Array>, random: Random): AsyncGenerator<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of source) all.push(Buffer.from(chunk));
  yield* chunks(Buffer.concat(all), random);
}
