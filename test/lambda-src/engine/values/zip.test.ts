import * as fc from 'fast-check';
import { isZip, showsZip3 } from '../../../../lambda-src/engine/values/zip';

test('a ZIP code has five digits, or nine, with a hyphen after the fifth or without', () => {
  const digit = { weight: 30, arbitrary: fc.constantFrom(...'0123456789') };
  const unit = fc.oneof(digit, { weight: 1, arbitrary: fc.constantFrom('/', ':', 'O', '-') });
  const text = fc.tuple(fc.string({ unit, maxLength: 10 }), fc.boolean());
  fc.assert(
    fc.property(text, ([digits, hyphen]) => {
      const written = hyphen ? `${digits.slice(0, 5)}-${digits.slice(5)}` : digits;
      const bytes = Buffer.from(`1${written}-12`);
      expect(isZip(bytes, 1, 1 + written.length)).toBe(/^(\d{5}|\d{9}|\d{5}-\d{4})$/.test(written));
    }),
    { numRuns: 10_000 },
  );
});

test('of three digits those are shown that the list says', () => {
  const shown = Array.from({ length: 1000 }, (_, prefix) => (prefix === 21 || prefix === 907 ? '1' : '0')).join('');
  const shows = (text: string) => showsZip3(Buffer.from(text), 0, text.length, shown);
  expect(['02139', '90712', '021391234', '02139-1234'].map(shows)).toEqual([true, true, true, true]);
  expect(['02239', '12139', '90612', '0213', '2139', '02139 1234'].map(shows)).toEqual(Array(6).fill(false));
});
