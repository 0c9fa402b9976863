/**
 * The engine beside what a user would write: `npx tsx bench/engine.ts [--size 100|1000] [--bundles DIR] [--json]`.
 * Every way runs in a process of its own, on one input; only ratios of one run mean anything.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { gzipFile, writeInput } from './engine/input';
import { WAYS, type WayName } from './engine/ways';
import { bestOf, type Measure } from './measure';
import { DeidPolicy } from '../src/deidentification/deid-policy';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '100' },
    bundles: { type: 'string' },
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
  },
});

interface Row extends Measure {
  readonly way: WayName;
  readonly mbPerCpuSecond: number;
}

const MB = 1e6;
const dir = mkdtempSync(join(tmpdir(), 'phi-bench-'));

function note(text: string): void {
  if (!options.json) console.error(text);
}

function run(way: WayName, file: string, bytes: number, runs: number): Row {
  const worker = join(dir, way.startsWith('fhirpath') ? 'fhirpath-worker.js' : 'worker.js');
  const best = bestOf(runs, worker, way, file, String(bytes));
  return { way, ...best, mbPerCpuSecond: bytes / MB / best.cpuSeconds };
}

async function main(): Promise<void> {
  const entryPoints = ['worker.ts', 'fhirpath-worker.ts'].map((name) => join(__dirname, 'engine', name));
  buildSync({ entryPoints, bundle: true, platform: 'node', target: 'node20', outdir: dir });

  writeFileSync(join(dir, 'tables.json'), JSON.stringify(DeidPolicy.safeHarbor()._compile()));

  const size = Number(options.size);
  note(`writing ${size} MB of input`);
  const raw = join(dir, 'input.ndjson');
  await writeInput(raw, size * MB, options.bundles);
  const zipped = await gzipFile(raw);
  const { size: bytes } = statSync(raw);

  const rows = WAYS.map((way) => {
    note(`measuring ${way.name}`);
    return run(way.name, way.gzip ? zipped : raw, way.bytes ?? bytes, Number(options.runs));
  });
  rmSync(zipped);

  const memory: { mb: number; peakRssMb: number }[] = [];
  for (const mb of [100, 1000]) {
    note(`measuring peak memory on ${mb} MB`);
    if (mb !== size) await writeInput(raw, mb * MB, options.bundles);
    memory.push({ mb, peakRssMb: run('engine', raw, mb * MB, 1).peakRssMb });
  }
  report(bytes, rows, memory);
}

function report(bytes: number, rows: readonly Row[], memory: readonly { mb: number; peakRssMb: number }[]): void {
  const speed = (way: WayName): number => rows.find((row) => row.way === way)!.mbPerCpuSecond;
  const ratios = {
    'engine / parse + stringify': speed('engine') / speed('parse-stringify'),
    'engine / walk by hand': speed('engine') / speed('walk'),
    'engine / fhirpath.js, 20 rules': speed('engine') / speed('fhirpath'),
    '... parsed once': speed('engine') / speed('fhirpath-compiled'),
    'engine with gzip / without': speed('engine-gzip') / speed('engine'),
    'whole job / by hand': speed('job') / speed('job-by-hand'),
    'whole job / gunzip + gzip': speed('job') / speed('gunzip-gzip'),
    'peak memory 1 GB / 100 MB': memory[1].peakRssMb / memory[0].peakRssMb,
  };
  if (options.json) {
    console.log(JSON.stringify({ node: process.version, bytes, rows, ratios, memory }, null, 2));
    return;
  }
  const line = (...cells: readonly string[]): void =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(30) : cell.padStart(12))).join(''));
  console.log(`\n${(bytes / MB).toFixed(0)} MB of NDJSON, Node ${process.version}, best of ${options.runs} runs\n`);
  line('way', 'CPU s', 'wall s', 'MB/CPU s', 'peak RSS MB', 'records');
  for (const row of rows) {
    const { cpuSeconds, wallSeconds, mbPerCpuSecond, peakRssMb } = row;
    const figures = [cpuSeconds.toFixed(2), wallSeconds.toFixed(2), mbPerCpuSecond.toFixed(0), peakRssMb.toFixed(0)];
    line(row.way, ...figures, String(row.records));
  }
  console.log();
  for (const [name, ratio] of Object.entries(ratios)) line(name, ratio.toFixed(2));
  console.log();
  for (const { mb, peakRssMb } of memory) line(`engine, raw, ${mb} MB`, `${peakRssMb.toFixed(0)} MB`);
}

main()
  .finally(() => rmSync(dir, { recursive: true, force: true }))
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
