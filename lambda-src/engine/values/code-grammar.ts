import { HYPHEN } from '../ascii';
import { isDay, LEAST_DIGITS } from './day-grammar';
import { isDigit } from './year';

/**
 * What a code, a unit and a code system may look like. A code list is not part of the engine, so shape is all that
 * stands between a coding and a name that somebody wrote into it.
 */

const MAX_CODE = 64;
const MAX_STRANGE_CODE = 32;
/** A number of seven digits or more may be of a person: a phone, a record, a date. */
const MAX_STRANGE_DIGITS = 6;
const MAX_SHORT_CODE = 2;
const MAX_UNIT = 16;
/** No unit has the six digits of a day or a record. */
const MAX_UNIT_DIGITS = 5;
/** Longer ones are refused. */
export const MAX_SYSTEM = 200;

/** What a byte may be part of. */
const enum Class {
  DIGIT = 1,
  KNOWN = 2,
  STRANGE = 4,
  UNIT = 8,
  SYSTEM = 16,
}

/** One bit for each: one look tells them. */
const CLASSES = new Uint8Array(256);
for (let c = 0x21; c < 0x7f; c++) {
  const character = String.fromCharCode(c);
  const [digit, letter] = [/\d/.test(character), /[A-Za-z]/.test(character)];
  if (digit) CLASSES[c] |= Class.DIGIT;
  if (digit || letter || !'"\\|@^~&'.includes(character)) CLASSES[c] |= Class.KNOWN;
  if (digit || letter || '-._:/+'.includes(character)) CLASSES[c] |= Class.STRANGE;
  if (digit || letter || "[]_*^/.()%'+-".includes(character)) CLASSES[c] |= Class.UNIT;
  if (!'"\\?@<>|'.includes(character)) CLASSES[c] |= Class.SYSTEM;
}

function areAll(characters: number, bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((CLASSES[bytes[i]] & characters) === 0) return false;
  return true;
}

/**
 * A code of a published terminology: visible ASCII. No space, since only free text has one, and no `|`, since
 * post-coordinated SNOMED CT writes terms between them.
 */
export function isKnownCode(bytes: Uint8Array, from: number, to: number): boolean {
  return to > from && to - from <= MAX_CODE && areAll(Class.KNOWN, bytes, from, to);
}

/** A code of a system that the policy does not know. */
export function isStrangeCode(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= MAX_STRANGE_CODE && hasFewDigits(Class.STRANGE, bytes, from, to, MAX_STRANGE_DIGITS);
}

/** A code too short for a name, or one of the CDC for race and ethnicity: `F`, `2106-3`. */
export function isShortCode(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= MAX_SHORT_CODE || (to - from === 6 && isDigit(bytes[from]) && bytes[to - 2] === HYPHEN);
}

/** A unit in any notation, that of UCUM without the annotations `{...}`, which may say anything. */
export function isUnit(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= MAX_UNIT && hasFewDigits(Class.UNIT, bytes, from, to, MAX_UNIT_DIGITS);
}

function hasFewDigits(characters: number, bytes: Uint8Array, from: number, to: number, most: number): boolean {
  let digits = 0;
  for (let i = from; i < to; i++) {
    const classes = CLASSES[bytes[i]];
    if ((classes & characters) === 0) return false;
    digits += classes & Class.DIGIT;
  }
  return to > from && digits <= most && (digits < LEAST_DIGITS || !isDay(bytes, from, to));
}

/** An absolute URI of visible ASCII, without the parts that carry data: no query, no user. */
export function isSystem(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MAX_SYSTEM) return false;
  if (
    !startsWith(bytes, from, to, 'http://') &&
    !startsWith(bytes, from, to, 'https://') &&
    !startsWith(bytes, from, to, 'urn:')
  ) {
    return false;
  }
  return areAll(Class.SYSTEM, bytes, from, to);
}

export function startsWith(bytes: Uint8Array, from: number, to: number, prefix: string): boolean {
  if (to - from < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix.charCodeAt(i)) return false;
  return true;
}
