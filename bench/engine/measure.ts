import type { Measure } from './ways';

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
