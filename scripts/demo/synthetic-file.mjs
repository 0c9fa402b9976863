import { readFileSync } from 'node:fs';
import path from 'node:path';

import { localBin, projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';

/** Makes a file of synthetic patients, with one line that is no JSON; all names in it are invented. */
export async function makeSyntheticFile({ folder, log }, { patients, broken = 1 }) {
  const file = path.join(folder, 'synthetic.ndjson');
  const generator = path.join(projectRoot, 'test/support/generate.ts');
  const args = [generator, '--patients', String(patients), '--out', file, '--broken', String(broken)];
  await runProgram(localBin('tsx'), args, { cwd: projectRoot, log, what: 'generating synthetic patients' });
  const body = readFileSync(file);
  return { body, lines: body.toString().split('\n').filter(Boolean) };
}

/** The records among lines; broken lines are left out. */
export function parseLines(lines) {
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

const NAMES = new Set(['family', 'given', 'line', 'city', 'postalCode']);
const FULL_DATE = /^\d{4}-\d{2}-\d{2}/;

/**
 * Values of synthetic records that identify a person: names, address lines, contacts, identifiers, logical ids and
 * every date finer than the year.
 */
export function identifyingValues(records) {
  const found = new Set();
  const visit = (value, key, parent) => {
    if (Array.isArray(value)) {
      value.forEach((item) => visit(item, key, parent));
    } else if (value !== null && typeof value === 'object') {
      Object.entries(value).forEach(([name, item]) => visit(item, name, key));
    } else if (typeof value === 'string') {
      const named = NAMES.has(key) || key === 'id' || FULL_DATE.test(value);
      if (named || (key === 'value' && (parent === 'identifier' || parent === 'telecom'))) found.add(value);
    }
  };
  records.forEach((record) => visit(record, '', ''));
  return [...found];
}

/** How many of the values occur in a text: short ones as a whole JSON string, long ones anywhere. */
export function countOccurring(values, text) {
  return values.filter((value) => text.includes(value.length < 8 ? JSON.stringify(value) : value)).length;
}
