import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { applyRule, KEY, NONE } from './apply-rule';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import { ValueRules } from '../../../../lambda-src/engine/values/value-rules';
import type { DateForm, GeneralizeCase, ValueRule } from '../../../../src/deidentification/private/value-rule';

const forms = fc.constantFrom<DateForm>('date', 'dateTime', 'instant', 'hl7', 'column');
const cases = fc.array(
  fc.constantFrom<GeneralizeCase>(
    { when: { op: 'always' }, to: { value: 'all' } },
    { when: { op: '>=', to: '2000-01', date: true }, to: { value: '2000' } },
    { when: { op: 'in', values: ['a', 1] }, to: { start: 1, length: 2, then: '*' } },
    { when: { op: 'startsWith', text: '1' }, to: { start: 0, length: 1, then: '' } },
  ),
);
const rules: fc.Arbitrary<ValueRule> = fc.oneof(
  fc.constantFrom<ValueRule>(
    { method: 'cryptoHash' },
    { method: 'encrypt' },
    { method: 'zip3' },
    { method: 'zip3', padded: true },
    { method: 'age' },
    { method: 'age', over: '>89' },
    { method: 'substitute', value: 'x' },
    { method: 'substitute', value: { family: 'x' } },
  ),
  forms.map((form) => ({ method: 'dateShift' as const, form })),
  forms.map((form) => ({ method: 'year' as const, form, birth: true as const })),
  fc
    .record({ cases, otherwise: fc.constantFrom('keep' as const, 'redact' as const) })
    .map((rule) => ({ method: 'generalize' as const, ...rule })),
  fc
    .record({ span: fc.double({ min: 0, max: 1e6, noNaN: true }), roundTo: fc.nat(28) })
    .map((rule) => ({ method: 'perturb' as const, rangeType: 'proportional' as const, ...rule })),
);
/** Texts that look like what the rules read, and bytes that look like nothing. */
const values = fc.oneof(
  fc.uint8Array({ maxLength: 90 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
  fc
    .stringMatching(/^[0-9]{0,9}[-/.T:Z+ ]?[0-9JANeb]{0,5}[-/.:]?[0-9]{0,4}[TZ+]?[0-9:]{0,8}$/)
    .map((text) => new TextEncoder().encode(text)),
);

test('any rule on any bytes gives the same again, throws nothing and touches no other byte', () => {
  fc.assert(
    fc.property(rules, values, fc.string({ maxLength: 80 }), (rule, value, patient) => {
      const first = applyRule(rule, value, { patient });
      expect(applyRule(rule, value, { patient })).toEqual(first);
      const { redacted, hashed, generalized, shifted } = first.counts;
      const changes = redacted + hashed + generalized + shifted;
      expect(changes).toBeLessThanOrEqual(value.length === 0 ? 0 : 1);
      if (first.text === undefined) expect(redacted).toBe(Math.min(value.length, 1));
    }),
    { numRuns: 2000 },
  );
});

test('no rule but a code, a constant or a kept rest writes anything for a text that it cannot read', () => {
  const reading = rules.filter(({ method }) => ['dateShift', 'year', 'perturb', 'age'].includes(method));
  const names = fc.stringMatching(/^[A-Za-z .,'-]{1,20}$/).filter((name) => !/^[-.]*$/.test(name));
  fc.assert(
    fc.property(reading, names, (rule, name) => {
      expect(applyRule(rule, name, { patient: 'p' })).toEqual({ text: undefined, counts: { ...NONE, redacted: 1 } });
    }),
  );
});

test('an empty text is no value, and counts for nothing', () => {
  fc.assert(fc.property(rules, (rule) => expect(applyRule(rule, '')).toEqual({ text: undefined, counts: NONE })));
});

describe('cryptoHash', () => {
  test('is 128 bits of the HMAC of the whole text under the sub-key of pseudonyms, written as a UUID', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }), (text) => {
        const hex = createHmac('sha256', deriveSubKey(KEY, 'pseudonym')).update(text).digest('hex');
        const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
        expect(applyRule({ method: 'cryptoHash' }, text)).toEqual({ text: uuid, counts: { ...NONE, hashed: 1 } });
      }),
    );
  });

  test('does not depend on the patient, nor on the case of a UUID', () => {
    const id = '0a1b2c3d-abcd-4ef0-8123-456789abcdef';
    const one = applyRule({ method: 'cryptoHash' }, id, { patient: 'one' });
    expect(applyRule({ method: 'cryptoHash' }, id.toUpperCase(), { patient: 'other' })).toEqual(one);
  });
});

