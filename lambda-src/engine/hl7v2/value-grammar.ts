import { DOT, HYPHEN, PLUS } from '../ascii';
import { isDay, LEAST_DIGITS } from '../values/day-grammar';
import { isDigit } from '../values/year';

/** What single values of HL7 v2 may look like. Shape is what stands between a kept field and a name that somebody wrote into it. */

const MAX_NUMBER = 24;
const MAX_COUNT = 8;
const MAX_COUNT_DIGITS = 6;
const MAX_WORD = 12;
/** A number of six digits or more may be of a person: a record, a day. */
const MAX_WORD_DIGITS = 5;
const MAX_SYSTEM = 24;
const MAX_SYSTEM_DIGITS = 6;

const enum Class {
  DIGIT = 1,
  WORD = 2,
}
const CLASSES = new Uint8Array(256);
for (const c of Buffer.from('0123456789')) CLASSES[c] = Class.DIGIT | Class.WORD;
for (const c of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._+-/:')) CLASSES[c] = Class.WORD;

/** `NM`: digits with an optional sign and point. */
export function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MAX_NUMBER) return false;
  let at = from;
  if (at < to && (bytes[at] === PLUS || bytes[at] === HYPHEN)) at++;
  let digits = 0;
  let dots = 0;
  for (; at < to; at++) {
    if (isDigit(bytes[at])) digits++;
    else if (bytes[at] !== DOT || ++dots > 1) return false;
  }
  return digits > 0;
}

/** The digits before the point of a number; 0 where it is negative: limits are whole, and above 0. */
export function wholePart(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] === HYPHEN) return 0;
  let whole = 0;
  for (let at = bytes[from] === PLUS ? from + 1 : from; at < to && bytes[at] !== DOT; at++) {
    whole = whole * 10 + bytes[at] - 0x30;
  }
  return whole;
}

/** Numbers of segments, of sub-ids and priorities: `1`, `1.2`. */
export function isCount(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_COUNT) return false;
  let digits = 0;
  for (let at = from; at < to; at++) {
    if (isDigit(bytes[at])) digits++;
    else if (bytes[at] !== DOT) return false;
  }
  return digits > 0 && digits <= MAX_COUNT_DIGITS;
}

/** A code of a small table that comes without a system. */
export function isWord(bytes: Uint8Array, from: number, to: number): boolean {
  return isPlain(bytes, from, to, MAX_WORD, MAX_WORD_DIGITS);
}

/** The name of a coding system as HL7 table 0396 has them. */
export function isSystemName(bytes: Uint8Array, from: number, to: number): boolean {
  return isPlain(bytes, from, to, MAX_SYSTEM, MAX_SYSTEM_DIGITS);
}

function isPlain(bytes: Uint8Array, from: number, to: number, longest: number, mostDigits: number): boolean {
  if (to === from || to - from > longest) return false;
  let digits = 0;
  for (let at = from; at < to; at++) {
    const classes = CLASSES[bytes[at]];
    if (classes === 0) return false;
    digits += classes & Class.DIGIT;
  }
  return digits <= mostDigits && (digits < LEAST_DIGITS || !isDay(bytes, from, to));
}

/** `=`, `<>`, `<`, `<=`, `>`, `>=`. */
export function isComparator(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > 2) return false;
  for (let at = from; at < to; at++) if (bytes[at] < 0x3c || bytes[at] > 0x3e) return false;
  return true;
}

/** Between or after the numbers of a structured numeric: `-`, `+`, `/`, `.`, `:`. */
export function isSeparator(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 1 && '-+/.:'.includes(String.fromCharCode(bytes[from]));
}

/** A social security number as it is written for people: nothing else has hyphens there. */
export function isWrittenSsn(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 11 || bytes[from + 3] !== HYPHEN || bytes[from + 6] !== HYPHEN) return false;
  for (let at = from; at < to; at++) if (at !== from + 3 && at !== from + 6 && !isDigit(bytes[at])) return false;
  return true;
}

/** The number of two digits, or -1. */
function two(bytes: Uint8Array, at: number): number {
  return isDigit(bytes[at]) && isDigit(bytes[at + 1]) ? (bytes[at] - 0x30) * 10 + bytes[at + 1] - 0x30 : -1;
}

/** Least and greatest value of month, day, hour, minute and second. */
const LEAST = [1, 1, 0, 0, 0];
const GREATEST = [12, 31, 23, 59, 60];

/** The year of `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`; -1 where it is none. */
export function yearOfTimestamp(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 4) return -1;
  const century = two(bytes, from);
  const rest = two(bytes, from + 2);
  if (century < 0 || rest < 0) return -1;
  let at = from + 4;
  for (let part = 0; part < LEAST.length && at < to && isDigit(bytes[at]); part++, at += 2) {
    const value = at + 2 > to ? -1 : two(bytes, at);
    if (value < LEAST[part] || value > GREATEST[part]) return -1;
  }
  if (at < to && bytes[at] === DOT) {
    const digits = ++at;
    while (at < to && isDigit(bytes[at])) at++;
    if (at === digits || at > digits + 4 || digits !== from + 15) return -1;
  }
  const year = century * 100 + rest;
  return year > 0 && (at === to || isZone(bytes, at, to)) ? year : -1;
}

function isZone(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 5 || (bytes[from] !== PLUS && bytes[from] !== HYPHEN)) return false;
  const hours = two(bytes, from + 1);
  const minutes = two(bytes, from + 3);
  return hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59;
}
