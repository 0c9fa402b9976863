import * as fc from 'fast-check';
import { yearOf } from '../../../../lambda-src/engine/values/year';

const DAY = String.raw`(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?`;
const TIME = String.raw`([01]\d|2[0-4]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?`;
const DATE = new RegExp(`^${DAY}$`);
const DATE_TIME = new RegExp(`^${DAY}$|^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T${TIME}$`);

/** Dates, dates with a character that is another, and dates that are cut off. */
const written = fc
  .record({
    date: fc.constantFrom('1950', '0000', '2020-02', '2020-13', '1999-12-31', '2000-00-10', '2000-01-32'),
    time: fc.constantFrom('', 'T10:20', 'T24:00', 'T25:00', 'T10:60', 'T10:20:60', 'T10:20:30.5', 'T10:20:30.'),
    zone: fc.constantFrom('', 'Z', '+05:30', '-14:59', '+15:00', '+05:60', '+0530', 'Z1'),
    at: fc.nat(30),
    other: fc.constantFrom('', '0', '9', '/', ':', '-', 'T', 'x', ' '),
    length: fc.nat(35),
    changed: fc.boolean(),
  })
  .map(({ date, time, zone, at, other, length, changed }) => {
    const text = date + time + zone;
    return changed ? (text.slice(0, at) + other + text.slice(at + 1)).slice(0, length) : text;
  });

test('the year of a date is taken where all of the text is a date, and nothing of what follows it', () => {
  fc.assert(
    fc.property(written, fc.constantFrom('', '0', ':00', '-01', 'Z'), (text, after) => {
      const bytes = Buffer.from(`9${text}${after}`);
      const year = Number(text.slice(0, 4)) || -1;
      const of = (withTime: boolean) => yearOf(bytes, 1, 1 + text.length, withTime);
      expect(of(false)).toBe(DATE.test(text) ? year : -1);
      expect(of(true)).toBe(DATE_TIME.test(text) ? year : -1);
    }),
    { numRuns: 20_000 },
  );
});
