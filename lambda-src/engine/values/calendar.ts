/** Days of the proleptic Gregorian calendar as numbers: no zone, no clock. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_OF_400_YEARS = 146097;
const DAYS_OF_100_YEARS = 36524;
const DAYS_OF_4_YEARS = 1461;

export function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : DAYS[month - 1];
}

/** Days since 1 March of the year 0: a year that begins in March ends with its leap day, if it has one. */
export function dayNumber({ year, month, day }: Day): number {
  const y = month > 2 ? year : year - 1;
  const before = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + before + day - 1;
}

export function dayOf(number: number): Day {
  const era = Math.floor(number / DAYS_OF_400_YEARS);
  const ofEra = number - era * DAYS_OF_400_YEARS;
  const leaps =
    Math.floor(ofEra / (DAYS_OF_4_YEARS - 1)) -
    Math.floor(ofEra / DAYS_OF_100_YEARS) +
    Math.floor(ofEra / (DAYS_OF_400_YEARS - 1));
  const yearOfEra = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month > 2 ? 0 : 1),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}
