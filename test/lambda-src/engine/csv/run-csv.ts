import { createTransform } from '../../../../lambda-src/engine/csv';
import { type CompiledTables, TABLES_VERSION } from '../../../../src/deidentification/private/compiled-tables';
import { compileCsv } from '../../../../src/deidentification/private/csv/compile-csv';
import { RESTRICTED_ZIP3 } from '../../../../src/deidentification/private/geography';
import { PolicyProblems } from '../../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../../src/deidentification/private/profile';
import { type Chunks, type Run, runEngine, type RunOptions, TEST_LIMITS } from '../../../support/run-engine';

export const SAFE_HARBOR: ProfileSettings = {
  name: 'safe-harbor',
  restrictedZip3: RESTRICTED_ZIP3,
  ids: 'hash',
  unmatched: 'redact',
};

/** Tables of a policy for CSV alone. */
export function csvTables(
  rules: readonly unknown[] = [],
  settings: Partial<ProfileSettings> = {},
  limits: RunOptions['limits'] = {},
): CompiledTables {
  const problems = new PolicyProblems();
  const merged = { ...SAFE_HARBOR, ...settings };
  const csv = compileCsv(merged, rules, problems);
  expect(problems.errors).toEqual([]);
  return {
    version: TABLES_VERSION,
    policy: { profile: merged.name, sha256: '' },
    limits: { ...TEST_LIMITS, ...limits },
    csv,
  } as unknown as CompiledTables;
}

const DEFAULT = csvTables();

export async function runCsv(source: Chunks, tables = DEFAULT): Promise<Run> {
  return runEngine(source, {
    tables,
    createTransform: (_format, all, key, referenceDate) => createTransform(all, key, referenceDate),
  });
}

/** What becomes of cells of one column, each in a row of its own; a second column keeps the rows apart. */
export async function column(name: string, cells: readonly string[], tables = DEFAULT): Promise<string[]> {
  const { lines } = await runCsv([`GENDER,${name}\n`, ...cells.map((cell) => `F,${cell}\n`)], tables);
  return lines.slice(1).map((line) => line.slice(2));
}
