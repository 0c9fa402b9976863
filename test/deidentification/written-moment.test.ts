import * as fc from 'fast-check';
import { momentOf } from '../../lambda-src/engine/values/moment';
import { hl7Moment, isDateLiteral, isMomentOf, isTime } from '../../src/deidentification/private/written-moment';

const PIECES = ['2020', '0000', '0001', '9999', '-01', '-02', '-12', '-13', '-29', '-30', '-31', '-00', 'T', 'T00:00', 'T24:00', 'T10', ':60', ':59', '.5', '.', 'Z', '+14:00', '-14:01', '+00:60']; // prettier-ignore

test('every date that a policy may hold is one that the engine reads, or its function would not start', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }), (pieces) => {
      const text = pieces.join('');
      if (!isDateLiteral(text)) return;
      taken++;
      expect(momentOf(text)).toBeDefined();
    }),
    { numRuns: 20000 },
  );
  expect(taken).toBeGreaterThan(50);
});

test.each(['2020-13-01', '2020-02-30', '2021-02-29', '0000-01-01', '2020-01-01T', '2020-01-01T10', '2020-01-01T24:00'])(
  '%s is none',
  (text) => {
    expect(isDateLiteral(text)).toBe(false);
    expect(isMomentOf('dateTime', text)).toBe(false);
  },
);

test.each(['2020', '2020-02', '2020-02-29', '2020-01-01T10:30', '2020-01-01T10:30:00.5-05:00'])('%s is one', (text) => {
  expect(isDateLiteral(text)).toBe(true);
});

test('a type of FHIR takes what its grammar takes', () => {
  const of = (text: string): readonly boolean[] =>
    (['date', 'dateTime', 'instant'] as const).map((type) => isMomentOf(type, text));
  expect(of('2020-02-29')).toEqual([true, true, false]);
  expect(of('2020-02-29T10:30:60Z')).toEqual([false, true, true]);
  expect(of('2020-02-29T10:30Z')).toEqual([false, false, false]);
  expect(of('2020-02-29T10:30:00')).toEqual([false, false, false]);
  expect([isTime('10:30:00'), isTime('10:30'), isTime('24:00:00')]).toEqual([true, false, false]);
});

test.each([
  ['2020', '2020'],
  ['2020-02', '202002'],
  ['2020-02-29', '20200229'],
  ['2020-02-29T10:30', '202002291030'],
  ['2020-02-29T10:30:05.5-05:00', '20200229103005.5-0500'],
  ['2020-02-29T10:30:05Z', '20200229103005+0000'],
])('%s is %s in HL7 v2', (literal, written) => {
  expect(hl7Moment(literal)).toBe(written);
  expect(momentOf(written)).toEqual(momentOf(literal));
});