describe('year', () => {
  test.each([
    ['date', '2000-02-03', '2000'],
    ['dateTime', '2000-01-01T00:30:00+14:00', '2000'],
    ['instant', '2000-12-31T23:30:00.000Z', '2000'],
    ['hl7', '200002031015+0100', '2000'],
    ['column', '2/3/2000', '2000'],
    ['column', '03-feb-2000', '2000'],
    ['date', '1935-01-01', '1935'],
    ['date', '1934-12-31', undefined],
    ['date', '20000203', undefined],
    ['hl7', 'unknown', undefined],
  ] as const)('of %s %s is %s, as written', (form, text, year) => {
    expect(applyRule({ method: 'year', form }, text)).toEqual({
      text: year,
      counts: year === undefined ? { ...NONE, redacted: 1 } : { ...NONE, generalized: 1 },
    });
  });

  test('that was a year before counts as unchanged', () => {
    expect(applyRule({ method: 'year', form: 'column' }, '2000')).toEqual({ text: '2000', counts: NONE });
  });

  test('of birth may be earlier where the caller knows of a death, and only there', () => {
    const birthFloor = 1900;
    expect(applyRule({ method: 'year', form: 'date', birth: true }, '1901-05-05', { birthFloor }).text).toBe('1901');
    expect(applyRule({ method: 'year', form: 'date' }, '1901-05-05', { birthFloor }).text).toBeUndefined();
  });

  test('of birth is judged anew for each patient', () => {
    const set = new ValueRules([{ method: 'year', form: 'date', birth: true }], KEY, '2024-06-30', {
      zip3: '',
      ageLimit: 90,
    });
    set.birthFloor = 1900;
    set.setPatient(Buffer.from('p'), 0, 1);
    expect(set.birthFloor).toBe(1935);
  });
});

describe('zip3', () => {
  test.each([
    ['12345', '123', '12300'],
    ['12345-6789', '123', '12300-0000'],
    ['123456789', '123', '123000000'],
    ['03601', '000', '00000'],
    ['03601-1234', '000', '00000-0000'],
    ['00412', '000', '00000'],
    ['K1A 0B1', '000', '000'],
    ['1234', '000', '000'],
    ['Main Street', '000', '000'],
  ])('of %s is %s, and %s where its length stays', (zip, short, padded) => {
    const counts = { ...NONE, generalized: 1 };
    expect(applyRule({ method: 'zip3' }, zip)).toEqual({ text: short, counts });
    expect(applyRule({ method: 'zip3', padded: true }, zip)).toEqual({ text: padded, counts });
  });
});

describe('age', () => {
  test.each([
    ['0', '0'],
    ['89', '89'],
    ['89.9', '89.9'],
    ['90', '>89'],
    ['090', '>89'],
    ['104', '>89'],
  ])('of %s is %s', (age, expected) => {
    const over = expected === '>89';
    const counts = over ? { ...NONE, generalized: 1 } : NONE;
    expect(applyRule({ method: 'age', over: '>89' }, age)).toEqual({ text: expected, counts });
    expect(applyRule({ method: 'age' }, age).text).toBe(over ? undefined : expected);
  });

  test.each(['-1', '9e1', '1e999', '+45', '45Y', '4 5', 'NaN', '12345678901', ''])('"%s" is none', (age) => {
    expect(applyRule({ method: 'age', over: '>89' }, age).text).toBeUndefined();
  });
});

describe('substitute', () => {
  test.each([
    ['x "y"', 'x "y"'],
    [12.5, '12.5'],
    [true, 'true'],
    [null, undefined],
    ['', undefined],
    [{ family: 'x' }, undefined],
    [['x'], undefined],
  ])('always writes the text of %j', (value, text) => {
    expect(applyRule({ method: 'substitute', value }, 'whatever')).toEqual({
      text,
      counts: text === undefined ? { ...NONE, redacted: 1 } : { ...NONE, generalized: 1 },
    });
  });
});
