/** What cells may look like, by what their column means. A cell that looks otherwise is blanked. */

import { DOT, HYPHEN, PLUS, SPACE } from '../ascii';
import { isStrangeCode } from '../values/code-grammar';
import { digitsEnd, isDigit } from '../values/year';

const MAX_NUMBER = 40;
const MAX_CLINICAL = 7;
const FIRST_VISIBLE = 0x21;
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;

function isLetter(c: number): boolean {
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}

/** `12`, `-0.50`, `.5`, `1e-3`: what every reader of tables takes for a number. */
export function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MAX_NUMBER) return false;
  let at = from;
  if (at < to && (bytes[at] === HYPHEN || bytes[at] === PLUS)) at++;
  const whole = at;
  at = digitsEnd(bytes, at, to);
  let digits = at - whole;
  if (at < to && bytes[at] === DOT) {
    const fraction = ++at;
    at = digitsEnd(bytes, at, to);
    digits += at - fraction;
  }
  if (digits === 0) return false;
  if (at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < to && (bytes[at] === HYPHEN || bytes[at] === PLUS)) at++;
    const exponent = at;
    at = digitsEnd(bytes, at, to);
    if (at === exponent) return false;
  }
  return at === to;
}

/** A code as any system may have it; it begins with a letter or digit, so that nothing takes it for a formula. */
export function isCode(bytes: Uint8Array, from: number, to: number): boolean {
  return from < to && (isDigit(bytes[from]) || isLetter(bytes[from])) && isStrangeCode(bytes, from, to);
}

/**
 * A code of a terminology, in a column that holds nothing else: RxNorm has up to seven digits, and SNOMED CT up to 18,
 * which its check digit tells from numbers of people.
 */
export function isClinicalCode(bytes: Uint8Array, from: number, to: number): boolean {
  if (digitsEnd(bytes, from, to) !== to) return isCode(bytes, from, to);
  return to - from <= MAX_CLINICAL || isSnomedConcept(bytes, from, to);
}

/**
 * `12345678901`, or `1234-5678-90` with the hyphens of the label: 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits (21 CFR 207.33). A
 * telephone number has ten digits, too, but hyphens elsewhere.
 */
export function isDrugCode(bytes: Uint8Array, from: number, to: number): boolean {
  const first = digitsEnd(bytes, from, to);
  if (first === to) return to - from === 11;
  const second = digitsEnd(bytes, first + 1, to);
  if (bytes[first] !== HYPHEN || bytes[second] !== HYPHEN || digitsEnd(bytes, second + 1, to) !== to) return false;
  // At most 5-4-2 digits, and ten at least: by that, no part can be shorter than it may be.
  return first - from <= 5 && second - first <= 5 && to - second <= 3 && to - from >= 12;
}

/** An id: visible ASCII, and no spaces, which names have. Most cells are ids: four bytes are looked at at once. */
export function isTableId(view: DataView, from: number, to: number): boolean {
  let wrong = 0;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const four = view.getInt32(at);
    wrong |= four | ((four - FIRST_VISIBLE * ONES) & ~four);
  }
  for (; at < to; at++) {
    const byte = view.getUint8(at);
    wrong |= byte | (byte - FIRST_VISIBLE);
  }
  // The high bit of a byte is left where it is no ASCII, or was below the first that is visible.
  return to > from && (wrong & HIGH_BITS) === 0;
}

/**
 * Whether a spreadsheet would run the text as a formula; a number it would not. Also in the wide forms that spreadsheets
 * in East Asia take for the same, and after spaces.
 */
export function isFormula(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  if (at === to) return false;
  const first = bytes[at];
  if (first === 0x09 || first === 0x0d || first === 0x0a || first === 0x3d || first === 0x40) return true;
  if (first === PLUS || first === HYPHEN) return !isNumber(bytes, at, trimmedEnd(bytes, at, to));
  return first === 0xef && bytes[at + 1] === 0xbc && [0x9d, 0x8b, 0x8d, 0xa0].includes(bytes[at + 2]);
}

export function trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end--;
  return end;
}

/**
 * Multiplication in the dihedral group D5, and the permutation that Verhoeff's check digit applies by position (SNOMED CT
 * Technical Implementation Guide, "Check-digit").
 */
const PRODUCT = ['0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432']
  .concat('7659821043', '8765932104', '9876543210')
  .map((row) => Uint8Array.from(row, Number));
const PERMUTED = permutations('1576283094');

/** A concept's id: 6 to 18 digits, of which the last three say that it is one. */
export function isSnomedConcept(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 6 || length > 18) return false;
  // `00` for a concept of the international edition, `10` for one of an extension.
  const kind = bytes[to - 3];
  if ((kind !== 0x30 && kind !== 0x31) || bytes[to - 2] !== 0x30 || bytes[from] === 0x30) return false;
  let check = 0;
  for (let i = 0; i < length; i++) check = PRODUCT[check][PERMUTED[i & 7][bytes[to - 1 - i] - 0x30]];
  return check === 0;
}

function permutations(base: string): Uint8Array[] {
  const once = Uint8Array.from(base, Number);
  const all = [Uint8Array.from('0123456789', Number)];
  while (all.length < 8) all.push(all[all.length - 1].map((digit) => once[digit]));
  return all;
}
