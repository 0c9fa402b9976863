import { column, csvTables, runCsv } from './run-csv';

function withRules(...rules: unknown[]): ReturnType<typeof csvTables> {
  return csvTables(rules);
}

const DAY = 24 * 3600 * 1000;

test('a rule makes a column known that the dictionary does not know, and the table with it', async () => {
  const tables = withRules({ column: 'ward', method: 'keep' });
  const { lines } = await runCsv('bed;Ward\n7;"North; 3"\n', tables);
  expect(lines).toEqual(['Ward', '"North; 3"']);
});

test('kept text is what it was, quotes and line ends included', async () => {
  const cells = ['plain', '"a,b"', '"a ""b"""', '"a\r\nb"', ' x ', 'é😀', ''];
  const { text } = await runCsv(
    ['note,GENDER\n', ...cells.map((cell) => `${cell},F\n`)],
    withRules({ column: 'note', method: 'keep' }),
  );
  expect(text).toBe(`note,GENDER\n${cells.map((cell) => `${cell},F\n`).join('')}`);
});

test('what a rule writes is quoted where it has to be', async () => {
  const tables = withRules({ column: 'a', method: 'substitute', replaceWith: 'x, "y"\nz' });
  expect((await runCsv('a,GENDER\n1,F\n"2",M\n,F\n', tables)).text).toBe(
    'a,GENDER\n"x, ""y""\nz",F\n"x, ""y""\nz",M\n,F\n',
  );
});

test.each([',', '"', '\n', '\r'])('what a rule writes is quoted for %j alone', async (byte) => {
  const tables = withRules({ column: 'a', method: 'substitute', replaceWith: `x${byte}y` });
  const cell = `"x${byte.replace('"', '""')}y"`;
  expect((await runCsv('a,GENDER\n1,F\n', tables)).text).toBe(`a,GENDER\n${cell},F\n`);
});

test('what a rule writes anew is quoted if the cell was', async () => {
  const tables = withRules({ column: 'seen', method: 'year' }, { column: 'plz', method: 'zip3' });
  const { lines, deid } = await runCsv('seen,plz\n"2020-01-02","02139"\n2020-01-02,1\nx,\n', tables);
  expect(lines.slice(1)).toEqual(['"2020","021"', '2020,000', ',']);
  expect(deid).toEqual({ redacted: 1, hashed: 0, generalized: 4, shifted: 0 });
});

test('a rule reads the text of a cell, not how it is written', async () => {
  const tables = withRules({ column: 'a', method: 'cryptoHash' });
  const cells = ['x', '"x"', ' x ', '"x""y"', '"x""z"'];
  const [plain, quoted, spaced, escaped, other] = await column('a', cells, tables);
  expect([quoted, spaced]).toEqual([`"${plain}"`, plain]);
  expect(new Set([plain, escaped, other]).size).toBe(3);
});

