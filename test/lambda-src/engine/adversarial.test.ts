/**
 * What a hospital's export, a broken disk or an enemy may send, by name; in FHIR, and whatever the format. Tables and
 * messages have lists of their own. The word CANARY stands wherever a person could be read from; it never comes out.
 */
import { gzipSync } from 'node:zlib';
import { ageObservation, patient, run, type Outcome } from './fhir/run-transform';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { runEngine, type Chunks, type Run } from '../../support/run-engine';

const TABLES = DeidPolicy.safeHarbor()._compile();
const GOOD = '{"resourceType":"Patient","gender":"female"}';

async function engine(source: Chunks): Promise<Run> {
  const result = await runEngine(source, { tables: TABLES });
  expect(result.text).not.toContain('CANARY');
  const { read, written, dropped, rejected } = result.counts;
  expect(read).toBe(written + dropped + rejected);
  return result;
}

function clean(record: string | object): Outcome {
  const outcome = run(record);
  expect(outcome.text).not.toContain('CANARY');
  return outcome;
}

describe('a record that says the same thing twice, or in disguise', () => {
  test('duplicate keys', () => {
    const outcome = clean('{"resourceType":"Patient","birthDate":"1980-01-01","birthDate":"CANARY"}');
    expect(outcome).toMatchObject({ code: 'FHIR_DUPLICATE_KEY', path: 'Patient.birthDate' });
  });

  test('a duplicate key of which one is written with escapes', () => {
    expect(clean('{"resourceType":"Patient","gender":"male","gend\\u0065r":"male"}').code).toBe('FHIR_DUPLICATE_KEY');
  });

  test('escaped key names', () => {
    const { json } = clean('{"resourceType":"Patient","\\u006eame":[{"t\\u0065xt":"CANARY"}],"\\u0067ender":"male"}');
    expect(json).toEqual({ resourceType: 'Patient', gender: 'male' });
  });

  test('primitive extensions: _birthDate, _given among its values', () => {
    const extension = [{ url: 'http://example.org', valueString: 'CANARY' }];
    const { json } = clean(
      patient({ birthDate: '1980-01-02', _birthDate: { extension }, name: [{ _given: [null, { extension }] }] }),
    );
    expect(json).toEqual({ resourceType: 'Patient', birthDate: '1980' });
  });
});

describe('what identifies somebody where one does not look for it', () => {
  test.each<[string, object]>([
    ['contained resources', { contained: [{ resourceType: 'Patient', name: [{ family: 'CANARY' }] }] }],
    ['contained resources of a type that nobody knows', { contained: [{ resourceType: 'CANARY', x: 'CANARY' }] }],
    [
      'display of a coding',
      { maritalStatus: { coding: [{ system: 'http://loinc.org', code: 'M', display: 'CANARY' }] } },
    ],
    ['text of a concept', { maritalStatus: { text: 'CANARY' } }],
    ['an extension', { extension: [{ url: 'http://example.org', valueString: 'CANARY' }] }],
    [
      'a known extension of a known extension',
      {
        extension: [
          {
            url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
            extension: [{ url: 'text', valueString: 'CANARY' }],
          },
        ],
      },
    ],
    ['Reference.display', { managingOrganization: { reference: 'Organization/1', display: 'CANARY' } }],
    ['an identifier inside a reference', { managingOrganization: { identifier: { value: 'CANARY' } } }],
    ['the fragment and the query of a reference', { managingOrganization: { reference: 'Organization?name=CANARY' } }],
    ['a narrative', { text: { status: 'generated', div: '<div>CANARY</div>' } }],
    ['an attachment', { photo: [{ data: 'Q0FOQVJZ', title: 'CANARY', url: 'http://CANARY.example' }] }],
    ['an unknown element', { CANARY: 'CANARY', nickname: 'CANARY' }],
    [
      'tags and profiles',
      { meta: { source: 'CANARY', tag: [{ system: 'http://loinc.org', code: 'CANARY', display: 'CANARY' }] } },
    ],
    ['implicitRules and language', { implicitRules: 'http://CANARY', language: 'CANARY' }],
  ])('%s', (_, fields) => {
    expect(clean(patient({ ...fields, gender: 'male' })).json).toMatchObject({
      resourceType: 'Patient',
      gender: 'male',
    });
  });

  test('an unknown resource', () => {
    expect(clean({ resourceType: 'CANARY', name: 'CANARY' }).code).toBe('FHIR_UNKNOWN_TYPE');
  });

  test('an unknown modifierExtension', () => {
    const modifierExtension = [{ url: 'http://example.org/not', valueBoolean: true }];
    expect(clean(patient({ modifierExtension }))).toMatchObject({ code: 'FHIR_MODIFIER_EXTENSION', text: '' });
  });

  test('List.entry before resourceType', () => {
    const { json } = clean(
      '{"entry":[{"item":{"display":"CANARY"},"deleted":true}],"status":"current","resourceType":"List"}',
    );
    expect(json).toEqual({ entry: [{ deleted: true }], status: 'current', resourceType: 'List' });
  });
});

