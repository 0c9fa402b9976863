/** Finds what ends a cell, one after the other; a block of 64 bytes is looked at at once. */

export const QUOTE: u32 = 0x22;
export const NEWLINE: u32 = 0x0a;
export const RETURN: u32 = 0x0d;
const BLOCK: usize = 64;

let delimiters: v128 = i8x16.splat(0);
let block: usize = 0;
/** A bit for each mark in the block that was not told yet. */
let left: u64 = 0;

export function splitAt(delimiter: u32): void {
  delimiters = i8x16.splat(<i8>delimiter);
}

/** The next mark will be the first from `place` on. */
export function seek(place: usize): void {
  block = place;
  left = marksFrom(place);
}

/** Where the next delimiter, quote or line end stands; there must be one. */
// @ts-ignore: decorator
@inline
export function nextMark(): usize {
  while (left == 0) {
    block += BLOCK;
    left = marksFrom(block);
  }
  const mark = block + <usize>ctz(left);
  left &= left - 1;
  return mark;
}

function marksFrom(at: usize): u64 {
  return sixteen(at) | (sixteen(at + 16) << 16) | (sixteen(at + 32) << 32) | (sixteen(at + 48) << 48);
}

// @ts-ignore: decorator
@inline
function sixteen(at: usize): u64 {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>NEWLINE)), i8x16.eq(bytes, i8x16.splat(<i8>RETURN)));
  const others = v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)));
  return <u64>i8x16.bitmask(v128.or(ends, others));
}
