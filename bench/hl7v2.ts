/**
 * HL7 v2 through the engine beside a library that parses and writes: `npx tsx bench/hl7v2.ts [--size 100] [--json]`.
 * Every way runs in a process of its own, on one input; only ratios of one run mean anything.
 */
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { HL7_WAYS, type Hl7WayName } from './hl7v2/ways';
import { bestOf, type Measure } from './measure';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { syntheticMessage } from '../test/lambda-src/engine/hl7v2/synthetic-messages';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
  },
});

interface Row extends Measure {
  readonly way: Hl7WayName;
  readonly mbPerCpuSecond: number;
}

const MB = 1e6;
const dir = mkdtempSync(join(tmpdir(), 'hl7-bench-'));

function note(text: string): void {
  if (!options.json) console.error(text);
}

function* messages(bytes: number): Generator<Buffer> {
  let text = '';
  let written = 0;
  for (let index = 0; written < bytes; index++) {
    text += syntheticMessage(index);
    if (text.length < 256 * 1024) continue;
    yield Buffer.from(text);
    written += text.length;
    text = '';
  }
}

async function writeInput(file: string, bytes: number): Promise<void> {
  await pipeline(Readable.from(messages(bytes), { objectMode: false }), createWriteStream(file));
}

function run(worker: string, way: Hl7WayName, file: string, runs: number): Row {
  const best = bestOf(runs, worker, way, file);
  return { way, ...best, mbPerCpuSecond: statSync(file).size / MB / best.cpuSeconds };
}

async function main(): Promise<void> {
  const worker = join(dir, 'worker.js');
  const entryPoints = [join(__dirname, 'hl7v2', 'worker.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', target: 'node20', outfile: worker });
  writeFileSync(join(dir, 'tables.json'), JSON.stringify(DeidPolicy.safeHarbor()._compile()));

  const size = Number(options.size);
  note(`writing ${size} MB of messages`);
  const file = join(dir, 'input.hl7');
  await writeInput(file, size * MB);
  const rows = HL7_WAYS.map((way) => {
    note(`measuring ${way}`);
    return run(worker, way, file, Number(options.runs));
  });

  note(`measuring peak memory on ${size * 10} MB`);
  await writeInput(file, size * 10 * MB);
  const large = run(worker, 'engine', file, 1);
  report(rows, large.peakRssMb);
}

function report(rows: readonly Row[], peakRssOfTenfold: number): void {
  const of = (way: Hl7WayName): Row => rows.find((row) => row.way === way)!;
  const ratios = {
    'engine / parse + write': of('engine').mbPerCpuSecond / of('medplum').mbPerCpuSecond,
    'peak memory of ten times the input': peakRssOfTenfold / of('engine').peakRssMb,
  };
  if (options.json) {
    console.log(JSON.stringify({ node: process.version, sizeMb: Number(options.size), rows, ratios }, null, 2));
    return;
  }
  const line = (...cells: readonly string[]): void =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(38) : cell.padStart(12))).join(''));
  console.log(`\n${options.size} MB of HL7 v2, Node ${process.version}, best of ${options.runs} runs\n`);
  line('way', 'CPU s', 'wall s', 'MB/CPU s', 'peak RSS MB', 'messages');
  for (const { way, cpuSeconds, wallSeconds, mbPerCpuSecond, peakRssMb, records } of rows) {
    const figures = [cpuSeconds.toFixed(2), wallSeconds.toFixed(2), mbPerCpuSecond.toFixed(0), peakRssMb.toFixed(0)];
    line(way, ...figures, String(records));
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
