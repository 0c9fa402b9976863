/** The plainest numbers and times; what is written in another way may be one, too. */
import { digitsAt } from '../bytes/digits';

const ZERO: i8 = 0x30;
const DOT: i8 = 0x2e;
const PLUS: i32 = 0x2b;
const HYPHEN: i32 = 0x2d;
const BLOCK: i32 = 16;

/** Digits of a time to the second. */
const SECOND: i32 = 14;
const ZONE: i32 = 5;

/** Whether a text of up to sixteen bytes is digits, with one point at most. */
// @ts-ignore: decorator
@inline
export function isNumber(from: usize, length: i32): bool {
  const bytes = v128.load(from);
  const all: u32 = (1 << length) - 1;
  const digits = digitsAt(from) & all;
  const dots = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(DOT))) & all;
  return (digits | dots) === all && digits !== 0 && (dots & (dots - 1)) === 0;
}

/** The year of `YYYY[MM[DD[HH[MM[SS]]]]][+/-ZZZZ]`; 0 where it is none. */
export function yearOf(from: usize, length: i32): i32 {
  const bytes = v128.load(from);
  const inside: u32 = length < BLOCK ? (1 << length) - 1 : 0xffff;
  const digits = <i32>ctz(~(digitsAt(from) & inside));
  if (digits < 4 || digits > SECOND || (digits & 1) !== 0) return 0;
  if (digits < length && !isZone(from + digits, length - digits)) return 0;
  const values = i8x16.sub(bytes, i8x16.splat(ZERO));
  // Ten times the first of two digits, and the second.
  const tens = i8x16.add(i8x16.shl(values, 3), i8x16.shl(values, 1));
  const pairs = i16x8.extadd_pairwise_i8x16_u(v128.bitselect(tens, values, i16x8.splat(0xff)));
  const least = i16x8(0, 0, 1, 1, 0, 0, 0, 0);
  const greatest = i16x8(99, 99, 12, 31, 23, 59, 60, 0);
  const wrong = i16x8.bitmask(v128.or(i16x8.lt_u(pairs, least), i16x8.gt_u(pairs, greatest)));
  if ((wrong & ((1 << (digits >> 1)) - 1)) !== 0) return 0;
  return i16x8.extract_lane_u(pairs, 0) * 100 + i16x8.extract_lane_u(pairs, 1);
}

function isZone(from: usize, length: i32): bool {
  if (length !== ZONE) return false;
  const sign = <i32>load<u8>(from);
  const hours = two(from + 1);
  const minutes = two(from + 3);
  return (sign === PLUS || sign === HYPHEN) && hours <= 14 && minutes <= 59;
}

/** The number of two digits; a great one where they are none. */
// @ts-ignore: decorator
@inline
function two(from: usize): u32 {
  const first = <u32>load<u8>(from) - 0x30;
  const second = <u32>load<u8>(from, 1) - 0x30;
  return first > 9 || second > 9 ? 100 : first * 10 + second;
}
