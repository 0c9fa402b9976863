/**
 * Files that nobody would write, through the whole processor: `npm run fuzz -- [--seconds 60] [--seed N] [--target T]`.
 * For any bytes: no exception, no hang, no canary on the processed side, and an account that adds up. A finding names
 * the numbers that make the same file again; `--seconds 0` runs that file alone.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { SEEDS, type TargetName } from './seeds';
import type { Assignment, Message } from './worker';

const HANG_MS = 30_000;
/** So that one run's findings do not hide the other targets'. */
const MOST_FAULTS = 5;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    target: { type: 'string' },
    help: { type: 'boolean' },
  },
});

interface Result {
  readonly target: TargetName;
  readonly files: number;
  readonly faults: number;
}

async function fuzz(assignment: Assignment): Promise<Result> {
  const { target, seed: first } = assignment;
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: assignment });
  let at = first;
  let faults = 0;
  let files = 0;
  let beat = Date.now();
  const fault = (seed: number, what: string): void => {
    faults++;
    console.log(`FAILED ${target}: ${what}; again with: npm run fuzz -- --target ${target} --seed ${seed} --seconds 0`);
    if (faults >= MOST_FAULTS) void worker.terminate();
  };
  const watch = setInterval(() => {
    if (Date.now() - beat < HANG_MS) return;
    fault(at, `one file took longer than ${HANG_MS / 1000} s`);
    void worker.terminate();
  }, 1000);
  worker.on('message', (message: Message) => {
    beat = Date.now();
    if (message.kind === 'at') at = message.seed;
    if (message.kind === 'fault') fault(message.seed, message.fault);
    if (message.kind === 'end') {
      files = message.files;
      const counts = Object.entries(message.outcomes).sort(([, one], [, other]) => other - one);
      console.log(`${target}: ${files} files from seed ${first}`);
      for (const [outcome, count] of counts) console.log(`  ${String(count).padStart(7)}  ${outcome}`);
    }
  });
  worker.on('error', (error) => fault(at, `the worker died of ${error.name}`));
  await new Promise((resolve) => worker.once('exit', resolve));
  clearInterval(watch);
  return { target, files, faults };
}

async function main(): Promise<number> {
  if (options.help) {
    console.log('usage: npm run fuzz -- [--seconds 60] [--seed N] [--target fhir|bundle|hl7v2|csv]');
    return 0;
  }
  const all = Object.keys(SEEDS) as TargetName[];
  const targets = options.target === undefined ? all : all.filter((name) => name === options.target);
  const seconds = Number(options.seconds);
  if (targets.length === 0 || !(seconds >= 0) || !/^\d+$/.test(options.seed)) {
    console.error(`--target must be one of ${all.join(', ')}, --seconds and --seed numbers; see --help`);
    return 2;
  }
  let failed = 0;
  for (const target of targets) {
    const milliseconds = (seconds * 1000) / targets.length;
    const { files, faults } = await fuzz({ target, seed: Number(options.seed), milliseconds });
    if (faults > 0 || files === 0) failed++;
  }
  console.log(`${targets.length - failed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

main()
  .then((code) => (process.exitCode = code))
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
