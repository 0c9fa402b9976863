import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TableName } from './ways';
import { Random } from '../../test/support/random';
import { syntheticPerson } from '../../test/support/synthetic-patients';

/** A table of about this size in the layout of Synthea's, with an id of its own for every row. */
export async function writeTable(file: string, table: TableName, bytes: number): Promise<void> {
  const source = Readable.from(pieces(ROWS[table](), bytes), { objectMode: false });
  await pipeline(source, createWriteStream(file));
}

type Rows = Generator<readonly (string | number)[]>;

const ROWS: Readonly<Record<TableName, () => Rows>> = { observations, encounters, patients };

function* observations(): Rows {
  yield 'DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE'.split(',');
  const measures = [
    ['vital-signs', '8302-2', 'Body Height', 'cm'],
    ['vital-signs', '8867-4', 'Heart rate', '/min'],
    ['laboratory', '2339-0', 'Glucose [Mass/volume] in Blood', 'mg/dL'],
    ['laboratory', '6690-2', '"Leukocytes [#/volume] in Blood, automated"', '10*3/uL'],
  ];
  for (let index = 0; ; index++) {
    const { id } = syntheticPerson(index);
    const random = new Random(index, 6);
    for (let visits = random.between(10, 30); visits > 0; visits--) {
      const [day, encounter] = [`${random.date(2010, 2023)}T16:17:47Z`, random.uuid()];
      for (let n = random.between(5, 15); n > 0; n--) {
        const [category, code, description, unit] = random.pick(measures);
        yield [day, id, encounter, category, code, description, random.int(2000) / 10, unit, 'numeric'];
      }
    }
  }
}

function* patients(): Rows {
  yield (
    'Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,' +
    'ADDRESS,CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE'
  ).split(',');
  for (let index = 0; ; index++) {
    const person = syntheticPerson(index);
    const random = new Random(index, 3);
    const { id, birthDate, ssn, given, family, street, city, state, postalCode } = person;
    const death = random.chance(10) ? random.date(2023, 2024) : '';
    const names = ['Mx.', given, family, '', random.chance(30) ? person.relative : '', random.pick(['M', 'S', ''])];
    const survey = ['white', 'nonhispanic', random.pick(['F', 'M']), `"${city}, ${state}, US"`];
    const place = [
      street,
      city,
      state,
      `${city} County`,
      postalCode,
      random.between(25, 48) + 0.42877442769006,
      -71.15,
    ];
    const money = [random.int(99999999) / 100, random.int(9999999) / 100];
    yield [
      id,
      birthDate,
      death,
      ssn,
      `S${random.digits(8)}`,
      `X${random.digits(8)}X`,
      ...names,
      ...survey,
      ...place,
      ...money,
    ];
  }
}

function* encounters(): Rows {
  yield (
    'Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,' +
    'TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION'
  ).split(',');
  const common = new Random(4);
  const [organizations, providers, payers] = [60, 200, 10].map((count) =>
    Array.from({ length: count }, () => common.uuid()),
  );
  const codes = [
    ['185345009', 'Encounter for symptom'],
    ['410620009', 'Well child visit (procedure)'],
    ['185347001', '"Encounter for problem, (procedure)"'],
  ];
  for (let index = 0; ; index++) {
    const { id } = syntheticPerson(index);
    const random = new Random(index, 5);
    for (let visits = random.between(10, 30); visits > 0; visits--) {
      const day = random.date(2010, 2023);
      const times = [`${day}T16:17:47Z`, `${day}T16:32:47Z`];
      const ids = [id, random.pick(organizations), random.pick(providers), random.pick(payers)];
      const kind = [random.pick(['ambulatory', 'wellness', 'inpatient']), ...random.pick(codes)];
      const reason = random.chance(40) ? ['195662009', 'Acute viral pharyngitis (disorder)'] : ['', ''];
      yield [random.uuid(), ...times, ...ids, ...kind, '77.49', random.int(999999) / 100, '0.00', ...reason];
    }
  }
}

function* pieces(rows: Rows, bytes: number): Generator<Buffer> {
  let written = 0;
  let text = '';
  for (const row of rows) {
    text += `${row.join(',')}\n`;
    if (text.length < 256 * 1024) continue;
    const piece = Buffer.from(text);
    text = '';
    yield piece;
    written += piece.length;
    if (written >= bytes) return;
  }
}
