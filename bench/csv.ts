/**
 * Tables through the engine beside what a user would write on csv-parse: `npx tsx bench/csv.ts [--size 100] [--runs 3]
 * [--json]`. Every way runs in a process of its own, on one input; only ratios of one run mean anything.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { writeTable } from './csv/input';
import { TABLES, WAYS, type TableName, type WayName } from './csv/ways';
import { bestOf, type Measure } from './measure';
import { DeidPolicy } from '../src/deidentification/deid-policy';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '100' },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

interface Row extends Measure {
  readonly table: TableName;
  readonly way: WayName;
  readonly mbPerCpuSecond: number;
}

const MB = 1e6;
/** A tenth of the other: memory must not grow with the input. */
const SMALL = 10;
const dir = mkdtempSync(join(tmpdir(), 'phi-bench-'));
const worker = join(dir, 'worker.js');

function note(text: string): void {
  if (!options.json) console.error(text);
}

function run(table: TableName, way: WayName, file: string, runs = Number(options.runs)): Row {
  const best = bestOf(runs, worker, way, file);
  return { table, way, ...best, mbPerCpuSecond: statSync(file).size / MB / best.cpuSeconds };
}

async function main(): Promise<void> {
  const entryPoints = [join(__dirname, 'csv', 'worker.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', target: 'node20', outfile: worker });
  writeFileSync(join(dir, 'tables.json'), JSON.stringify(DeidPolicy.safeHarbor()._compile()));
  const file = join(dir, 'input.csv');
  const rows: Row[] = [];
  for (const table of TABLES) {
    note(`writing ${options.size} MB of ${table}`);
    await writeTable(file, table, Number(options.size) * MB);
    for (const way of WAYS) {
      note(`measuring ${way}`);
      rows.push(run(table, way, file));
    }
  }
  await writeTable(file, TABLES[0], (Number(options.size) * MB) / SMALL);
  report(rows, run(TABLES[0], 'engine', file, 1));
}

function report(rows: readonly Row[], small: Row): void {
  const find = (table: TableName, way: WayName): Row => rows.find((row) => row.table === table && row.way === way)!;
  const ratios: Record<string, number> = {};
  for (const table of TABLES) {
    const speed = (way: WayName): number => find(table, way).mbPerCpuSecond;
    const byHand = Math.max(speed('csv-parse-stream'), speed('csv-parse-sync'));
    ratios[`${table}: engine / csv-parse`] = speed('engine') / byHand;
    ratios[`${table}: engine with gzip / without`] = speed('engine-gzip') / speed('engine');
  }
  ratios[`peak memory, ${SMALL} times the input`] = find(TABLES[0], 'engine').peakRssMb / small.peakRssMb;
  if (options.json) {
    console.log(JSON.stringify({ node: process.version, rows, ratios }, null, 2));
    return;
  }
  const line = (...cells: readonly string[]): void =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(36) : cell.padStart(12))).join(''));
  console.log(`\n${options.size} MB each, Node ${process.version}, best of ${options.runs} runs\n`);
  line('table and way', 'CPU s', 'wall s', 'MB/CPU s', 'peak RSS MB', 'records');
  for (const { table, way, cpuSeconds, wallSeconds, mbPerCpuSecond, peakRssMb, records } of rows) {
    const figures = [cpuSeconds.toFixed(2), wallSeconds.toFixed(2), mbPerCpuSecond.toFixed(0), peakRssMb.toFixed(0)];
    line(`${table}, ${way}`, ...figures, String(records));
  }
  console.log();
  for (const [name, ratio] of Object.entries(ratios)) line(name, ratio.toFixed(2));
}

main()
  .finally(() => rmSync(dir, { recursive: true, force: true }))
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
