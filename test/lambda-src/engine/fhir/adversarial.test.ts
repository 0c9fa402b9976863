import * as fc from 'fast-check';
import { patient, run } from './run-transform';

describe('keys', () => {
  test.each([
    ['birthDate', '{"resourceType":"Patient","birthDate":"1980","birthDate":"1981"}'],
    ['name', '{"resourceType":"Patient","name":[],"name":[]}'],
    ['birthDate', '{"resourceType":"Patient","birthDate":"1980","\\u0062irthDate":"1981"}'],
    ['resourceType', '{"resourceType":"Patient","resourceType":"Basic"}'],
  ])('a second %s rejects the record', (name, record) => {
    const { code, path, text } = run(record);
    expect([code, path, text]).toEqual(['FHIR_DUPLICATE_KEY', `Patient.${name}`, '']);
  });

  test('a second key is found behind an object of the same type', () => {
    const item = '{"item":[{"type":"group"}],"type":"group","item":[]}';
    expect(run(`{"resourceType":"Questionnaire","item":[${item}]}`).code).toBe('FHIR_DUPLICATE_KEY');
  });

  test('the same key in other objects is no duplicate', () => {
    expect(run(patient({ contact: [{ gender: 'male' }, { gender: 'female' }], gender: 'other' })).code).toBeUndefined();
  });

  test('an escaped name is no way around a rule, nor is one that only begins like another', () => {
    const { json } = run(
      '{"\\u0072esourceType":"Patient","\\u006eame":[{"family":"CANARY"}],"g\\u0065nder":"m\\u0061le","gende":"CANARY","birthDateX":"CANARY","":"CANARY","__proto__":"CANARY"}',
    );
    expect(json).toEqual({ resourceType: 'Patient', gender: 'male' });
  });

  test('an escaped text is judged by what it says', () => {
    const { json } = run(
      '{"resourceType":"Patient","birthDate":"19\\u00380-01-01","id":"\\u0061","address":[{"postalCode":"\\u003002138"},{"state":"M\\u0041"}]}',
    );
    expect(json).toMatchObject({
      birthDate: '1980',
      id: run(patient({ id: 'a' })).json.id,
      address: [{ postalCode: '000' }, { state: 'MA' }],
    });
  });

  test('the type may come last, in the record and in what it contains', () => {
    const { json } = run({
      contained: [{ gender: 'male', name: [{ text: 'CANARY' }], resourceType: 'Patient' }],
      status: 'final',
      resourceType: 'Observation',
    });
    expect(json).toEqual({
      contained: [{ gender: 'male', resourceType: 'Patient' }],
      status: 'final',
      resourceType: 'Observation',
    });
  });
});

describe('types', () => {
  test.each([
    ['FHIR_NO_TYPE', {}],
    ['FHIR_NO_TYPE', { resourceType: 7 }],
    ['FHIR_NO_TYPE', { resourceType: null }],
    ['FHIR_NO_TYPE', []],
    ['FHIR_NO_TYPE', [patient({})]],
    ['FHIR_UNKNOWN_TYPE', { resourceType: 'Canary' }],
    ['FHIR_UNKNOWN_TYPE', { resourceType: 'DomainResource' }],
    ['FHIR_UNKNOWN_TYPE', { resourceType: 'HumanName' }],
    ['FHIR_UNKNOWN_TYPE', { resourceType: 'toString' }],
  ])('%s: case %#', (code, record) => {
    expect(run(record)).toMatchObject({ code, text: '' });
  });

  test('a contained resource of no known type is dropped alone', () => {
    const { json } = run(
      patient({
        contained: [
          { resourceType: 'Canary', x: 'CANARY' },
          { x: 'CANARY' },
          'CANARY',
          { resourceType: 'Basic', id: 'b' },
        ],
      }),
    );
    expect(json.contained).toMatchObject([{ resourceType: 'Basic' }]);
  });

  test('a resource in a Bundle or among Parameters is judged on its own', () => {
    const resource = { resourceType: 'Patient', name: [{ text: 'CANARY' }], gender: 'male' };
    const kept = { resourceType: 'Patient', gender: 'male' };
    expect(
      run({ resourceType: 'Bundle', type: 'batch', entry: [{ fullUrl: 'http://CANARY', resource }] }).json,
    ).toEqual({ resourceType: 'Bundle', type: 'batch', entry: [{ resource: kept }] });
    expect(
      run({ resourceType: 'Parameters', parameter: [{ name: 'CANARY', valueString: 'CANARY', resource }] }).json
        .parameter,
    ).toEqual([{ resource: kept }]);
  });

  test.each([
    { active: 'true' }, { active: 1 }, { gender: 1 }, { birthDate: 1980 }, { birthDate: {} }, { birthDate: [['1980']] }, { multipleBirthInteger: 1.5 },
    { multipleBirthInteger: 2147483648 }, { multipleBirthInteger: '1' }, { address: [{ postalCode: 2138 }] }, { address: [{ state: true }] },
    { maritalStatus: { coding: [{ system: 'http://loinc.org', code: 1 }] } }, { managingOrganization: { reference: 1 } },
  ])('case %#: a primitive of another kind rejects the record', (fields) => {
    expect(run(patient(fields))).toMatchObject({ code: 'FHIR_BAD_PRIMITIVE', text: '' });
  }); // prettier-ignore

  test('a text where an object belongs, or the other way round in what is dropped, leaves nothing', () => {
    expect(
      run(patient({ maritalStatus: 'CANARY', contact: ['CANARY', 7, [{}]], name: 'CANARY', telecom: 7 })).json,
    ).toEqual({ resourceType: 'Patient' });
  });
});

