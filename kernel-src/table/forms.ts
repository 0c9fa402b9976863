/**
 * The plainest forms of numbers, days, ZIP codes and texts, which most cells have. Of the others, TypeScript says what
 * becomes of them.
 */
import { digitsAt } from '../bytes/digits';

const DOT: u32 = 0x2e;
const HYPHEN: u32 = 0x2d;
const COLON: u32 = 0x3a;
const SPACE: u32 = 0x20;
const UPPER_T: u32 = 0x54;
const UPPER_Z: u32 = 0x5a;

/** As `isStrangeCode` has it. */
const MAX_CODE_DIGITS: u32 = 6;
/** Digits and other characters of `YYYY-MM-DD` and `YYYY-MM-DDThh:mm:ss`, a bit for each; of the latter, the first 16. */
const DAY_DIGITS: u32 = 0b1101101111;
const TIME_DIGITS: u32 = 0b1101101101101111;

/** `12`, `-0.50`. */
export function isPlainNumber(from: usize, length: i32): bool {
  if (length > 16) return false;
  const sign = <u32>(load<u8>(from) == HYPHEN);
  const others = ~digitsAt(from) & ((1 << length) - 1) & ~sign;
  if ((others & (others - 1)) != 0) return false;
  if (others != 0 && load<u8>(from + ctz(others)) != DOT) return false;
  return <u32>length > sign + popcnt(others);
}

/** `2020-01-31`, and the same with a time of day: `T` or a space, seconds and fractions of them, `Z` or nothing. */
export function isPlainDate(from: usize, length: i32): bool {
  const numbers = digitsAt(from);
  if ((numbers & DAY_DIGITS) != DAY_DIGITS || load<u8>(from, 4) != HYPHEN || load<u8>(from, 7) != HYPHEN) return false;
  const month = two(from, 5);
  const day = two(from, 8);
  // The last day of a leap year's February is left to TypeScript.
  const most: u32 = month == 2 ? 28 : 30 + ((month + (month >> 3)) & 1);
  if (month - 1 >= 12 || day - 1 >= most || load<u32>(from) == 0x30303030) return false;
  return length == 10 || (length >= 19 && numbers == TIME_DIGITS && isPlainTime(from + 10, from + length));
}

function isPlainTime(from: usize, to: usize): bool {
  const separator = load<u8>(from);
  if (separator != UPPER_T && separator != SPACE) return false;
  if (load<u8>(from, 3) != COLON || load<u8>(from, 6) != COLON) return false;
  if (two(from, 1) > 23 || two(from, 4) > 59) return false;
  if (!isDigit(from + 7) || !isDigit(from + 8) || two(from, 7) > 59) return false;
  let at = from + 9;
  if (at < to && load<u8>(at) == DOT) {
    const first = ++at;
    while (at < to && isDigit(at)) at++;
    if (at == first) return false;
  }
  return at == to || (load<u8>(at) == UPPER_Z && at + 1 == to);
}

export function yearOf(from: usize): u32 {
  return two(from, 0) * 100 + two(from, 2);
}

export function isPlainZip(from: usize, length: i32): bool {
  return length == 5 && (digitsAt(from) & 31) == 31;
}

/** The number of its first three digits. */
export function prefixOf(from: usize): usize {
  return two(from, 0) * 10 + load<u8>(from, 2) - 0x30;
}

/**
 * Letters, digits and `-._:/+`, of them a letter or digit first and few digits. What begins with a digit and has letters or
 * two signs may be a day.
 */
export function isPlainCode(from: usize, length: i32): bool {
  if (length > 16 || !isLetterOrDigit(from)) return false;
  const text = v128.load(from);
  // The signs, but for two, are around the digits.
  const numbers = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x2d)), i8x16.splat(0x3b - 0x2d));
  const letters = i8x16.lt_u(i8x16.sub(v128.or(text, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  const signs = v128.or(i8x16.eq(text, i8x16.splat(0x5f)), i8x16.eq(text, i8x16.splat(0x2b)));
  const inside: u32 = (1 << length) - 1;
  const known: u32 = i8x16.bitmask(v128.or(v128.or(numbers, letters), signs));
  const numeric = digitsAt(from) & inside;
  if (isDigit(from) && ((inside & i8x16.bitmask(letters)) != 0 || popcnt(inside & ~numeric) > 1)) return false;
  return (inside & ~known) == 0 && popcnt(numeric) <= MAX_CODE_DIGITS;
}

/** ASCII that begins with a letter or digit, so that no spreadsheet takes it for a formula. */
export function isPlainText(from: usize, length: i32): bool {
  if (!isLetterOrDigit(from)) return false;
  let high: u32 = 0;
  let at = 0;
  for (; at + 16 <= length; at += 16) high |= i8x16.bitmask(v128.load(from + at));
  return (high | (i8x16.bitmask(v128.load(from + at)) & ((1 << (length - at)) - 1))) == 0;
}

function isDigit(at: usize): bool {
  return <u32>load<u8>(at) - 0x30 < 10;
}

// @ts-ignore: decorator
@inline
function isLetterOrDigit(at: usize): bool {
  return isDigit(at) || (<u32>load<u8>(at) | 0x20) - 0x61 < 26;
}

/** The number that two digits make. */
function two(from: usize, at: usize): u32 {
  return <u32>load<u8>(from + at) * 10 + load<u8>(from + at + 1) - 0x30 * 11;
}
