import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CANARY, LEAK } from './marks';
import { chunks, mutate } from './mutate';
import { SEEDS, type TargetName } from './seeds';
import { processObject, type Manifest } from '../lambda-src/commit';
import { DEFAULT_PREFIXES } from '../lambda-src/commit/run-identity';
import { ENGINE, RUNTIME } from '../lambda-src/phi-processor/default-engine';
import { Report } from '../lambda-src/phi-processor/report';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { MemoryStore } from '../test/lambda-src/commit/memory-store';
import { Random } from '../test/support/random';

const POLICIES = [
  DeidPolicy.safeHarbor(),
  DeidPolicy.limitedDataSet(),
  DeidPolicy.validateOnly(),
  // From where the bundle lies.
  DeidPolicy.fromFile(join(__dirname, '../../../fuzz/policy.json')),
];
const TIMING = { durationMs: 0, deadlineRemainingMs: 0 };
/** Of files, so many in a hundred are run again, in other chunks. */
const AGAIN = 10;

/** What one file did: a sentence for what must not be, or nothing; and how it ended, for the statistics. */
export interface Finding {
  readonly fault?: string;
  readonly outcome: string;
}

/** Everything that came of one file. */
interface Done {
  readonly data: MemoryStore;
  readonly processed: MemoryStore;
  readonly log: readonly string[];
  readonly status: string;
  readonly manifest?: Manifest;
}

/** Runs the whole processor, but S3, on the file that these numbers stand for. The same numbers are the same file. */
export async function runOnce(target: TargetName, seed: number): Promise<Finding> {
  const random = new Random(seed, target.length);
  const mutations = random.int(6);
  const bytes = mutate(Buffer.from(SEEDS[target](random)), random, mutations);
  const policy = random.pick(POLICIES);
  const done = await processed(bytes, policy, random);
  // A limited data set keeps cities, whatever a writer has shifted into their place: only sound files tell.
  const results = policy.profile !== 'limited-data-set' || mutations === 0;
  let fault = faultOf(done, results);
  if (fault === undefined && random.chance(AGAIN)) {
    const again = await processed(bytes, policy, random);
    if (tellOf(again) !== tellOf(done)) fault = 'the same file in other chunks must become the same';
  }
  return { fault, outcome: `${policy.profile} ${done.status} ${done.manifest?.code ?? ''}` };
}

async function processed(bytes: Buffer, policy: DeidPolicy, random: Random): Promise<Done> {
  const key = `incoming/${CANARY}`;
  const stores = { data: new MemoryStore('data'), processed: new MemoryStore('processed') };
  stores.data.seed(key, bytes);
  stores.data.chunkBytes = random.pick([256, 65_536]);
  const log: string[] = [];
  const report = new Report(
    'Fuzz',
    'fuzz',
    (line) => log.push(line),
    () => new Date(0),
  );
  try {
    const outcome = await processObject(
      { key },
      {
        ...stores,
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
    report.outcome(outcome, TIMING);
    return { ...stores, log, status: outcome.status, ...('manifest' in outcome && { manifest: outcome.manifest }) };
  } catch (error) {
    report.failure(error, TIMING);
    return { ...stores, log, status: 'thrown' };
  }
}

function faultOf({ data, processed: store, log, status, manifest }: Done, results: boolean): string | undefined {
  if (status === 'thrown') return `nothing may be thrown for the bytes of a source: ${log.at(-1)}`;
  if (log.some((line) => LEAK.test(line))) return 'a canary is in a log line or a metric';
  for (const name of store.keys()) {
    if (LEAK.test(name)) return 'a canary is in an object key';
    if (!results && name.startsWith('limited-data-set/')) continue;
    const body = textOf(store, name);
    if (LEAK.test(body.toString('utf8'))) return `a canary is in ${name}`;
    if (!isUtf8(body)) return `what is written must be UTF-8, in ${name}`;
  }
  if (!manifest) return 'a file that is there must have a manifest';
  const { read, written, dropped, rejected } = manifest.counts;
  if (read !== written + dropped + rejected) return 'read must be written + dropped + rejected';
  const byError = Object.values(manifest.counts.byError).reduce((sum, count) => sum + count, 0);
  if (byError !== rejected) return 'rejected must be the sum of its codes';
  return rejectsFault(data);
}

/** Rejects hold their records: besides, they say nothing of them. */
function rejectsFault(data: MemoryStore): string | undefined {
  for (const name of data.keys().filter((each) => each.startsWith('rejected/'))) {
    for (const line of textOf(data, name).toString('utf8').split('\n').filter(Boolean)) {
      const reject: object = { ...JSON.parse(line), raw: '', rawBase64: '' };
      if (LEAK.test(JSON.stringify(reject))) return 'a canary is in a reject, beside its record';
    }
  }
  return undefined;
}

/** What a file has become, all of it; of a damaged one, how much was seen of it until then is left to chance. */
function tellOf({ processed: store, status, manifest }: Done): string {
  const { counts, deid, output, error } = manifest ?? {};
  return JSON.stringify([status, store.keys(), ...(status === 'FAILED' ? [] : [counts, deid, output, error])]);
}

function textOf(store: MemoryStore, name: string): Buffer {
  const body = store.bytes(name);
  return name.endsWith('.gz') ? gunzipSync(body) : body;
}

async function* rechunked(source: AsyncIterable<Uint8Array>, random: Random): AsyncGenerator<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of source) all.push(Buffer.from(chunk));
  yield* chunks(Buffer.concat(all), random);
}
