import fc from 'fast-check';
import { isDay } from '../../../../lambda-src/engine/values/day-grammar';
import { isWrittenDay } from '../../../support/written-day';

/** Among other bytes that would go on with it. */
function judge(text: string): boolean {
  const bytes = Buffer.from(`1/${text}/50`, 'latin1');
  return isDay(bytes, 2, bytes.length - 3);
}

test.each([
  '1/31/50',
  '31/1/1950',
  '01-02-50',
  '1.2.1950',
  '1950-1-2',
  '1950/12/31',
  '2-JAN-1950',
  '02/Jan/50',
  '02JAN1950',
  '2jan50',
  '1950-Jan-02',
  '1950JAN2',
])('%s is a day', (text) => {
  expect(judge(text)).toBe(true);
});

test.each([
  '',
  '1950',
  '1/2',
  '1950-01',
  '2345-7',
  'E11.9',
  '1.2.10',
  '1-0-1',
  '1-2-100',
  '13/13/50',
  '0/1/50',
  '32/1/50',
  '1/2-50',
  '1/2/50/',
  '1/2/5a',
  '123/1/50',
  '1//50',
  '02JAX1950',
  '2-JAN',
  '32JAN50',
  '2JAN-50',
  'JAN',
  '120/80',
])('%j is none', (text) => {
  expect(judge(text)).toBe(false);
});

test('any text is a day as the slow way says', () => {
  const part = fc.oneof(fc.nat(35).map(String), fc.constantFrom('01', '1950', '50', 'JAN', 'sep', 'x', ''));
  const separator = fc.constantFrom('-', '/', '.', '');
  fc.assert(
    fc.property(fc.tuple(part, separator, part, separator, part), (parts) => {
      const text = parts.join('');
      expect(judge(text)).toBe(isWrittenDay(text));
    }),
    { numRuns: 5000 },
  );
});