describe('dates of a patient', () => {
  const tables = withRules({ column: 'START', method: 'dateShift' }, { column: 'STOP', method: 'dateShift' });

  test('are shifted alike, in every row and in every table', async () => {
    const one = await runCsv('PATIENT,START,STOP\np1,2020-03-01,2020-03-11\np2,2020-03-01,\np1,2020-03-01,\n', tables);
    const other = await runCsv('STOP|"BENE_ID"\n03/01/2020|p1\n01-MAR-2020|p1\n20200301|"p2"\n', tables);
    const cells = one.lines.slice(1).map((line) => line.split(',').slice(1));
    const [start, stop] = cells[0].map((date) => Date.parse(date));
    expect((stop - start) / DAY).toBe(10);
    expect(Math.abs(start - Date.parse('2020-03-01')) / DAY).toBeGreaterThan(0);
    expect(cells[2][0]).toBe(cells[0][0]);
    expect(cells[1][0]).not.toBe(cells[0][0]);
    const [slashed, named, basic] = other.lines.slice(1).map((line) => line.split('|')[0]);
    expect(Date.parse(`${slashed} UTC`)).toBe(start);
    expect(Date.parse(`${named} UTC`)).toBe(start);
    expect(basic).toBe(cells[1][0].replaceAll('-', ''));
    expect([one.deid.shifted, other.deid.shifted]).toEqual([4, 3]);
  });

  test('become years where nobody knows whose they are', async () => {
    const { lines } = await runCsv('Id,START\nvisit1,2020-03-01\n', tables);
    expect(lines[1].split(',')[1]).toBe('2020');
    expect((await runCsv('PATIENT,START\n,2020-03-01\n', tables)).lines[1]).toBe(',2020');
  });

  test('are those of the id in a table of people', async () => {
    const people = await runCsv('Id,BIRTHDATE,START\np1,1980-01-01,2020-03-01\n', tables);
    const visits = await runCsv('PATIENT,START\np1,2020-03-01\n', tables);
    expect(people.lines[1].split(',')[2]).toBe(visits.lines[1].split(',')[1]);
    expect(people.deid.shifted).toBe(1);
  });

  test('are those of the patient where a table of people has an id of its rows, too', async () => {
    const people = await runCsv('Id,PATIENT,BIRTHDATE,START\nrow1,p1,1980-01-01,2020-03-01\n', tables);
    const visits = await runCsv('PATIENT,START\np1,2020-03-01\n', tables);
    expect(people.lines[1].split(',')[3]).toBe(visits.lines[1].split(',')[1]);
  });

  test('are those of the column that the policy names, shown or not', async () => {
    const named = withRules(
      { column: 'START', method: 'dateShift' },
      { column: 'who', method: 'redact', patient: true },
    );
    const { lines } = await runCsv('PATIENT,who,START\nx,p1,2020-03-01\n', named);
    const visits = await runCsv('PATIENT,START\np1,2020-03-01\n', tables);
    expect(lines[0]).toBe('PATIENT,START');
    expect(lines[1].split(',')[1]).toBe(visits.lines[1].split(',')[1]);
  });
});

test('a rule for years of birth knows of the death in the same row', async () => {
  const tables = withRules({ column: 'DOB', method: 'year' });
  const { lines } = await runCsv('DOB,DEATHDATE\n1930-01-01,2010-01-01\n1930-01-01,\n', tables);
  expect(lines.slice(1)).toEqual(['1930,2010', ',']);
});

test('ages above 89 are aggregated by a rule as by the dictionary', async () => {
  expect(await column('years', ['89', '90', 'x'], withRules({ column: 'years', method: 'age' }))).toEqual([
    '89',
    '>89',
    '',
  ]);
});

test('what is encrypted is no formula, whatever it begins with', async () => {
  const cells = Array.from({ length: 300 }, (_, i) => `value ${i}`);
  const written = await column('a', cells, withRules({ column: 'a', method: 'encrypt' }));
  expect(written.every((cell) => cell.length > 20)).toBe(true);
});

test('numbers are perturbed, and the same again for the same bytes', async () => {
  const tables = withRules({ column: 'VALUE', method: 'perturb', span: 10 });
  const [first, again] = [await column('VALUE', ['100', 'x'], tables), await column('VALUE', ['100', 'x'], tables)];
  expect(first).toEqual(again);
  expect(Math.abs(Number(first[0]) - 100)).toBeLessThanOrEqual(5);
  expect(first[1]).toBe('');
});

test('a rule for a column of measures is what becomes of it', async () => {
  const cells = Array.from({ length: 20 }, (_, i) => String(i));
  const perturbed = await column('VALUE', cells, withRules({ column: 'VALUE', method: 'perturb', span: 10 }));
  expect(perturbed).not.toEqual(cells);
  const redacted = withRules({ column: 'VALUE', method: 'redact' });
  expect((await runCsv('VALUE,GENDER\n5,F\n', redacted)).lines).toEqual(['GENDER', 'F']);
});

test('values are generalized by their cases', async () => {
  const rule = {
    column: 'ward',
    method: 'generalize',
    cases: { "$this in ('N1' | 'N2')": "'north'" },
    otherValues: 'redact',
  };
  expect(await column('ward', ['N1', 'N2', 'S1'], withRules(rule))).toEqual(['north', 'north', '']);
});
