import { createHmac } from 'node:crypto';
import { csvTables, runCsv } from './run-csv';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/csv';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import type { RecordTransform } from '../../../../lambda-src/engine/record-transform';

const KEY = new Uint8Array(32).fill(7);
const MUCH = 1e9;

/** A table whose first row was written, and the bytes of its rows: nothing is read ahead of them. */
class Table {
  public readonly out = new ByteWriter();
  private readonly transform: RecordTransform;
  private offset = 0;

  constructor(header: string, first: string, tables = csvTables()) {
    this.transform = createTransform(tables, KEY, '2024-06-30');
    const line = Buffer.from(header);
    this.transform.header!(line, 0, line.length);
    this.single(first);
  }

  /** How many of the rows are taken at once. */
  public many(rows: string, most = MUCH): number {
    const bytes = Buffer.from(rows);
    const taken = this.transform.rows!(bytes, 0, this.offset, most, this.out);
    this.offset += bytes.length;
    return taken?.count ?? 0;
  }

  public single(row: string): void {
    const bytes = Buffer.from(row);
    this.transform.transform(bytes, 0, bytes.length, this.out);
    this.out.byte(0x0a);
    this.offset += bytes.length + 1;
  }

  /** What was written of the rows since the last time. */
  public get written(): string[] {
    const lines = Buffer.from(this.out.written()).toString().split('\n').slice(0, -1);
    this.out.truncate(0);
    return lines;
  }

  public get counts(): readonly number[] {
    const { redacted, hashed, generalized } = this.transform.counts();
    return [redacted, hashed, generalized];
  }
}