describe('numbers keep their text', () => {
  test.each(['1.00', '1e-7', '0.000', '123456789012345678901234567890', '0.123456789012345678901234567890'])(
    '%s',
    (text) => {
      expect(clean(`{"resourceType":"Observation","valueQuantity":{"value":${text}}}`).text).toContain(
        `"value":${text}`,
      );
    },
  );
});

describe('sizes', () => {
  test('depth 10,000', async () => {
    const deep = `{"resourceType":"Patient","contact":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect((await engine(`${GOOD}\n${deep}\n`)).counts).toMatchObject({ written: 1, byError: { REC_TOO_DEEP: 1 } });
  });

  test('a record of 50 MB', async () => {
    const piece = 'CANARY'.repeat(175_000);
    const record = ['{"resourceType":"Patient","x":"', ...Array<string>(50).fill(piece), '"}\n'];
    const { counts, rejectLines } = await engine([...record, `${GOOD}\n`]);
    expect(counts).toMatchObject({ read: 2, written: 1, byError: { REC_TOO_LARGE: 1 } });
    expect(rejectLines[0]).not.toHaveProperty('raw');
  });

  test('a Bundle over 16 MB', async () => {
    const entry = `{"fullUrl":"urn:uuid:3f1aa780-3003-4801-a506-547ac6d91a20","resource":{"resourceType":"Patient","name":[{"text":"${'CANARY'.repeat(2000)}"}]}}`;
    const bundle = ['{"resourceType":"Bundle","entry":[', ...Array<string>(1499).fill(`${entry},`), `${entry}]}`];
    expect(bundle.join('').length).toBeGreaterThan(16 * 1024 * 1024);
    expect(await engine(bundle)).toMatchObject({ format: 'fhir-bundle', counts: { read: 1500, written: 1500 } });
  });
});

describe('bytes around and inside the text', () => {
  test('a byte-order mark, CRLF, blank lines and a last line without an end', async () => {
    const { counts, text } = await engine(`\uFEFF\r\n${GOOD}\r\n\r\n  \n${GOOD}`);
    expect([counts, text]).toEqual([expect.objectContaining({ read: 2, written: 2 }), `${GOOD}\n${GOOD}\n`]);
  });

  test.each<[string, Buffer]>([
    ['invalid UTF-8 in a value', Buffer.from([0xc3, 0x28])],
    ['invalid UTF-8 in a value that would be dropped', Buffer.from([0xff])],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80])],
    ['a lone surrogate as an escape', Buffer.from('\\udc00')],
    ['a raw control character', Buffer.from([0x01])],
  ])('%s', async (_, bytes) => {
    const record = [Buffer.from('{"resourceType":"Patient","name":[{"text":"CANARY '), bytes, Buffer.from('"}]}\n')];
    expect((await engine([...record, `${GOOD}\n`])).counts).toMatchObject({ written: 1, byError: { REC_SYNTAX: 1 } });
  });

  test.each<[string, BufferEncoding]>([['UTF-16', 'utf16le']])('%s', async (_, encoding) => {
    expect(await engine(Buffer.from(GOOD, encoding))).toMatchObject({ failure: 'SRC_ENCODING' });
  });

  test('a truncated last line', async () => {
    const { counts } = await engine(`${GOOD}\n{"resourceType":"Patient","name":[{"text":"CANARY`);
    expect(counts).toMatchObject({ read: 2, written: 1, byError: { REC_SYNTAX: 1 } });
  });

  test('an empty file', async () => {
    expect(await engine('')).toMatchObject({ failure: 'SRC_UNKNOWN_FORMAT', counts: { read: 0 } });
  });
});

describe('containers', () => {
  test('gzip of many members', async () => {
    const members = Array.from({ length: 50 }, () => gzipSync(`${GOOD}\n`));
    expect(await engine(Buffer.concat(members))).toMatchObject({ encoding: 'gzip', counts: { written: 50 } });
  });

  test('a truncated gzip', async () => {
    expect(await engine(gzipSync(`${GOOD}\n`).subarray(0, -6))).toMatchObject({ failure: 'SRC_TRUNCATED' });
  });

  test('a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${GOOD}\n`), Buffer.alloc(80e6, 0x0a)]));
    expect(await engine(bomb)).toMatchObject({ failure: 'SRC_EXPANSION' });
  });

  test('a zip file', async () => {
    expect(await engine(Buffer.from('PK\u0003\u0004CANARY.ndjson'))).toMatchObject({ failure: 'SRC_UNKNOWN_FORMAT' });
  });
});