describe('what is left is valid FHIR', () => {
  test('no empty object or array, no null and no dangling comma is left', () => {
    const record = patient({
      name: [],
      contact: [{}, { name: {} }],
      maritalStatus: {},
      communication: [{ language: { text: 'CANARY' } }, { preferred: true }],
      active: null,
      _active: {},
      gender: 'male',
      x: 1,
    });
    expect(run(record).text).toBe('{"resourceType":"Patient","communication":[{"preferred":true}],"gender":"male"}');
  });

  test('extensions of primitives are dropped, and the nulls that kept their places', () => {
    const record = {
      resourceType: 'CapabilityStatement',
      status: 'active',
      _status: { extension: [{ valueString: 'CANARY' }] },
      rest: [
        {
          mode: 'server',
          resource: [
            { type: 'Patient', referencePolicy: [null, 'literal', null], _referencePolicy: [{ id: 'CANARY' }] },
          ],
        },
      ],
    };
    expect(run(record).json).toEqual({
      resourceType: 'CapabilityStatement',
      status: 'active',
      rest: [{ mode: 'server', resource: [{ type: 'Patient', referencePolicy: ['literal'] }] }],
    });
    expect(
      run(patient({ _birthDate: { extension: [{ valueDateTime: '1970-01-01T10:00:00Z' }] }, birthDate: '1970-01-01' }))
        .json,
    ).toEqual({ resourceType: 'Patient', birthDate: '1970' });
  });

  test('white space goes, so that a record is one line', () => {
    expect(run('\r\n{ "resourceType" :\t"Patient" ,\n "active" : true }\n').text).toBe(
      '{"resourceType":"Patient","active":true}',
    );
  });

  test.each([
    '1.00',
    '1e-7',
    '1E+2',
    '-0.0',
    '0.10',
    '123456789012345678901234567890',
    '1.000000000000000000000000000001',
  ])('the decimal %s keeps its text', (text) => {
    expect(run(`{"resourceType":"Observation","valueQuantity":{"value":${text}}}`).text).toContain(`"value":${text}}`);
  });
});

describe('any bytes at all', () => {
  const dangerous = fc.constantFrom(
    'CANARY',
    'CANARY Name',
    '1980-01-01',
    'male',
    'Patient/1',
    'M',
    'http://loinc.org',
    'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
    '02138',
    'final',
    'text',
  );
  const name = fc.constantFrom(
    'name',
    'text',
    'div',
    'display',
    'valueString',
    'city',
    'line',
    'identifier',
    'value',
    'extension',
    'url',
    'note',
    'contact',
    'address',
    'reference',
    'contained',
    'coding',
    'code',
    'resourceType',
    '_birthDate',
    'x',
  );
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'medium' },
      dangerous,
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(name, tie('any'), { maxKeys: 5 }),
    ),
  })).any;

  test('a text under a name that may hold one never comes out', () => {
    const type = fc.constantFrom(
      'Patient',
      'Observation',
      'Condition',
      'Bundle',
      'Parameters',
      'Questionnaire',
      'Location',
      'Claim',
    );
    fc.assert(
      fc.property(
        type,
        fc.dictionary(
          name.filter((key) => key !== 'resourceType'),
          value,
          { maxKeys: 8 },
        ),
        (resourceType, fields) => {
          const { text, code } = run({ resourceType, ...fields });
          // A code of one word beside a published system is what the profile keeps.
          expect(text.replace(/"system":"http:\/\/loinc.org","code":"CANARY"/g, '')).not.toMatch(
            /CANARY (?!$)|"CANARY"/,
          );
          expect(code === undefined || text === '').toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a record that is cut or damaged anywhere is rejected without a byte, or stays clean', () => {
    const record = JSON.stringify(
      patient({
        name: [{ family: 'CANARY' }],
        gender: 'male',
        birthDate: '1980-01-01',
        address: [{ city: 'CANARY', state: 'MA' }],
      }),
    );
    for (let at = 0; at < record.length; at++) expect(run(record.slice(0, at)).code).toBe('REC_SYNTAX');
    fc.assert(
      fc.property(fc.nat(record.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(record);
        bytes[at] = byte;
        const { text, code } = run(bytes);
        expect(code === undefined ? text : '').not.toContain('CANARY');
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => run(bytes).code !== undefined),
      { numRuns: 1000 },
    );
  });

  test('a rejected record adds nothing to the counts and leaves no bytes', () => {
    expect(run(patient({ name: [{}], id: 'a', birthDate: 'CANARY' }))).toMatchObject({
      code: 'FHIR_BAD_PRIMITIVE',
      text: '',
    });
  });
});
