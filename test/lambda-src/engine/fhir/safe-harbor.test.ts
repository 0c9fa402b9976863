import { ageObservation, patient, run } from './run-transform';
import { RESTRICTED_ZIP3 } from '../../../../src/deidentification/private/geography';

const CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
const UCUM = 'http://unitsofmeasure.org';
const CAPPED = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
const years = (value: number): object => ({ value, unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' });

describe('names, contacts and free text', () => {
  test('nothing that identifies a patient is left, and what describes them stays', () => {
    const { json } = run(
      patient({
        meta: { source: 'CANARY' },
        implicitRules: 'http://canary',
        language: 'en',
        text: { status: 'generated', div: '<div>CANARY</div>' },
        identifier: [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: 'CANARY' }],
        active: true,
        name: [{ family: 'CANARY' }],
        telecom: [{ system: 'phone', value: 'CANARY' }],
        gender: 'female',
        photo: [{ data: 'CANARY' }],
        contact: [{ name: { family: 'CANARY' }, gender: 'male', organization: { display: 'CANARY' } }],
        maritalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M', display: 'CANARY' }],
          text: 'CANARY',
        },
        unknownElement: 'CANARY',
      }),
    );
    expect(json).toEqual({
      resourceType: 'Patient',
      active: true,
      gender: 'female',
      contact: [{ gender: 'male' }],
      maritalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M' }] },
    });
  });

  test('a code is kept where its binding is required and its value in the set, and dropped otherwise', () => {
    expect(run(patient({ gender: 'male' })).json.gender).toBe('male');
    expect(run(patient({ gender: 'CANARY' })).json.gender).toBeUndefined();
    expect(run({ resourceType: 'Binary', contentType: 'text/plain' }).json).toEqual({ resourceType: 'Binary' });
  });

  test('a coding needs a system that may be shown, and a code that cannot be a number of a person', () => {
    const shown = (coding: object): unknown => run(patient({ maritalStatus: { coding: [coding] } })).json.maritalStatus;
    expect(shown({ system: 'http://loinc.org', code: '30525-0' })).toBeDefined();
    expect(shown({ system: 'http://snomed.info/sct', code: '424144002' })).toBeDefined();
    expect(shown({ system: 'http://lab.example/codes', code: 'GLU-1', userSelected: true })).toBeDefined();
    expect(shown({ code: 'M' })).toBeUndefined();
    expect(shown({ system: 'http://lab.example/codes' })).toBeUndefined();
    expect(shown({ system: 'http://lab.example/codes', code: 'Jane Doe' })).toBeUndefined();
    expect(shown({ system: 'http://lab.example/codes', code: '123-45-6789' })).toBeUndefined();
    expect(shown({ system: 'http://hl7.org/fhir/sid/us-ssn', code: '1' })).toBeUndefined();
    expect(shown({ system: 'urn:oid:2.16.840.1.113883.4.1', code: '1' })).toBeUndefined();
    expect(shown({ system: 'urn:oid:2.16.840.1.113883.6.93', code: '13089' })).toBeUndefined();
    expect(shown({ system: 'urn:oid:2.16.840.1.113883.6.92', code: '13' })).toBeDefined();
    expect(shown({ system: 'http://lab.example/codes', code: '1/3/1950' })).toBeUndefined();
    expect(shown({ system: 'http://lab.example/?patient=Doe', code: 'A' })).toBeUndefined();
    expect(shown({ system: 'http://jane@lab.example/', code: 'A' })).toBeUndefined();
    expect(shown({ system: 'Doe', code: 'A' })).toBeUndefined();
    expect(shown({ system: 'http://snomed.info/sct', code: '284196006|Jane|' })).toBeUndefined();
  });

  test.each([
    ['urn:oid:2.16.840.1.113883.6.93', '48201'],
    ['http://terminology.hl7.org/CodeSystem/FIPS64', '48201'],
    ['https://www.census.gov/geo/reference/', '48201'],
    ['urn:oid:2.16.840.1.113883.6.231', '02138'],
    ['http://terminology.hl7.org/CodeSystem/USZIPCODES', '02138'],
    ['urn:oid:2.16.840.1.113883.6.245', '975772'],
    ['http://hl7.org/fhir/us/vr-common-library/CodeSystem/CodeSystem-jurisdictions-vr', 'YC'],
    ['http://terminology.hl7.org/CodeSystem/v2-0289', '201'],
    ['urn:oid:2.16.840.1.113883.12.289', '201'],
    ['https://bluebutton.cms.gov/resources/variables/prvdr_zip', '999999999'],
    ['https://bluebutton.cms.gov/resources/variables/bene_id', '-20140000008325'],
    ['https://bluebutton.cms.gov/resources/variables/clm_id', '777777777'],
    ['https://bluebutton.cms.gov/resources/identifier/claim-group', '900'],
  ])('a code of %s is that of a person or of a place smaller than a state, and is not kept', (system, code) => {
    const maritalStatus = { coding: [{ system, code }] };
    expect(run(patient({ maritalStatus })).json).toEqual({ resourceType: 'Patient' });
  });

  test('race, ethnicity, birth sex, sex and gender identity are kept without their texts', () => {
    const coding = { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3' };
    const identity = { coding: [{ system: 'http://snomed.info/sct', code: '446141000124107' }] };
    const { json } = run(
      patient({
        extension: [
          {
            url: `${CORE}race`,
            extension: [
              { url: 'ombCategory', valueCoding: { ...coding, display: 'CANARY' } },
              { url: 'text', valueString: 'CANARY' },
            ],
          },
          { url: `${CORE}ethnicity`, extension: [{ url: 'text', valueString: 'CANARY' }] },
          { url: `${CORE}birthsex`, valueCode: 'F' },
          { url: `${CORE}sex`, valueCode: 'CANARY' },
          { url: `${CORE}genderIdentity`, valueCodeableConcept: { ...identity, text: 'CANARY' } },
          { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: 'CANARY' },
          { valueString: 'CANARY', url: 'http://unknown.example' },
        ],
      }),
    );
    expect(json.extension).toEqual([
      { url: `${CORE}race`, extension: [{ url: 'ombCategory', valueCoding: coding }] },
      { url: `${CORE}birthsex`, valueCode: 'F' },
      { url: `${CORE}genderIdentity`, valueCodeableConcept: identity },
    ]);
  });

  test('a position is finer than a state and is dropped', () => {
    const location = { resourceType: 'Location', position: { longitude: -122.04, latitude: 47.5 }, status: 'active' };
    expect(run(location).json).toEqual({ resourceType: 'Location', status: 'active' });
  });

  test('a unit is kept where it is a known one or says what the code says', () => {
    const quantity = (value: object): unknown =>
      run({ resourceType: 'Observation', valueQuantity: value }).json.valueQuantity;
    expect(quantity({ value: 5, unit: 'mg/dL', system: UCUM, code: 'mg/dL' })).toEqual({
      value: 5,
      unit: 'mg/dL',
      system: UCUM,
      code: 'mg/dL',
    });
    expect(quantity({ value: 5, unit: 'mmHg CANARY', system: UCUM, code: 'mm[Hg]' })).toEqual({
      value: 5,
      system: UCUM,
      code: 'mm[Hg]',
    });
    expect(quantity({ value: 5, unit: 'CANARY' })).toEqual({ value: 5 });
    expect(quantity({ value: 5, system: UCUM, code: '{CANARYNAME}' })).toEqual({ value: 5, system: UCUM });
  });

  test('a unit that is in no list may have 16 characters and no braces', () => {
    const code = (length: number) => '10*3/mmol/kg/min/m2'.slice(0, length);
    const kept = (length: number): unknown =>
      (
        run({ resourceType: 'Observation', valueQuantity: { value: 5, system: UCUM, code: code(length) } }).json
          .valueQuantity as { code?: string }
      ).code;
    expect([9, 16, 17].map(kept)).toEqual([code(9), code(16), undefined]);
  });

  test.each(['123-45-6789', '555.123.4567', '1977-07-17', '197707'])('the number %s is no unit', (code) => {
    const valueQuantity = { value: 5, unit: code, system: UCUM, code };
    const shown = { value: 5, system: UCUM };
    expect(run({ resourceType: 'Observation', valueQuantity }).json.valueQuantity).toEqual(shown);
  });
});

describe('a modifier extension', () => {
  test.each(['Patient', 'Observation', 'Encounter'])('rejects a %s that has one', (resourceType) => {
    const { code, text, path } = run({ resourceType, modifierExtension: [{ url: 'http://canary' }] });
    expect([code, text, path]).toEqual(['FHIR_MODIFIER_EXTENSION', '', `${resourceType}.modifierExtension`]);
  });

  test('rejects the record when it stands in a part or in a contained resource', () => {
    expect(run(patient({ contact: [{ modifierExtension: [{}] }] })).path).toBe('Patient.contact.modifierExtension');
    expect(run(patient({ contained: [{ resourceType: 'Patient', modifierExtension: [{}] }] })).code).toBe(
      'FHIR_MODIFIER_EXTENSION',
    );
    expect(run(patient({ modifierExtension: [] })).code).toBeUndefined();
  });
});

describe('dates', () => {
  test.each([
    ['2025-12-31T23:30-05:00', '2025'],
    ['2025-12-31T23:30:00.123-05:00', '2025'],
    ['2020-02-29', '2020'],
    ['1999', '1999'],
    ['1999-07', '1999'],
  ])('case %#: the year stays as written', (written, year) => {
    expect(run({ resourceType: 'Condition', recordedDate: written }).json.recordedDate).toBe(year);
  });

  test.each([
    '19x',
    '',
    '2020-13-01',
    '2020-1-1',
    '2020-01-32',
    '2020-01-01T25:00:00Z',
    '2020-01-01T10:00:00+1:00',
    '0000',
    '2020-01-01 CANARY',
  ])('case %#: what is no date rejects the record', (recordedDate) => {
    const { code, path, text } = run({ resourceType: 'Condition', recordedDate });
    expect([code, path, text]).toEqual(['FHIR_BAD_PRIMITIVE', 'Condition.recordedDate', '']);
  });

  test('an instant has no year form and is dropped, and so is a time of day', () => {
    expect(
      run({ resourceType: 'Observation', issued: '2011-03-09T10:58:37.651-08:00', valueTime: '10:00:00' }).json,
    ).toEqual({ resourceType: 'Observation' });
  });

  test('an event 90 years ago or more is dropped, whoever it happened to', () => {
    expect(run({ resourceType: 'Condition', onsetDateTime: '1934' }).json.onsetDateTime).toBeUndefined();
    expect(run({ resourceType: 'Condition', onsetDateTime: '1935-01-01' }).json.onsetDateTime).toBe('1935');
    expect(
      run({ resourceType: 'Procedure', performedPeriod: { start: '1930', end: '2000' } }).json.performedPeriod,
    ).toEqual({ end: '2000' });
  });
});

describe('years of birth and death', () => {
  const birth = (fields: object): unknown => run(patient(fields)).json.birthDate;

  test('the year of birth is dropped from 90 years on', () => {
    expect(birth({ birthDate: '1935-12-31' })).toBe('1935');
    expect(birth({ birthDate: '1934-12-31' })).toBeUndefined();
    expect(birth({ birthDate: '1933' })).toBeUndefined();
  });

  test('the year of death counts instead of today, wherever it stands', () => {
    expect(birth({ birthDate: '1911-01-01', deceasedDateTime: '2000-05-05' })).toBe('1911');
    expect(birth({ deceasedDateTime: '2000-05-05', birthDate: '1910-01-01' })).toBeUndefined();
    expect(birth({ deceasedBoolean: true, birthDate: '1910-01-01' })).toBeUndefined();
  });

  test('a patient who died says nothing of who comes next', () => {
    for (const resourceType of ['Person', 'Practitioner', 'RelatedPerson']) {
      run(patient({ birthDate: '1900-01-01', deceasedDateTime: '1989-05-05' }));
      expect(run({ resourceType, birthDate: '1934-12-31' }).json).toEqual({ resourceType });
      expect(run({ resourceType, birthDate: '1935-12-31' }).json).toEqual({ resourceType, birthDate: '1935' });
    }
  });

  test('a dropped date of death still says that the patient is dead', () => {
    expect(run(patient({ birthDate: '1850', deceasedDateTime: '1930-01-01' })).json).toEqual({
      resourceType: 'Patient',
      deceasedBoolean: true,
    });
    expect(run(patient({ _deceasedDateTime: { extension: [{ url: 'http://canary' }] } })).json.deceasedBoolean).toBe(
      true,
    );
    expect(run({ resourceType: 'FamilyMemberHistory', deceasedString: 'CANARY' }).json.deceasedBoolean).toBe(true);
    expect(run(patient({ deceasedDateTime: '2020-01-01' })).json).toEqual({
      resourceType: 'Patient',
      deceasedDateTime: '2020',
    });
    expect(run(patient({ deceasedDateTime: null })).json).toEqual({ resourceType: 'Patient' });
  });
});

describe('ages', () => {
  test.each([88, 89, 89.9])('%d years stay', (value) => {
    expect(run({ resourceType: 'Condition', onsetAge: years(value) }).json.onsetAge).toEqual(years(value));
  });

  test.each([90, 91, 120])('%d years become more than 89', (value) => {
    expect(run({ resourceType: 'Condition', onsetAge: years(value) }).json.onsetAge).toEqual(CAPPED);
    expect(run(ageObservation({ valueQuantity: { value } })).json.valueQuantity).toEqual(CAPPED);
    expect(run(ageObservation({ valueQuantity: { value, unit: 'Years' } })).json.valueQuantity).toEqual(CAPPED);
    expect(run(ageObservation({ valueInteger: value })).json.valueInteger).toBeUndefined();
  });

  test.each([
    ['mo', 1079, 1080],
    ['wk', 4695, 4696],
    ['d', 32871, 32872],
    ['h', 788927, 788928],
  ])('in %s they are counted too', (code, below, above) => {
    const age = (value: number): unknown =>
      run({ resourceType: 'Condition', onsetAge: { value, system: 'http://unitsofmeasure.org', code } }).json.onsetAge;
    expect(age(below)).toMatchObject({ value: below, code });
    expect(age(above)).toEqual(CAPPED);
  });

  test('an onset range and an age without a unit are ages as well', () => {
    expect(
      run({ resourceType: 'Condition', onsetRange: { low: { value: 85 }, high: { value: 95 } } }).json.onsetRange,
    ).toEqual({ low: { value: 85 }, high: CAPPED });
    expect(run({ resourceType: 'Condition', onsetAge: { value: 90 } }).json.onsetAge).toEqual(CAPPED);
  });

  test('ninety years are an age whatever holds them, and ninety of anything else are not', () => {
    expect(run({ resourceType: 'Observation', valueQuantity: years(93) }).json.valueQuantity).toEqual(CAPPED);
    expect(run({ resourceType: 'Observation', valueQuantity: { value: 93, unit: 'mg' } }).json.valueQuantity).toEqual({
      value: 93,
      unit: 'mg',
    });
    expect(run(ageObservation({ valueInteger: 89 })).json.valueInteger).toBe(89);
  });

  test.each(['a{age}', '{years}', 'Years{old}', ' {Years} '])('%s is a unit of years', (unit) => {
    for (const value of [
      { value: 93, unit },
      { value: 93, code: unit },
    ]) {
      expect(run({ resourceType: 'Observation', valueQuantity: value }).json.valueQuantity).toEqual(CAPPED);
    }
    const volume = { value: 93, unit: 'mL' };
    expect(run({ resourceType: 'Observation', valueQuantity: volume }).json.valueQuantity).toEqual(volume);
  });

  test('the code of age counts in a component, and after the value', () => {
    const { json } = run({
      resourceType: 'Observation',
      component: [{ valueQuantity: { value: 93 }, code: { coding: [{ code: '30525-0' }] } }],
    });
    expect(json.component).toEqual([{ valueQuantity: CAPPED }]);
  });

  test('an upper bound over the limit is dropped', () => {
    expect(
      run({ resourceType: 'Condition', onsetAge: { ...years(95), comparator: '<' } }).json.onsetAge,
    ).toBeUndefined();
  });
});

describe('addresses', () => {
  const address = (fields: object): unknown =>
    (run(patient({ address: [fields] })).json.address as unknown[] | undefined)?.[0];

  test('only the state and three digits of the ZIP code are left', () => {
    const full = {
      use: 'home',
      text: 'CANARY',
      line: ['CANARY'],
      city: 'CANARY',
      district: 'CANARY',
      state: 'MA',
      postalCode: '02138-1234',
      country: 'US',
      period: { start: '2020' },
    };
    expect(address(full)).toEqual({ state: 'MA', postalCode: '021' });
    expect(address({ state: 'Massachusetts' })).toEqual({ state: 'Massachusetts' });
  });

  test.each(RESTRICTED_ZIP3)('the restricted prefix %s becomes 000', (prefix) => {
    expect(address({ postalCode: `${prefix}01` })).toEqual({ postalCode: '000' });
  });

  test.each([
    '021',
    '0213',
    '021388',
    'SW1A 1AA',
    '0213A',
    '02138-12',
    'CANARY',
    '',
    '00012',
    '09012',
    '34012',
    '96212',
    '２１１３８',
  ])('case %#: what is no ZIP code of a town becomes 000', (postalCode) =>
    expect(address({ postalCode })).toEqual({ postalCode: '000' }),
  );

  test('abroad, a ZIP code is none and a state is not ours', () => {
    expect(address({ state: 'CA', postalCode: '94110', country: 'AR' })).toEqual({ postalCode: '000' });
    expect(address({ country: 'usa', postalCode: '94110' })).toEqual({ postalCode: '941' });
    expect(address({ state: 'Springfield, IL' })).toBeUndefined();
  });
});