function codeOf(id: string): string {
  const hex = createHmac('sha256', deriveSubKey(KEY, 'pseudonym')).update(id).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

test('rows of ids, dates, numbers and codes are taken at once, in any quoting and with either line end', () => {
  const table = new Table('Id,START,AMOUNT,STATUS,SSN', 'p1,2020-01-31,1,active,x');
  expect(table.written).toEqual(['Id,START,AMOUNT,STATUS', `${codeOf('p1')},2020,1,active`]);
  const rows = ['p2,2020-02-28T10:11:12Z,-1.50,final,', '"p3","1930-12-31 10:11:12.5","7","a-1","a,b"\r', ',,"",,y'];
  expect(table.many(`${rows.join('\n')}\np4`)).toBe(3);
  expect(table.written).toEqual([`${codeOf('p2')},2020,-1.50,final`, `"${codeOf('p3')}",,"7","a-1"`, ',,"",']);
  expect(table.counts).toEqual([4, 3, 2]);
});

test.each([
  ['STATUS', 'Not a code', ''],
  ['START', '01/31/2020', '2020'],
  ['START', '2020-02-29', '2020'],
  ['ZIP', '48109-1234', '481'],
  ['STATE', 'Michigan', 'Michigan'],
  ['AGE', '95', '>89'],
  ['AMOUNT', '1e3', '1e3'],
  ['CODE', '195662009', '195662009'],
])('%s: a cell %p is left the first time, and known from then on', (name, cell, written) => {
  const table = new Table(`Id,${name}`, 'p1,');
  const row = `p2,${cell}`;
  expect(table.many(`${row}\n`)).toBe(0);
  const before = table.counts;
  table.single(row);
  const after = table.counts;
  const [line] = table.written.slice(-1);
  expect(line).toBe(`${codeOf('p2')},${written}`);
  expect(table.many(`${row}\n${row}\n`)).toBe(2);
  expect(table.written).toEqual([line, line]);
  expect(table.counts).toEqual(after.map((count, i) => count + 2 * (count - before[i])));
});

test.each([
  ['an id with a space', 'Id', 'p 2'],
  ['a UUID with capitals', 'Id', 'ABCDEF01-2345-4678-89AB-CDEF01234567'],
  ['an id longer than a block', 'Id', 'x'.repeat(60)],
  ['a doubled quote', 'STATUS', '"a""b"'],
  ['a line end in a cell', 'STATUS', '"a\nb"'],
  ['a quote inside a cell', 'STATUS', 'a"b'],
  ['something behind a quote', 'STATUS', '"a"b'],
  ['a text longer than those that are remembered', 'STATUS', `${'long '.repeat(9)}x`],
])('%s is left to be looked at', (_what, name, cell) => {
  const table = new Table(`${name},GENDER`, ',F');
  for (let time = 0; time < 2; time++) expect(table.many(`${cell},F\n,M\n`)).toBe(0);
});

test('rows with too few or too many cells, empty lines and a row that is not all there are left', () => {
  const table = new Table('STATUS,TYPE', 'a,F');
  for (const row of ['a\n', 'a,F,\n', '\n', 'a,F', 'a,F\r', '"a', '"a"', '']) expect(table.many(row)).toBe(0);
  expect(new Table('STATUS', 'a').many('\n')).toBe(0);
  expect(new Table('STATUS', 'a').many('""\n')).toBe(1);
});

test('a row of which only an empty line would be left is left to be looked at', () => {
  expect(new Table('STATUS,SSN', 'a,').many(',x\n')).toBe(0);
});

test('no more rows are taken than fill what is asked for', () => {
  const table = new Table('STATUS,TYPE', 'a,F');
  expect(table.many('abc,F\nabc,F\nabc,F\n', 7)).toBe(2);
});

test('a year of birth that a date of death may let show is looked at, with its row', () => {
  const table = new Table('Id,BIRTHDATE,DEATHDATE', ',,');
  expect(table.many('p1,1930-01-01,\np2,1950-01-01,2018-01-02\np1,1930-01-01,2018-01-02\n')).toBe(2);
  expect(table.written.slice(2)).toEqual([`${codeOf('p1')},,`, `${codeOf('p2')},1950,2018`]);
  table.single('p1,1930-01-01,2018-01-02');
  expect(table.written).toEqual([`${codeOf('p1')},1930,2018`]);
});

test('a date of birth that was not shown once may be in another row', () => {
  const table = new Table('Id,BIRTHDATE,DEATHDATE', 'p1,01/01/1930,');
  expect(table.many('p1,01/01/1930,\n')).toBe(0);
  table.single('p1,01/01/1930,');
  expect(table.many('p1,01/01/1930,\np1,01/01/1930,2018-01-02\n')).toBe(1);
});

test('what a row says about its cells is never taken for what other rows say', () => {
  const table = new Table('ZIP,COUNTRY,STATE', '48109,US,MI');
  for (const row of ['48109,US,MI', '48109,US,MI', '48109,CA,MI', '48109,CA,MI']) {
    if (table.many(`${row}\n`) === 0) table.single(row);
  }
  expect(table.many('48109,US,MI\n48109,CA,MI\n')).toBe(1);
  const lines = table.written.slice(1);
  expect(lines.slice(3).map((line) => line.slice(0, 3))).toEqual(['000', '000', '481']);
});

test('a value is looked at where its unit or code says that it is an age', () => {
  const table = new Table('CODE,VALUE,UNITS', '8302-2,180,cm');
  for (const row of ['8302-2,180,cm', '8302-2,180,cm', '30525-0,95,a', '8302-2,95,a', '30525-0,95,']) {
    if (table.many(`${row}\n`) === 0) table.single(row);
  }
  expect(table.many('8302-2,180,cm\n30525-0,95,\n')).toBe(1);
  expect(table.many('8302-2,95,a\n')).toBe(0);
});

test('a code says its age only in the column that names what was observed', () => {
  const table = new Table('CODE,REASONCODE,VALUE', '8302-2,,95');
  expect(table.many('8302-2,30525-0,95\n')).toBe(0);
  table.single('8302-2,30525-0,95');
  expect(table.many('8302-2,30525-0,95\n30525-0,30525-0,95\n')).toBe(1);
});

test.each(['1/3/1950', '1950-1-3', '03JAN1950', '3.1.1950'])('a day is no code, however often it comes: %s', (day) => {
  const table = new Table('STATUS,AMOUNT', 'active,1');
  expect(table.many(`${day},1\n`)).toBe(0);
  table.single(`${day},1`);
  expect(table.many(`${day},1\n${day},2\n`)).toBe(2);
  expect(table.written.slice(1)).toEqual(['active,1', ',1', ',1', ',2']);
});

test('a table with a value rule for a column that is kept is gone through row by row', () => {
  const table = new Table('STATUS,START', 'a,2020-01-31', csvTables([{ column: 'START', method: 'dateShift' }]));
  expect(table.many('a,2020-01-31\n')).toBe(0);
});

test('a row longer than any may be is left to be counted as such', async () => {
  const tables = csvTables([], {}, { maxRecordBytes: 20, maxRejectRatio: 1 });
  const { counts } = await runCsv(
    [`STATUS,SSN\n${'a,b\n'.repeat(20)}a,${'x'.repeat(20)}\n${'a,b\n'.repeat(20)}`],
    tables,
  );
  expect(counts).toMatchObject({ read: 41, written: 40, byError: { REC_TOO_LARGE: 1 } });
});

test('more new ids than are remembered have their codes, each among others and again', async () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `patient-${(i * 7919) % 9973}`);
  const { lines, deid } = await runCsv(`Id,GENDER\n${ids.map((id) => `${id},F\n`).join('')}`);
  expect(lines.slice(1)).toEqual(ids.map((id) => `${codeOf(id)},F`));
  expect(deid.hashed).toBe(ids.length);
});

test('the same rows become the same bytes, gzip and all, in chunks of any size', async () => {
  const rows = Array.from(
    { length: 30_000 },
    (_, i) => `p${i % 77},2020-01-${10 + (i % 20)},${i},active${i % 9 ? '' : '!'}\n`,
  );
  const source = Buffer.from(`Id,START,AMOUNT,STATUS\n${rows.join('')}`);
  const whole = await runCsv(source);
  for (const size of [40, 5000, 65_536]) {
    const chunks = Array.from({ length: Math.ceil(source.length / size) }, (_, i) =>
      source.subarray(i * size, (i + 1) * size),
    );
    expect(await runCsv(chunks)).toEqual(whole);
  }
});

test('a run that only validates drops the rows that were taken at once', async () => {
  const { text, counts } = await runCsv(
    `STATUS,GENDER\n${'a,F\n'.repeat(100)}`,
    csvTables([], { name: 'validate-only' }),
  );
  expect(text).toBe('');
  expect(counts).toMatchObject({ read: 100, written: 0, dropped: 100 });
});
