import { ageObservation, patient, run } from './run-transform';

const AGE = { coding: [{ system: 'http://loinc.org', code: '30525-0' }] };
const ABOVE = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };

describe('a list in the place of one value', () => {
  test.each([
    [{ resourceType: 'Observation', valueQuantity: { value: [95], unit: 'years' } }, 'Observation.valueQuantity'],
    [{ resourceType: 'Condition', onsetAge: { value: [[95]] } }, 'Condition.onsetAge'],
    [{ resourceType: 'Condition', onsetAge: { value: '95' } }, 'Condition.onsetAge'],
    [
      { resourceType: 'Condition', onsetRange: { high: { value: 95, comparator: ['<'] } } },
      'Condition.onsetRange.high',
    ],
  ])('case %#: an age that cannot be compared rejects the record', (record, path) => {
    expect(run(record)).toMatchObject({ code: 'FHIR_BAD_PRIMITIVE', path, text: '' });
  });

  test('is a number like any other where no number is an age', () => {
    const valueQuantity = { value: [95], unit: 'kg' };
    expect(run({ resourceType: 'Observation', valueQuantity }).json).toMatchObject({ valueQuantity });
  });

  test('each of several codes may say that the value is an age, before it and after it', () => {
    for (const code of [[AGE], [{ coding: [] }, AGE], [[AGE]]]) {
      expect(run({ resourceType: 'Observation', code, valueInteger: 95 }).json).not.toHaveProperty('valueInteger');
      expect(run({ resourceType: 'Observation', valueQuantity: { value: 95 }, code }).json.valueQuantity).toEqual(
        ABOVE,
      );
    }
  });

  test('several codes are remembered as those of an age', () => {
    const record = { resourceType: 'Observation', code: [AGE], valueInteger: 95 };
    for (let time = 0; time < 3; time++) expect(run(record).json).not.toHaveProperty('valueInteger');
  });
});

test('both sides of a ratio are ages under the code of age', () => {
  expect(
    run(ageObservation({ valueRatio: { numerator: { value: 95 }, denominator: { value: 1 } } })).json,
  ).toMatchObject({ valueRatio: { numerator: ABOVE, denominator: { value: 1 } } });
  const valueRatio = { numerator: { value: 95 }, denominator: { value: 128 } };
  expect(run({ resourceType: 'Observation', valueRatio }).json).toMatchObject({ valueRatio });
});

describe('the code of age under another name', () => {
  test.each([
    ['Goal', 'target', 'measure', 'detail'],
    ['Task', 'input', 'type', 'value'],
    ['Task', 'output', 'type', 'value'],
  ])('counts in %s.%s, however often it comes', (resourceType, part, by, value) => {
    const shown = (fields: object, code: object = AGE): unknown =>
      (run({ resourceType, [part]: [{ [by]: code, ...fields }] }).json[part] as object[])[0];
    for (let time = 0; time < 3; time++) {
      expect(shown({ [`${value}Integer`]: 95 })).toEqual({ [by]: AGE });
      expect(shown({ [`${value}Quantity`]: { value: 95 } })).toEqual({ [by]: AGE, [`${value}Quantity`]: ABOVE });
      expect(shown({ [`${value}Range`]: { low: { value: 88 }, high: { value: 95 } } })).toEqual({
        [by]: AGE,
        [`${value}Range`]: { low: { value: 88 }, high: ABOVE },
      });
      const height = { coding: [{ system: 'http://loinc.org', code: '8302-2' }] };
      const tall = { [`${value}Integer`]: 195 };
      expect(shown(tall, height)).toEqual({ [by]: height, ...tall });
    }
  });

  test('is that of an age at death as well', () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '39016-1' }] };
    expect(run({ resourceType: 'Observation', code, valueInteger: 95 }).json).not.toHaveProperty('valueInteger');
  });
});

describe('a bare number whose question is dropped', () => {
  const answered = (fields: object): unknown => run({ resourceType: 'QuestionnaireResponse', item: [{ linkId: 'how old', text: 'How old are you?', answer: [fields] }] }).json.item; // prettier-ignore

  test.each([90, 96, 12345, 987654321])('may be an age or a number of a person: %d goes', (value) => {
    for (let time = 0; time < 3; time++) {
      expect(answered({ valueInteger: value })).toBeUndefined();
      expect(answered({ valueDecimal: value })).toBeUndefined();
    }
    const parameter = [{ name: 'age', valueUnsignedInt: value }, { valuePositiveInt: value }, { valueInteger: value }];
    expect(run({ resourceType: 'Parameters', parameter }).json).toEqual({ resourceType: 'Parameters' });
    const answer = [{ valueInteger: value }, { valueDecimal: value }];
    expect(run({ resourceType: 'Contract', term: [{ offer: { answer } }] }).json).toEqual({ resourceType: 'Contract' });
  });

  test.each([-5, 0, 27, 89])('says no age over 89: %d stays', (value) => {
    expect(answered({ valueInteger: value })).toEqual([{ answer: [{ valueInteger: value }] }]);
    expect(answered({ valueDecimal: value })).toEqual([{ answer: [{ valueDecimal: value }] }]);
  });

  test('is another thing with a unit', () => {
    const weight = { valueQuantity: { value: 180, unit: 'kg' } };
    expect(answered(weight)).toEqual([{ answer: [weight] }]);
  });
});

describe('white space around a state', () => {
  test.each(['NY\n', '\tNY', ' NY ', '\u00a0NY\u2028'])(
    'case %#: is not written, so that a record stays a line',
    (state) => {
      expect(run(patient({ address: [{ state }] })).text).toBe('{"resourceType":"Patient","address":[{"state":"NY"}]}');
    },
  );

  test('letters that become those of a state when they are made capital are none', () => {
    expect(run(patient({ address: [{ state: '\ufb02' }, { state: '\u017fC' }] })).json).not.toHaveProperty('address');
  });
});
