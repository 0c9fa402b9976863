import { dayNumber, dayOf, daysOf } from '../../../../lambda-src/engine/values/calendar';

test.each([1900, 1999, 2000, 2020, 2023, 2100])('the months of %d have the days that they have', (year) => {
  const months = Array.from({ length: 12 }, (_, i) => i + 1);
  const expected = months.map((month) => new Date(Date.UTC(year, month, 0)).getUTCDate());
  expect(months.map((month) => daysOf(year, month))).toEqual(expected);
});

test('days are numbered in their order, over the ends of months, years and centuries', () => {
  const first = dayNumber({ year: 1599, month: 12, day: 30 });
  for (let n = 0; n < 320_000; n += 1 + (n % 3)) {
    const date = new Date(Date.UTC(1599, 11, 30 + n));
    const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    if (dayNumber(day) !== first + n) expect(dayNumber(day)).toBe(first + n);
    const back = dayOf(first + n);
    if (back.day !== day.day || back.month !== day.month || back.year !== day.year) expect(back).toEqual(day);
  }
});
