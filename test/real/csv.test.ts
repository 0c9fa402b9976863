import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { DeidPolicy } from '../../src/deidentification/deid-policy';
import { cut, runEngine, type Run } from '../support/run-engine';

type Row = Readonly<Record<string, string>>;

const DIR = join(process.env.PHI_TEST_DATA ?? '', 'csv');
const NAMES = readdirSync(DIR)
  .filter((name) => name.endsWith('.csv'))
  .sort();
const tables = DeidPolicy.safeHarbor()._compile();

function rowsOf(text: string | Buffer): Row[] {
  return parse(text, { columns: true });
}

async function run(source: Uint8Array | Uint8Array[] | string): Promise<Run> {
  return runEngine(source, { tables });
}

/** Columns whose values may be found nowhere: names, numbers, places, texts, and what is coarsened. Never printed. */
const TELLING = 'Id SSN DRIVERS PASSPORT FIRST LAST MAIDEN NAME BIRTHPLACE ADDRESS CITY COUNTY LAT LON PHONE'.split(
  ' ',
);
const COARSENED = 'BIRTHDATE DEATHDATE START STOP PATIENT ENCOUNTER ORGANIZATION PROVIDER PAYER DESCRIPTION'.split(' ');

const results = new Map<string, Run>();
beforeAll(async () => {
  for (const name of NAMES) results.set(name, await run(readFileSync(join(DIR, name))));
});

function output(name: string): Row[] {
  return rowsOf(results.get(name)!.text);
}

describe.each(NAMES)('%s', (name) => {
  const bytes = readFileSync(join(DIR, name));
  const source = rowsOf(bytes);

  test('comes out whole', () => {
    const { failure, format, counts } = results.get(name)!;
    expect([failure, format]).toEqual([undefined, 'csv']);
    expect(counts).toMatchObject({ read: source.length, written: source.length, dropped: 0, rejected: 0 });
    expect(output(name).length).toBe(source.length);
  });

  test('tells none of its identifiers', () => {
    const { text } = results.get(name)!;
    const telling = new Set(source.flatMap((row) => [...TELLING, ...COARSENED].map((column) => row[column] ?? '')));
    // Shorter ones might stand in a code or an amount by chance; years and states may be shown.
    const leaked = [...telling].filter((value) => value.length >= 6 && text.includes(value));
    expect(leaked.length).toBe(0);
    expect(Object.keys(output(name)[0]).filter((column) => TELLING.slice(1).includes(column))).toEqual([]);
  });

  test('keeps what is none: amounts and codes as they stand', () => {
    const kept =
      'HEALTHCARE_EXPENSES BASE_ENCOUNTER_COST TOTAL_CLAIM_COST REVENUE ENCOUNTERCLASS GENDER RACE STATE'.split(' ');
    output(name).forEach((row, i) => {
      for (const column of kept) if (column in row) expect(row[column] === source[i][column]).toBe(true);
    });
    const codes = output(name).filter((row, i) => 'CODE' in row && row.CODE !== source[i].CODE);
    // Only codes of clinical concepts are kept at that length, and a few of Synthea's own making are none.
    expect(codes.length).toBeLessThanOrEqual(source.length * 0.01);
  });

  test('is the same compressed or cut to pieces', async () => {
    const places = Array.from({ length: 200 }, (_unused, i) => i * 7919);
    for (const other of [bytes, gzipSync(bytes)]) {
      expect((await run(cut(other, places))).output).toEqual(results.get(name)!.output);
    }
  });
});

test('rows stay joined across tables', () => {
  const ids = (name: string): Set<string> => new Set(output(name).map(({ Id }) => Id));
  const source = (name: string, column: string): string[] =>
    rowsOf(readFileSync(join(DIR, name))).map((row) => row[column]);
  for (const [name, column, other] of [
    ['encounters.csv', 'PATIENT', 'patients.csv'],
    ['conditions.csv', 'PATIENT', 'patients.csv'],
    ['conditions.csv', 'ENCOUNTER', 'encounters.csv'],
    ['encounters.csv', 'ORGANIZATION', 'organizations.csv'],
  ]) {
    const before = new Set(source(other, 'Id'));
    const joined = source(name, column).filter((id) => before.has(id)).length;
    expect(joined).toBeGreaterThan(0);
    const after = ids(other);
    expect(output(name).filter((row) => after.has(row[column])).length).toBe(joined);
  }
});

test('rows stay joined with FHIR: an id has one code in both', async () => {
  const patients = rowsOf(readFileSync(join(DIR, 'patients.csv')));
  const lines = patients.map(({ Id }) => JSON.stringify({ resourceType: 'Patient', id: Id })).join('\n');
  const fhir = (await run(lines)).lines.map((line) => (JSON.parse(line) as { id: string }).id);
  expect(output('patients.csv').map(({ Id }) => Id)).toEqual(fhir);
});
