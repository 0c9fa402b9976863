/**
 * Grammar of FHIR's `date` and `dateTime`, of which only the year is kept: as written, never after converting the zone.
 */
import { COLON, HYPHEN } from '../ascii';

export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** Where the digits that begin at `from` end. */
export function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at++;
  return at;
}

/** The number of two digits, or -1. */
export function two(bytes: Uint8Array, at: number, to: number): number {
  if (at + 2 > to || !isDigit(bytes[at]) || !isDigit(bytes[at + 1])) return -1;
  return (bytes[at] - 0x30) * 10 + bytes[at + 1] - 0x30;
}

function twoWithin(bytes: Uint8Array, at: number, to: number, low: number, high: number): boolean {
  const value = two(bytes, at, to);
  return value >= low && value <= high;
}

/** The year of the date (or dateTime) `bytes[from, to)`; -1 where it is none. */
export function yearOf(bytes: Uint8Array, from: number, to: number, withTime: boolean): number {
  const century = two(bytes, from, to);
  const rest = two(bytes, from + 2, to);
  if (century < 0 || rest < 0) return -1;
  const year = century * 100 + rest;
  if (year === 0) return -1;
  if (to === from + 4) return year;
  if (bytes[from + 4] !== HYPHEN || !twoWithin(bytes, from + 5, to, 1, 12)) return -1;
  if (to === from + 7) return year;
  if (bytes[from + 7] !== HYPHEN || !twoWithin(bytes, from + 8, to, 1, 31)) return -1;
  if (to === from + 10) return year;
  return withTime && bytes[from + 10] === 0x54 && isTimeAndZone(bytes, from + 11, to) ? year : -1;
}

/**
 * `hh:mm[:ss[.f+]][Z|+hh:mm|-hh:mm]`. FHIR wants seconds and a zone; sources that leave them out are common, and nothing
 * of the time is kept.
 */
export function isTimeAndZone(bytes: Uint8Array, from: number, to: number): boolean {
  if (!twoWithin(bytes, from, to, 0, 24) || bytes[from + 2] !== COLON || !twoWithin(bytes, from + 3, to, 0, 59)) {
    return false;
  }
  let at = from + 5;
  if (at < to && bytes[at] === COLON) {
    if (!twoWithin(bytes, at + 1, to, 0, 60)) return false;
    at += 3;
    if (at < to && bytes[at] === 0x2e) {
      const digits = ++at;
      while (at < to && isDigit(bytes[at])) at++;
      if (at === digits) return false;
    }
  }
  if (at === to) return true;
  if (bytes[at] === 0x5a) return at + 1 === to;
  if (bytes[at] !== 0x2b && bytes[at] !== HYPHEN) return false;
  return (
    to === at + 6 &&
    twoWithin(bytes, at + 1, to, 0, 14) &&
    bytes[at + 3] === COLON &&
    twoWithin(bytes, at + 4, to, 0, 59)
  );
}
