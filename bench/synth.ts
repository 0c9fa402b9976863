/**
 * Synth of the facade beside the same resources by hand, in one process and in turn, template validation off; and how it
 * grows over pipelines in one app. Ratios, since machines differ: `npx tsx bench/synth.ts [--json]`.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HipaaPipeline } from '../src';
import { handWrittenStack } from './synth/hand-written-stack';

process.env.CDK_VALIDATION = 'false';
const ROUNDS = 15;
const BUNDLE = path.join(__dirname, '..', 'assets', 'lambda-src', 'phi-processor', 'phi-processor.lambda');

interface Measured {
  readonly cpuMs: number;
  readonly resources: number;
}

function synth(build: (app: App) => void): Measured {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-synth-'));
  try {
    const start = process.cpuUsage();
    const app = new App({ outdir, analyticsReporting: false });
    build(app);
    const [stack] = app.synth().stacks;
    const { user, system } = process.cpuUsage(start);
    return { cpuMs: (user + system) / 1000, resources: Object.keys(stack.template.Resources).length };
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

const facade = (count: number) => (app: App) => {
  const stack = new Stack(app, 'Facade');
  for (let i = 0; i < count; i++) new HipaaPipeline(stack, `P${i}`, { environmentSuffix: `e${i}` });
};
const byHand = (app: App) => handWrittenStack(new Stack(app, 'Hand'), lambda.Code.fromAsset(BUNDLE));

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function sharedStacks(count: number) {
  // A stack holds 500 resources at most: one for each pipeline.
  return (app: App) => {
    for (let i = 0; i < count; i++) new HipaaPipeline(new Stack(app, `S${i}`), 'P', { environmentSuffix: `e${i}` });
  };
}

function main(): void {
  for (let i = 0; i < 3; i++) {
    synth(byHand);
    synth(facade(1));
  }
  const pairs = Array.from({ length: ROUNDS }, () => ({ hand: synth(byHand), facade: synth(facade(1)) }));
  const ratio = median(pairs.map((pair) => pair.facade.cpuMs / pair.hand.cpuMs));
  const growth = [1, 5, 10, 20].map((count) => ({
    pipelines: count,
    cpuMs: median(Array.from({ length: 3 }, () => synth(sharedStacks(count)).cpuMs)),
  }));
  const result = {
    facadeToHand: round(ratio),
    facade: { cpuMs: round(median(pairs.map((pair) => pair.facade.cpuMs))), resources: pairs[0].facade.resources },
    hand: { cpuMs: round(median(pairs.map((pair) => pair.hand.cpuMs))), resources: pairs[0].hand.resources },
    growth: growth.map(({ pipelines, cpuMs }) => ({
      pipelines,
      cpuMs: round(cpuMs),
      cpuMsEach: round(cpuMs / pipelines),
    })),
  };
  if (process.argv.includes('--json')) return console.log(JSON.stringify(result, undefined, 2));
  console.log(`facade ${result.facade.cpuMs} ms for ${result.facade.resources} resources`);
  console.log(`hand   ${result.hand.cpuMs} ms for ${result.hand.resources} resources`);
  console.log(`facade / hand ${result.facadeToHand} (median of ${ROUNDS} pairs, CPU time)`);
  for (const { pipelines, cpuMs, cpuMsEach } of result.growth) {
    console.log(`${String(pipelines).padStart(2)} pipelines  ${cpuMs} ms, ${cpuMsEach} ms each`);
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

main();
