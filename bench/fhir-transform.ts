/**
 * The byte rewriter beside what else could be done with a record, in one process over the same records:
 * `npm run bench:transform`.
 */
import * as fs from 'node:fs';
import { ByteWriter } from '../lambda-src/engine/byte-writer';
import { createTransform } from '../lambda-src/engine/fhir';
import { deriveSubKey } from '../lambda-src/engine/keys';
import { DeidPolicy } from '../src/deidentification/deid-policy';
import { JsonObject, ReferenceWalk } from '../test/lambda-src/engine/fhir/reference-walk';
import { syntheticRecords } from '../test/lambda-src/engine/fhir/synthetic-records';

const ROUNDS = 15;
const [file] = process.argv.slice(2);
const key = new Uint8Array(32).fill(7);
const tables = DeidPolicy.safeHarbor()._compile();
const lines = file === undefined ? syntheticRecords(2000) : fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
const records = lines.map((line) => Buffer.from(line));
const bytes = records.reduce((sum, record) => sum + record.length, 0);

/** Best of some rounds of CPU time, in MB of input per second. */
function measure(once: () => void): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    once();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return bytes / 1e6 / best;
}

const out = new ByteWriter();
const transform = createTransform(tables, key, '2024-01-31');
const walk = new ReferenceWalk(tables.fhir, deriveSubKey(key, 'pseudonym'), 2024);

const figures = {
  rewriter: measure(() => {
    for (const record of records) {
      out.truncate(0);
      transform.transform(record, 0, record.length, out);
    }
  }),
  'parse + stringify': measure(() => {
    for (const record of records) Buffer.from(JSON.stringify(JSON.parse(record.toString())));
  }),
  'parse + walk + stringify': measure(() => {
    for (const record of records) {
      Buffer.from(JSON.stringify(walk.resource(JSON.parse(record.toString()) as JsonObject)));
    }
  }),
};

console.log(
  `${records.length} records, ${(bytes / 1e6).toFixed(1)} MB; MB/s of CPU time, and how often the rewriter is as fast`,
);
for (const [name, rate] of Object.entries(figures)) {
  console.log(`${name.padEnd(26)}${rate.toFixed(0).padStart(6)}${(figures.rewriter / rate).toFixed(2).padStart(8)}`);
}
