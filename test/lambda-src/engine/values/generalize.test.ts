import * as fc from 'fast-check';
import * as fhirpath from 'fhirpath';
import * as r4 from 'fhirpath/fhir-context/r4';
import { applyRule, NONE } from './apply-rule';
import type { GeneralizeCase, GeneralizeTest, Json } from '../../../../src/deidentification/private/value-rule';

function generalize(
  text: string,
  cases: readonly GeneralizeCase[],
  otherwise: 'keep' | 'redact' = 'redact',
): string | undefined {
  return applyRule({ method: 'generalize', cases, otherwise }, text).text;
}

function holds(when: GeneralizeTest, text: string): boolean {
  return generalize(text, [{ when, to: { value: 'yes' } }]) === 'yes';
}

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
const operators = fc.constantFrom(...OPERATORS);

/** What fhirpath.js, which is none of ours, says of a test of `$this`; whatever is not true does not hold. */
function oracle(resource: object, path: string, test: string): boolean {
  const result: unknown = fhirpath.evaluate(resource, `${path}.where($this ${test}).exists()`, {}, r4);
  return Array.isArray(result) && result[0] === true;
}

describe('tests compare as FHIRPath does', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  const dates = fc
    .tuple(
      fc.integer({ min: 1999, max: 2001 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(2),
    )
    .map(([year, month, day, precision]) => [String(year), two(month), two(day)].slice(0, precision + 1).join('-'));

  test('dates, at any precision', () => {
    fc.assert(
      fc.property(operators, dates, dates, (op, date, to) => {
        const expected = oracle({ resourceType: 'Patient', birthDate: date }, 'Patient.birthDate', `${op} @${to}`);
        expect(holds({ op, to, date: true }, date)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('moments in their zones', () => {
    const moments = fc
      .tuple(
        fc.integer({ min: 30, max: 32 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom('Z', '+00:00', '+05:30', '-11:00', '+14:00'),
        fc.constantFrom('00', '30', '30.5'),
      )
      .map(([day, hour, zone, second]) => {
        const date = day > 31 ? '2020-01-01' : `2019-12-${day}`;
        return `${date}T${two(hour)}:00:${second}${zone}`;
      });
    fc.assert(
      fc.property(operators, moments, moments, (op, moment, to) => {
        const resource = { resourceType: 'Patient', deceasedDateTime: moment };
        const expected = oracle(resource, 'Patient.deceased', `${op} @${to}`);
        expect(holds({ op, to, date: true }, moment)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('integers and decimals', () => {
    const numbers = fc.constantFrom(-1, 0, 0.1, 0.25, 1, 1.5, 10, 1000);
    fc.assert(
      fc.property(operators, numbers, numbers, (op, number, to) => {
        const resource = { resourceType: 'Observation', valueQuantity: { value: number } };
        const expected = oracle(resource, 'Observation.value.value', `${op} ${to}`);
        expect(holds({ op, to }, String(number))).toBe(expected);
      }),
    );
  });

  test('texts', () => {
    const texts = fc.stringMatching(/^[a-cA-C]{1,3}$/);
    fc.assert(
      fc.property(operators, texts, texts, (op, text, to) => {
        const resource = { resourceType: 'Patient', name: [{ family: text }] };
        const expected = oracle(resource, 'Patient.name.family', `${op} '${to}'`);
        expect(holds({ op, to }, text)).toBe(expected);
        const starts = oracle(resource, 'Patient.name.family', `!= '' and $this.startsWith('${to}')`);
        expect(holds({ op: 'startsWith', text: to }, text)).toBe(starts);
      }),
    );
  });
});

describe('numbers are compared as they are written, not as doubles', () => {
  test.each([
    ['0.1', '=', 0.1, true],
    ['0.10', '=', 0.1, true],
    ['1e1', '=', 10, true],
    ['9007199254740993', '=', 9007199254740992, false],
    ['9007199254740993', '>', 9007199254740992, true],
    ['0.30000000000000001', '>', 0.3, true],
    ['-0', '=', 0, true],
  ] as const)('%s %s %s: %s', (text, op, to, expected) => {
    expect(holds({ op, to }, text)).toBe(expected);
  });
});

describe('what cannot be compared matches nothing', () => {
  test.each([
    ['abc', { to: 5 }],
    ['abc', { to: '2000-01-01', date: true }],
    ['2000', { to: '2000-01-01', date: true }],
    ['2000-01-01', { to: '2000-01-01T00:00:00Z', date: true }],
    ['2000-01-01T10:00', { to: '2000-01-01T10:00:00Z', date: true }],
    ['2000-02-30', { to: '2000-01-01', date: true }],
  ] as const)('%s by %j', (text, constant) => {
    for (const op of OPERATORS) expect(holds({ op, ...constant }, text)).toBe(false);
  });

  test('but days decide before times and zones do', () => {
    expect(holds({ op: '<', to: '2020-01-01T00:00:00Z', date: true }, '2019-12-31')).toBe(true);
    expect(holds({ op: '<', to: '2020-01-01T00:00:00Z', date: true }, '2019')).toBe(true);
  });
});

test('dates of HL7 v2 and of tables are compared as well', () => {
  const since: GeneralizeTest = { op: '>=', to: '2000-06-01', date: true };
  for (const text of ['20000601', '06/01/2000', '01-JUN-2000']) expect(holds(since, text)).toBe(true);
  for (const text of ['20000531', '05/31/2000', '31-MAY-2000']) expect(holds(since, text)).toBe(false);
  expect(holds({ op: '<', to: '2000-06-01T12:00:00Z', date: true }, '200006011159+0000')).toBe(true);
});

test('tests are joined by and, by or, and by lists', () => {
  const within: GeneralizeTest = {
    op: 'and',
    tests: [
      { op: '>=', to: 10 },
      { op: '<', to: 20 },
    ],
  };
  expect(['9', '10', '19.9', '20', 'x'].map((text) => holds(within, text))).toEqual([false, true, true, false, false]);
  const outside: GeneralizeTest = {
    op: 'or',
    tests: [
      { op: '<', to: 10 },
      { op: '>=', to: 20 },
    ],
  };
  expect(['9', '10', '20', 'x'].map((text) => holds(outside, text))).toEqual([true, false, true, false]);
  const listed: GeneralizeTest = { op: 'in', values: ['en-AU', 5] };
  expect(['en-AU', '5.0', 'en', '6'].map((text) => holds(listed, text))).toEqual([true, true, false, false]);
});

test('the first case that holds decides, and what matches none is kept or redacted', () => {
  const cases: GeneralizeCase[] = [
    { when: { op: '<', to: 10 }, to: { value: 'few' } },
    { when: { op: '<', to: 100 }, to: { value: 'some' } },
  ];
  expect(['5', '50', '500'].map((text) => generalize(text, cases))).toEqual(['few', 'some', undefined]);
  expect(generalize('500', cases, 'keep')).toBe('500');
});

test('counts what it changed, and only that', () => {
  const count = (otherwise: 'keep' | 'redact', value: Json): object =>
    applyRule({ method: 'generalize', otherwise, cases: [{ when: { op: '=', to: 'a' }, to: { value } }] }, 'a').counts;
  expect(count('keep', 'b')).toEqual({ ...NONE, generalized: 1 });
  expect(count('keep', 'a')).toEqual(NONE);
  expect(count('keep', null)).toEqual({ ...NONE, redacted: 1 });
  expect(applyRule({ method: 'generalize', otherwise: 'redact', cases: [] }, 'a').counts).toEqual({
    ...NONE,
    redacted: 1,
  });
});

test.each([
  ['12345', { start: 0, length: 3, then: '****' }, '123****'],
  ['12', { start: 0, length: 3, then: '*' }, '12*'],
  ['12345', { start: 3, length: 9, then: '' }, '45'],
  ['12345', { start: 5, length: 1, then: '*' }, undefined],
  ['é😀ü😀', { start: 1, length: 2, then: '!' }, '😀ü!'],
])('a part of %s by %j is %s: characters are never cut in two', (text, to, expected) => {
  expect(generalize(text, [{ when: { op: 'always' }, to }])).toBe(expected);
});

test.each([
  ['x', 'x'],
  [5, '5'],
  [false, 'false'],
  [null, undefined],
  [{ a: 1 }, undefined],
])('a constant %j is written as the text %s', (value, expected) => {
  expect(generalize('a', [{ when: { op: 'always' }, to: { value } }])).toBe(expected);
});
