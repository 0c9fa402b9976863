/**
 * Prints how many tests passed, failed and were skipped, as `P F S`: `node .ci/counts.mjs tests|check LOG EXIT_CODE`.
 * It reads Jest's "Tests:" lines and the line "N passed, N failed, N skipped" that the project's own scripts end with.
 */
import { readFileSync } from 'node:fs';

const [kind, log, exitCode] = process.argv.slice(2);
// eslint-disable-next-line no-control-regex
const lines = readFileSync(log, 'utf8')
  .replace(/\x1b\[[0-9;]*m/g, '')
  .split(/\r?\n/);

const jest = lines.filter((line) => /^Tests: .* total$/.test(line));
const closing = lines.filter((line) => /^\d+ passed, \d+ failed, \d+ skipped$/.test(line)).slice(-1);

/** The number before a word, over all lines that count. */
function sum(...words) {
  const numbers = [...jest, ...closing].flatMap((line) =>
    words.map((word) => new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0),
  );
  return numbers.reduce((total, number) => total + Number(number), 0);
}

let passed = sum('passed');
let failed = sum('failed');
const skipped = sum('skipped', 'todo');
const ok = exitCode === '0';
if (kind === 'check' && ok) passed += 1;
// A suite that does not compile counts no test, and neither does one that was ended: the run must fail all the same.
if (!ok && failed === 0) failed = 1;
if (kind === 'tests' && passed + failed + skipped === 0) failed = 1;
console.log(passed, failed, skipped);
