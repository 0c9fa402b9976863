import { execFileSync } from 'node:child_process';

export interface Measure {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakRssMb: number;
  readonly records: number;
}

/** The best of some runs of a worker: noise on a shared machine only ever adds. */
export function bestOf(runs: number, worker: string, ...args: readonly string[]): Measure {
  const measures = Array.from({ length: runs }, () => {
    const text = execFileSync(process.execPath, [worker, ...args], { encoding: 'utf8', maxBuffer: 1e8 });
    return JSON.parse(text) as Measure;
  });
  return measures.reduce((best, measure) => (measure.cpuSeconds < best.cpuSeconds ? measure : best));
}

/** Runs one way and prints what it took, as JSON: for whoever started this process. */
export function measured(way: () => Promise<number>): void {
  const started = process.cpuUsage();
  const wall = process.hrtime.bigint();
  way()
    .then((records) => {
      const { user, system } = process.cpuUsage(started);
      const measure: Measure = {
        cpuSeconds: (user + system) / 1e6,
        wallSeconds: Number(process.hrtime.bigint() - wall) / 1e9,
        peakRssMb: process.resourceUsage().maxRSS / 1024,
        records,
      };
      console.log(JSON.stringify(measure));
    })
    .catch((error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
