/** A bit for each digit among the sixteen bytes at an address. */
// @ts-ignore: decorator
@inline
export function digitsAt(from: usize): u32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(from), i8x16.splat(0x30)), i8x16.splat(10)));
}
