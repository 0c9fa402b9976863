import * as fc from 'fast-check';
import {
  isComparator,
  isSeparator,
  isWrittenSsn,
  yearOfTimestamp,
} from '../../../../lambda-src/engine/hl7v2/value-grammar';

const TIMESTAMP =
  /^\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,4})?)?)?)?)?)?([+-](0\d|1[0-4])[0-5]\d)?$/;

/** Time stamps, some with a character that is another, some cut off. */
const written = fc
  .record({
    digits: fc.constantFrom('19501231235960', '20200229000000', '20241231240000', '20241331', '20240100', '00000101'),
    length: fc.nat(14),
    fraction: fc.constantFrom('', '', '.1', '.1234', '.12345', '.'),
    zone: fc.constantFrom('', '', '+0000', '-1459', '+1500', '+0060', '+000', '00000'),
    at: fc.nat(24),
    other: fc.constantFrom('', '', '', '0', '9', '/', ':', '.', '+', 'x'),
  })
  .map(({ digits, length, fraction, zone, at, other }) => {
    const text = digits.slice(0, length) + fraction + zone;
    return other === '' ? text : text.slice(0, at) + other + text.slice(at + 1);
  });

test('the year of a time stamp is taken where all of the text is one, and nothing of what follows it', () => {
  fc.assert(
    fc.property(written, fc.constantFrom('', '0101', '.1', '+0000'), (text, after) => {
      const bytes = Buffer.from(`9${text}${after}00000`);
      const year = TIMESTAMP.test(text) ? Number(text.slice(0, 4)) || -1 : -1;
      expect(yearOfTimestamp(bytes, 1, 1 + text.length)).toBe(year);
    }),
    { numRuns: 20_000 },
  );
});

/** With the same on both sides of it, as a cell has neighbours. */
function among(text: string): readonly [Uint8Array, number, number] {
  return [Buffer.from(`1-=${text}-1=1`), 3, 3 + text.length];
}

test('a social security number has its hyphens and its digits, and nothing besides', () => {
  expect(isWrittenSsn(...among('123-45-6789'))).toBe(true);
  const others = [
    '123-45-678',
    '123-45-67890',
    '123/45-6789',
    '123-45/6789',
    '123-4x-6789',
    'x23-45-6789',
    '123-45-678x',
  ];
  expect(others.filter((text) => isWrittenSsn(...among(text)))).toEqual([]);
});

test('the parts of a structured numeric beside its numbers are signs, and no text', () => {
  const comparators = ['=', '<>', '<', '<=', '>', '>='];
  expect(comparators.filter((text) => !isComparator(...among(text)))).toEqual([]);
  expect(['', '<<<', ';', '?', '<5', 'x', '='.repeat(9)].filter((text) => isComparator(...among(text)))).toEqual([]);
  expect([...'-+/.:'].filter((text) => !isSeparator(...among(text)))).toEqual([]);
  expect(['', '--', ',', 'x', '5', '-+'].filter((text) => isSeparator(...among(text)))).toEqual([]);
});