describe('time', () => {
  test('2025-12-31T23:30-05:00 is of the year 2025, whatever it is in another zone', () => {
    const { json } = clean({ resourceType: 'Encounter', period: { start: '2025-12-31T23:30-05:00' } });
    expect(json).toMatchObject({ period: { start: '2025' } });
  });

  test('an event of 1930 without a patient', () => {
    expect(clean({ resourceType: 'Encounter', status: 'finished', period: { start: '1930-05-06' } }).json).toEqual({
      resourceType: 'Encounter',
      status: 'finished',
    });
  });

  test.each<[number, object]>([
    [89, { value: 89, unit: 'a' }],
    [90, { value: 89, comparator: '>', unit: 'a' }],
    [91, { value: 89, comparator: '>', unit: 'a' }],
  ])('an age of %d, as LOINC 30525-0', (value, shown) => {
    const valueQuantity = { value, unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
    expect(clean(ageObservation({ valueQuantity })).json).toMatchObject({ valueQuantity: shown });
  });

  // The reference date is in 2024: of those born in 1934 some are 90.
  test.each<[string, string | undefined]>([
    ['1933-12-31', undefined],
    ['1934-01-01', undefined],
    ['1934-12-31', undefined],
    ['1935-01-01', '1935'],
    ['1936-02-29', '1936'],
  ])('born %s', (birthDate, shown) => {
    expect(clean(patient({ birthDate })).json).toEqual({ resourceType: 'Patient', ...(shown && { birthDate: shown }) });
  });

  test.each<[string, string, string | undefined]>([
    ['1930-01-01', '2019-12-31', '1930'],
    ['1930-12-31', '2020-01-01', undefined],
    ['1920-02-29', '2008-02-29', '1920'],
  ])('born %s, dead %s', (birthDate, deceasedDateTime, shown) => {
    const { json } = clean(patient({ birthDate, deceasedDateTime }));
    expect(json).toEqual({
      resourceType: 'Patient',
      ...(shown && { birthDate: shown }),
      deceasedDateTime: deceasedDateTime.slice(0, 4),
    });
  });
});
