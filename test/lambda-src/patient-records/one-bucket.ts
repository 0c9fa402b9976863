import type { ProcessContext } from '../../../lambda-src/commit';
import { createHandler } from '../../../lambda-src/patient-records/handler';
import { ENGINE } from '../../../lambda-src/phi-processor/default-engine';
import { Report } from '../../../lambda-src/phi-processor/report';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { bench } from '../commit/bench';
import { MemoryStore } from '../commit/memory-store';

/** A name in the key, as hospitals have it: it must turn up nowhere but in the key. */
export const SOURCE = 'incoming/Abbott509 Wilhelmina+1923.ndjson';
/** The same as S3's notifications spell it. */
export const ENCODED = 'incoming/Abbott509+Wilhelmina%2B1923.ndjson';
/** What may be nowhere outside of `incoming/`, `rejected/` and `keys/`. */
export const PHI = /Wilhelmina|Abbott509|1923|Elm Street/;

export const LAYOUT = {
  deidentified: 'processed/deidentified/',
  manifests: 'processed/manifests/',
  rejected: 'rejected/',
};

const TABLES = DeidPolicy.safeHarbor()._compile();
const INVOCATION = { getRemainingTimeInMillis: () => 300_000, memoryLimitInMB: '1024' };

export const PATIENT = JSON.stringify({
  resourceType: 'Patient',
  id: 'Wilhelmina-1',
  name: [{ family: 'Abbott509', given: ['Wilhelmina'] }],
  birthDate: '1923-06-05',
  address: [{ line: ['1 Elm Street'], state: 'MA', country: 'US' }],
});
export const RECORDS = [PATIENT, PATIENT, '{"resourceType":"Patient","name":"Wilhelmina'];

export interface OneBucket {
  readonly records: MemoryStore;
  readonly lines: string[];
  /** Delivers a notification about these keys, encoded as S3 does it. */
  deliver(...keys: string[]): Promise<void>;
  deliverEvent(event: unknown, remainingMs?: number): Promise<void>;
}

/** The whole function over one bucket in memory, with the real engine and the real policy. */
export function oneBucket(overrides: Partial<ProcessContext> = {}, records = new MemoryStore('records')): OneBucket {
  const { context } = bench([], {
    engine: ENGINE,
    tables: TABLES,
    data: records,
    processed: records,
    prefixes: LAYOUT,
    ...overrides,
  });
  if (!records.keys().includes(SOURCE)) records.seed(SOURCE, Buffer.from(`${RECORDS.join('\n')}\n`));
  const lines: string[] = [];
  const report = new Report('PatientRecords', 'function-test', (line) => lines.push(line), context.now);
  const started = async () => ({ bucket: records.bucket, incomingPrefix: 'incoming/', report, context });
  const handler = createHandler(started);
  const deliverEvent = async (event: unknown, remainingMs = 300_000) =>
    handler(event, { ...INVOCATION, getRemainingTimeInMillis: () => remainingMs });
  return { records, lines, deliverEvent, deliver: async (...keys) => deliverEvent(notificationOf(...keys)) };
}

export function notificationOf(...keys: string[]): unknown {
  return {
    Records: keys.map((key) => ({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'records' }, object: { key, size: 1 } },
    })),
  };
}
