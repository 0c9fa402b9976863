import { DOT, HYPHEN, SLASH } from '../ascii';
import { MONTHS } from './written-date';
import { digitsEnd, isDigit } from './year';

const MONTH = 3;
const LAST_MONTH = 12;
const LAST_DAY = 31;
/** A day has as many, `1JAN50`, and most codes have fewer. */
export const LEAST_DIGITS = 3;
/** `1/1/50` and `1950-JAN-31`. */
const SHORTEST = 6;
const LONGEST = 11;

/**
 * Whether a text is a day as people write one, which a code with few digits may look like: `1/31/50`, `31.1.1950`,
 * `1950-1-31`, `31-Jan-50`, `31JAN1950`.
 */
export function isDay(bytes: Uint8Array, from: number, to: number): boolean {
  // Most codes are told from one by these.
  if (to - from < SHORTEST || to - from > LONGEST || !isDigit(bytes[from]) || !isDigit(bytes[to - 1])) return false;
  return hasPartsOfDay(bytes, from, to);
}

function hasPartsOfDay(bytes: Uint8Array, from: number, to: number): boolean {
  const first = digitsEnd(bytes, from, to);
  if (first === to) return false;
  const separator = bytes[first];
  const parted = separator === HYPHEN || separator === SLASH || separator === DOT;
  const second = parted ? first + 1 : first;
  const named = isMonth(bytes, second, to);
  if (!parted && !named) return false;
  const end = named ? second + MONTH : digitsEnd(bytes, second, to);
  if (parted && (end >= to || bytes[end] !== separator)) return false;
  const third = parted ? end + 1 : end;
  if (digitsEnd(bytes, third, to) !== to) return false;
  const yearFirst = first - from === 4;
  const year = yearFirst ? first - from : to - third;
  // Two digits between dots are more often the version of something.
  if (year !== 4 && (year !== 2 || (separator === DOT && !named))) return false;
  const day = yearFirst ? small(bytes, third, to) : small(bytes, from, first);
  if (named) return day > 0;
  const month = small(bytes, second, end);
  // Which of the two is the month, its country knows.
  return day > 0 && month > 0 && Math.min(day, month) <= LAST_MONTH;
}

function isMonth(bytes: Uint8Array, from: number, to: number): boolean {
  // A capital or small letter, before a string is made of it.
  if (to - from < MONTH || bytes[from] < 0x41) return false;
  const name = String.fromCharCode(bytes[from], bytes[from + 1], bytes[from + 2]);
  return MONTHS.includes(name.toUpperCase());
}

/** The number of one digit or two that a day or a month may have; else 0. */
function small(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 1 || to - from > 2) return 0;
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + bytes[at] - 0x30;
  return number <= LAST_DAY ? number : 0;
}
