import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { ReferenceTable } from './reference-table';
import { csvTables, runCsv } from './run-csv';
import { cut } from '../../../support/run-engine';

const SAFE_HARBOR = csvTables([{ column: 'note', method: 'keep' }]);
const reference = new ReferenceTable(SAFE_HARBOR.csv, new Uint8Array(32).fill(7), '2024-06-30');

const year = fc.oneof(fc.integer({ min: 1900, max: 2030 }), fc.constantFrom(1933, 1934, 1935, 1936));
const two = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((number) => String(number).padStart(2, '0'));
const date = fc
  .tuple(year, two(0, 13), two(0, 32), fc.constantFrom('', 'T10:11:12Z', ' 23:59', 'T25:00:00Z', 'T1', '+01:00'))
  .chain(([y, m, d, time]) =>
    fc.constantFrom(
      `${y}-${m}-${d}${time}`,
      `${y}-${m}-${d}`,
      `${y}${m}${d}`,
      `${m}/${d}/${y}`,
      `${y}-${m}`,
      String(y),
      `${d}-FEB-${y}`,
    ),
  );
const number = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.integer({ min: 85, max: 95 }).map(String),
  fc.constantFrom('-0.0', '1.00', '1,000', '5.', '.5', '1100', '-', '+1'),
);
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 19 });
const code = fc.oneof(
  digits,
  fc.tuple(digits, fc.constantFrom('001', '100', '009', '104')).map(([head, tail]) => head + tail),
  fc.constantFrom(
    '195662009',
    '8302-2',
    '30525-0',
    'two words',
    'mg/dL',
    'a',
    'mo',
    'Years',
    'kg',
    '{x}',
    'MA',
    'texas',
    'US',
    'Canada',
    '123-45-6789',
    '555-123-4567',
    '12345-678-90',
  ),
);
const zip = fc
  .tuple(two(0, 99), two(0, 99), fc.constantFrom('1', '1-2345', '12345', '', 'x'))
  .map((parts) => parts.join(''));
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('=1', '-x', 'a "b"', 'a\nb', ' ', '\uff1d1'));
const filled = fc.oneof(
  date,
  number,
  code,
  zip,
  text,
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
);
const cell = fc.oneof(
  { weight: 4, arbitrary: filled },
  { weight: 1, arbitrary: filled.map((one) => ` ${one} `) },
  { weight: 1, arbitrary: fc.constant('') },
);

const NAMES =
  'Id PATIENT BIRTHDATE DOB DEATHDATE START ZIP STATE COUNTRY AGE VALUE UNITS CODE REASONCODE STATUS AMOUNT NDC RACE note SSN x';
const GONE = ['SSN', 'x', 'COUNTRY'];
const table = fc
  .array(fc.constantFrom(...NAMES.split(' ')), { minLength: 1, maxLength: 8 })
  .chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.array(fc.array(cell, { minLength: names.length, maxLength: names.length }), { maxLength: 5 }),
    ),
  )
  .filter(([names]) => names.some((name) => !GONE.includes(name) && (name !== 'VALUE' || names.includes('CODE'))));

function write(rows: readonly (readonly string[])[], quoting: readonly boolean[]): string {
  let place = 0;
  const cellOf = (one: string, alone: boolean): string => {
    const always = quoting[place++ % quoting.length];
    return always || (alone && one === '') || /[",\r\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one;
  };
  return rows.map((row) => `${row.map((one) => cellOf(one, row.length === 1)).join(',')}\n`).join('');
}

test('any table becomes what the slow way makes of it, in any quoting and any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      fc.array(fc.nat(4000), { maxLength: 6 }),
      // What came often enough is known: such rows are written many at once.
      fc.constantFrom(1, 1, 10),
      async ([names, all], quoting, places, times) => {
        const rows = all.flatMap((row) => Array<typeof row>(times).fill(row));
        const source = write([names, ...rows], quoting);
        const [header, ...expected] = reference.transform(source);
        const run = await runCsv(cut(Buffer.from(source), places), SAFE_HARBOR);
        const written = expected.filter((row) => row !== undefined);
        const output: string[][] = parse(run.text, { skip_empty_lines: true });
        expect(output).toEqual(written.length === 0 ? [] : [header, ...written]);
        expect(run.counts).toMatchObject({ read: expected.length, written: written.length, dropped: 0 });
      },
    ),
    { numRuns: 1500 },
  );
});
