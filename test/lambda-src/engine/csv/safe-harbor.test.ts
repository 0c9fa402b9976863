import { createHmac } from 'node:crypto';
import { column, csvTables, runCsv } from './run-csv';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';

/** The code of a FHIR id: that of a table must be the same. */
function codeOf(id: string): string {
  const key = deriveSubKey(new Uint8Array(32).fill(7), 'pseudonym');
  const hex = createHmac('sha256', key).update(id).digest('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

describe('columns', () => {
  test('that hold identifiers or text disappear, and so do those that nobody knows', async () => {
    const { text, counts, deid } = await runCsv(
      'Id,SSN,FIRST,ADDRESS,CITY,DESCRIPTION,FAVOURITE_COLOUR,GENDER\n' +
        'p1,999-12-3456,Alma,1 Larch Road,Oakbridge,"likes, cake",blue,F\n' +
        'p2,,,,,,,M\n',
    );
    expect(text).toBe(`Id,GENDER\n${codeOf('p1')},F\n${codeOf('p2')},M\n`);
    expect(counts).toMatchObject({ read: 2, written: 2, byType: {} });
    expect(deid).toEqual({ redacted: 6, hashed: 2, generalized: 0, shifted: 0 });
  });

  test.each(['Birth Date', 'birth_date', 'BIRTH-DATE', 'birth.date', 'BirthDate', ' birthdate '])(
    'are known however their name is written: "%s"',
    async (name) => {
      expect((await runCsv(`${name},GENDER\n1980-02-03,F\n`)).lines).toEqual([`${name},GENDER`, '1980,F']);
    },
  );

  test('keep their order and their names as the source has them', async () => {
    const { lines } = await runCsv('zip,"STATE",Id\n02139,MA,\n');
    expect(lines).toEqual(['zip,"STATE",Id', '021,MA,']);
  });

  test('that stand twice are judged alike', async () => {
    const { lines } = await runCsv('ZIP,SSN,ZIP,SSN\n02139,1,03601,2\n');
    expect(lines).toEqual(['ZIP,ZIP', '021,000']);
  });

  test('that are units beside an observation are wards and apartments in other tables, and disappear', async () => {
    const safe = csvTables();
    for (const tables of [safe, csvTables([], { name: 'limited-data-set' })]) {
      const stay = await runCsv('PATIENT_ID,STATE,Unit\np1,MA,4W\n', tables);
      expect(stay.lines.map((line) => line.split(',').slice(1).join())).toEqual(['STATE', 'MA']);
      const lab = await runCsv('LOINC,VALUE,UNIT\n2345-7,5,mg/dL\n', tables);
      expect(lab.lines).toEqual(['LOINC,VALUE,UNIT', '2345-7,5,mg/dL']);
    }
    const ruled = await runCsv('STATE,UNIT\nMA,4W\n', csvTables([{ column: 'unit', method: 'keep' }]));
    expect(ruled.lines).toEqual(['STATE,UNIT', 'MA,4W']);
  });

  test('of values are answers of any kind without codes of observations, and disappear', async () => {
    const answers = 'record,field_name,VALUE\n8731,phone,6175550143\n8731,age,93\n';
    for (const tables of [csvTables(), csvTables([], { name: 'limited-data-set' })]) {
      const { text, counts } = await runCsv(answers, tables);
      expect([/6175550143|93/.test(text), counts.read]).toEqual([false, 2]);
    }
    const ruled = await runCsv('STATE,VALUE\nMA,5\n', csvTables([{ column: 'VALUE', method: 'keep' }]));
    expect(ruled.lines).toEqual(['STATE,VALUE', 'MA,5']);
  });

  test('without a name disappear', async () => {
    expect((await runCsv(',GENDER,""," "\n1,F,2,3\n')).lines).toEqual(['GENDER', 'F']);
  });

  test('whose name is a formula disappear', async () => {
    expect((await runCsv('GENDER,-ZIP,"-STATE",=ZIP\nF,02139,MA,02139\n')).lines).toEqual(['GENDER', 'F']);
  });

  test('none of which is kept leave nothing: every row is dropped', async () => {
    const { text, counts, deid } = await runCsv('SSN,NAME\n1,2\n3,\n');
    expect([text, counts]).toMatchObject(['', { read: 2, written: 0, dropped: 2, rejected: 0 }]);
    expect(deid.redacted).toBe(3);
  });
});

describe('ids', () => {
  test('become the code that a FHIR id becomes, whichever column they stand in', async () => {
    const uuid = '3edac2e3-d223-6fae-d515-daf96ef6bc76';
    expect(await column('PATIENT', [uuid, uuid.toUpperCase(), ` ${uuid} `, `"${uuid}"`])).toEqual([
      codeOf(uuid),
      codeOf(uuid),
      codeOf(uuid),
      `"${codeOf(uuid)}"`,
    ]);
    expect(await column('BENE_ID', ['-10000010254618', 'A_1/2', '"a""b"'])).toEqual([
      codeOf('-10000010254618'),
      codeOf('A_1/2'),
      `"${codeOf('a"b')}"`,
    ]);
  });

  test('with spaces, which names have, or above 64 characters are blanked', async () => {
    expect(await column('PROVIDER', ['Gilda Ashwood', 'x'.repeat(65), 'Zoë'])).toEqual(['', '', '']);
  });

  test('disappear where the policy says so', async () => {
    const tables = csvTables([], { ids: 'drop' });
    expect((await runCsv('Id,PATIENT,GENDER\n1,2,F\n', tables)).lines).toEqual(['GENDER', 'F']);
  });
});

describe('dates', () => {
  test.each([
    '1980-02-03',
    '1980-02-03T10:11:12Z',
    '1980-02-03 10:11:12',
    '19800203',
    '03-FEB-1980',
    '3-Feb-1980',
    '02/03/1980',
    '2/3/1980',
    '1980',
    '1980-02',
    '"1980-02-03"',
    ' 1980-02-03 ',
  ])('%s becomes its year', async (cell) => {
    const quoted = cell.startsWith('"');
    expect(await column('DATE', [cell])).toEqual([quoted ? '"1980"' : '1980']);
  });

  test.each(['80-02-03', '1980-13-03', 'February 3', '02/03/80', '315532800', '1980-02-03 at home', '31-XYZ-1980'])(
    '%s is none and is blanked',
    async (cell) => {
      expect(await column('DATE', [cell])).toEqual(['']);
    },
  );

  test('that are written as a count of days are no years', async () => {
    const cells = ['3653', '9133', '2101', '2100', '9999'];
    expect(await column('DOB', cells)).toEqual(['', '', '', '2100', '9999']);
    expect(await column('START', cells, csvTables([], { name: 'limited-data-set' }))).toEqual([
      '',
      '',
      '',
      '2100',
      '9999',
    ]);
    const shifted = csvTables([{ column: 'DOB', method: 'dateShift' }]);
    expect(await column('DOB', cells, shifted)).toEqual(['', '', '', '2100', '9999']);
  });

  test('of events as long ago as an age over 89 are blanked', async () => {
    expect(await column('START', ['1934-12-31', '1935-01-01', '1890'])).toEqual(['', '1935', '']);
  });

  test('of birth are shown until an age of 90 follows from them', async () => {
    expect(await column('DOB', ['1934-12-31', '1935-01-01', '2024-06-01'])).toEqual(['', '1935', '2024']);
  });

  test('of birth are bounded by the year of death, where that is shown', async () => {
    const rows = [
      '1930,2010',
      '1920,2010',
      '1921,2010',
      '1934,',
      '1934,1934',
      '1936,9999',
      '1930,unknown',
      '1930,2030',
      '1940,3653',
    ];
    const { lines } = await runCsv(`BIRTHDATE,DEATHDATE\n${rows.join('\n')}\n`);
    expect(lines.slice(1)).toEqual([
      '1930,2010',
      ',2010',
      '1921,2010',
      ',',
      ',deceased',
      '1936,9999',
      ',',
      ',2030',
      '1940,deceased',
    ]);
  });

  test('of death that are too long ago still say that the patient is dead', async () => {
    expect(await column('DEATH_DT', ['1901-01-01', '"01-JAN-1901"', '', 'x'])).toEqual([
      'deceased',
      '"deceased"',
      '',
      '',
    ]);
  });

  test('of death that cannot be read still say that the patient is dead, and placeholders do not', async () => {
    const cells = ['31.12.2019', '2019/12/31', 'Dec 31 2019', '43830', '0000-00-00', '0', 'NULL', '\\N', '.'];
    const dead = 'deceased';
    expect(await column('DEATHDATE', cells)).toEqual([dead, dead, dead, dead, '', '', '', '', '']);
  });

  test('of death that stand twice leave open which one counts: the age is reckoned from today', async () => {
    const { lines } = await runCsv('BIRTHDATE,DEATHDATE,DEATH_DATE\n1930,2010,2010\n');
    expect(lines[1]).toBe(',2010,2010');
  });
});

describe('places', () => {
  test('ZIP codes become three digits, or 000', async () => {
    const cells = ['02139', '02139-1234', '021391234', '03601', '2139', 'K1A 0B1', '00000', '"02139"', ''];
    const expected = ['021', '021', '021', '000', '000', '000', '000', '"021"', ''];
    expect(await column('ZIP', cells)).toEqual(expected);
  });

  test('states are kept by name, by code and by number, and nothing else is', async () => {
    const cells = [
      'MA',
      'Massachusetts',
      'new york',
      '22',
      '09',
      'Springfield',
      '222',
      'Bavaria',
      'X5',
      '5X',
      '/5',
      '5:',
    ];
    const expected = ['MA', 'Massachusetts', 'new york', '22', '09', '', '', '', '', '', '', ''];
    expect(await column('STATE', cells)).toEqual(expected);
  });

  test('in other countries are not what they seem', async () => {
    const { lines } = await runCsv('STATE,ZIP,COUNTRY\nCA,02139,US\nCA,02139,Canada\nCA,02139,\nCA,02139, u.s.a. \n');
    expect(lines).toEqual(['STATE,ZIP', 'CA,021', ',000', 'CA,021', 'CA,021']);
  });
});

describe('ages', () => {
  test('are kept up to 89 and aggregated above', async () => {
    const cells = ['0', '42', '89', '89.9', '90', '104', '"91"', 'old', '-1', '1e2', ' 12 '];
    expect(await column('AGE', cells)).toEqual(['0', '42', '89', '89.9', '>89', '>89', '">89"', '', '', '', ' 12 ']);
  });

  test('are found among observations, by code and by unit', async () => {
    const rows = [
      '30525-0,95,',
      '30525-0,95,a',
      '30525-0,89,a',
      '30525-0,1100,mo',
      '30525-0,1000,mo',
      'QALY,95,Years',
      'X,95,years old',
      'Age,95,',
      '8302-2,195,cm',
      '8302-2,95,',
    ];
    const { lines } = await runCsv(`CODE,VALUE,UNITS\n${rows.join('\n')}\n`);
    expect(lines.slice(1)).toEqual([
      '30525-0,>89,',
      '30525-0,>89,a',
      '30525-0,89,a',
      '30525-0,,mo',
      '30525-0,1000,mo',
      'QALY,>89,Years',
      'X,>89,',
      'Age,>89,',
      '8302-2,195,cm',
      '8302-2,95,',
    ]);
  });
});

describe('numbers', () => {
  test('are kept as they stand', async () => {
    const cells = ['1.00', '-0.0', '+5', '.5', '5.', '1e-7', '"12.50"', '49112.87100000001', ' 7 '];
    expect(await column('COST', cells)).toEqual(cells);
  });

  test('are all that a column of measures keeps', async () => {
    const cells = [
      'Never smoked',
      '1,5',
      '12 mg',
      '=1+1',
      '-',
      '1-2',
      '--1',
      '999-12-3456',
      '0x10',
      'NaN',
      '1'.repeat(41),
    ];
    expect(
      await column(
        'COST',
        cells.map((cell) => `"${cell}"`),
      ),
    ).toEqual(cells.map(() => ''));
  });
});

describe('codes', () => {
  test('of any system are short words with few digits', async () => {
    const cells = ['ambulatory', 'vital-signs', 'X12', 'http://snomed.info/sct', '123456', 'a.b_c:d/e+f'];
    expect(await column('STATUS', cells)).toEqual(cells);
    const others = ['1234567', 'two words', 'x'.repeat(33), 'Zoë', '+abc', '-abc', '_abc', '5082225200', 'a@b.c'];
    expect(await column('STATUS', others)).toEqual(others.map(() => ''));
  });

  test('that are days are none', async () => {
    const cells = ['1/3/2020', '1950-1-3', '3-Jan-50', '03JAN1950', '1/2/50'];
    for (const name of ['DECEASED', 'STATUS', 'CODE', 'UNITS']) {
      expect(await column(name, cells)).toEqual(cells.map(() => ''));
    }
    expect(await column('FREQUENCY', ['1-0-1', '1/2', '1.2.10'])).toEqual(['1-0-1', '1/2', '1.2.10']);
  });

  test('of terminologies may be as long as RxNorm and SNOMED CT have them', async () => {
    const cells = [
      '195662009',
      '1049630',
      '8302-2',
      'S72.001A',
      '22298006',
      '16076005',
      '1234567',
      '999000000000001100',
    ];
    const kept = cells.slice(0, 7);
    expect(await column('CODE', cells)).toEqual([...kept, '']);
  });

  test.each(['195662008', '999123456', '5082225200', '19800203', '0195662009', '12345678'])(
    '%s has no check digit of SNOMED CT and is blanked',
    async (number) => {
      expect(await column('CODE', [number])).toEqual(['']);
    },
  );

  test('of drugs are those of the National Drug Code', async () => {
    const cells = ['12345678901', '1234-5678-90', '12345-678-90', '1234567890', '12-345', '123-45-6789-0', '-1-2'];
    expect(await column('NDC', cells)).toEqual([...cells.slice(0, 3), '', '', '', '']);
  });

  test('of who a person is are short or words of a closed list, so that no name from the next column is one', async () => {
    const cells = ['F', 'female', 'Non-Binary', '2106-3', '8507', 'Birchley', 'Doe', '02139', '1980', 'A123456'];
    const tables = csvTables([{ column: 'SEX', method: 'keep' }]);
    for (const name of ['GENDER', 'RACE', 'Marital Status', 'BENE_SEX_IDENT_CD']) {
      expect(await column(name, cells, tables)).toEqual([...cells.slice(0, 5), '', '', '', '', '']);
    }
    expect(await column('SEX', cells, tables)).toEqual(cells);
  });

  test('of surveys may be phrases, of a closed list', async () => {
    const cells = ['white', 'Black or African American', 'Not Hispanic or Latino', 'Hugo Birchley'];
    expect(await column('RACE', cells)).toEqual([...cells.slice(0, 3), '']);
  });

  test('of units have no annotations', async () => {
    const cells = ['mg/dL', 'mm[Hg]', '%', '/min', '10*3/uL', '{score}', '-cm', '+x', 'cigarettes per day'];
    expect(await column('UNITS', cells)).toEqual([...cells.slice(0, 5), '', '', '', '']);
  });
});

test('a limited data set keeps dates, towns, ZIP codes and ages, and no name, number or text', async () => {
  const tables = csvTables([], { name: 'limited-data-set' });
  const { lines } = await runCsv(
    'Id,BIRTHDATE,DEATHDATE,NAME,SSN,ADDRESS,CITY,STATE,ZIP,AGE,LAT,NPI,NOTES\n' +
      'p1,1920-02-03,2019-01-02T10:00:00Z,Alma,999,1 Larch Road,"Oak, bridge",MA,03601,99,42.1,123,text\n' +
      'p2,around 1920,,Alma,999,1 Larch Road,=HYPERLINK("x"),MA,,,,,\n'.replace('=HYPERLINK("x")', '=cmd|1'),
    tables,
  );
  expect(lines).toEqual([
    'Id,BIRTHDATE,DEATHDATE,CITY,STATE,ZIP,AGE',
    `${codeOf('p1')},1920-02-03,2019-01-02T10:00:00Z,"Oak, bridge",MA,03601,99`,
    `${codeOf('p2')},,,,MA,,`,
  ]);
});

test('a run that only validates writes nothing and counts its rows as dropped', async () => {
  const tables = csvTables([], { name: 'validate-only' });
  const { text, counts } = await runCsv('Id,GENDER\n1,F\n2\n', tables);
  expect([text, counts]).toMatchObject(['', { read: 2, dropped: 1, rejected: 1 }]);
});
