import { type Day, dayNumber } from './calendar';
import { WrittenDate } from './written-date';
import type { DateForm } from '../../../src/deidentification/private/value-rule';

/** A date, or a date and time, to the precision at which it is written. */
export interface Moment extends Day {
  /** Minutes of the day; -1 where no minute is said. */
  readonly minutes: number;
  /** -1 where no second is said. */
  readonly seconds: number;
  /** Minutes that the place is ahead of UTC; `undefined` where it is not said. */
  readonly zone: number | undefined;
}

const FORMS: readonly DateForm[] = ['dateTime', 'column', 'hl7'];
const TIME = /^[T ]?(\d\d):?(\d\d)(?::?(\d\d(?:\.\d+)?))?(Z|([+-])(\d\d):?(\d\d))?$/;
const MINUTES_OF_DAY = 1440;

/** Reads a date in any of the forms that the engine knows. */
export function momentOf(text: string): Moment | undefined {
  const bytes = Buffer.from(text);
  const date = new WrittenDate();
  if (!FORMS.some((form) => date.read(bytes, 0, bytes.length, form))) return undefined;
  const { year, month, day } = date;
  const time = TIME.exec(text.slice(date.rest));
  if (!time) return { year, month, day, minutes: -1, seconds: -1, zone: undefined };
  const [, hour, minute, second = '-1', zone, sign, zoneHour, zoneMinute] = time;
  const ahead =
    zone === undefined || zone === 'Z' ? 0 : Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute));
  return {
    year,
    month,
    day,
    minutes: Number(hour) * 60 + Number(minute),
    seconds: Number(second),
    zone: zone === undefined ? undefined : ahead,
  };
}

/**
 * Negative, 0 or positive as FHIRPath compares them, part by part; `undefined` where one says less than is needed. The
 * zone counts where both have one. Where only one has, the days are compared as they are written, and no times.
 */
export function compareMoments(a: Moment, b: Moment): number | undefined {
  if (a.zone !== undefined && b.zone !== undefined) {
    return sooner(absolute(a), absolute(b)) || part(a.seconds, b.seconds);
  }
  const days = sooner(a.year, b.year) || firstPart([a.month, b.month, 0], [a.day, b.day, 0]);
  if (days !== 0) return days;
  if (a.minutes < 0 && b.minutes < 0) return 0;
  return a.zone === b.zone ? firstPart([a.minutes, b.minutes, -1], [a.seconds, b.seconds, -1]) : undefined;
}

/** The first of several parts in which two moments differ; each with the number that stands for "not said". */
function firstPart(...parts: readonly (readonly [number, number, number])[]): number | undefined {
  for (const [a, b, unsaid] of parts) {
    if (a === unsaid && b === unsaid) return 0;
    if (a === unsaid || b === unsaid) return undefined;
    if (a !== b) return sooner(a, b);
  }
  return 0;
}

function part(a: number, b: number): number | undefined {
  return firstPart([a, b, -1]);
}

function absolute(moment: Moment): number {
  return dayNumber(moment) * MINUTES_OF_DAY + moment.minutes - (moment.zone ?? 0);
}

function sooner(a: number, b: number): number {
  return Math.sign(a - b);
}
