/** Where the fields of one segment lie: sixteen bytes are looked at at once, and nobody else has to look at those between. */

const BLOCK: usize = 16;
const FEED: i8 = 0x0a;
const RETURN: i8 = 0x0d;

/** Some more than one for each byte of a text: they are written ahead. */
const MARKS: usize = memory.data(16384 * 4 + 80, 16);

/** How many delimiters there are, and how many fields ahead of the first: that of a header is its own first field. */
let count: i32 = 0;
let shift: i32 = 0;
let filled: i32 = 0;

/** Number of the last field of the segment split last. */
// @ts-ignore: decorator
@inline
export function lastField(): i32 {
  return count + shift;
}

/** How many of its fields hold something. */
// @ts-ignore: decorator
@inline
export function filledCount(): i32 {
  return filled;
}

/** Where its line ends. */
// @ts-ignore: decorator
@inline
export function lineEnd(): usize {
  return mark(count);
}

// @ts-ignore: decorator
@inline
export function placeOf(field: i32): usize {
  return mark(field - shift - 1) + 1;
}

/** Length of a field; none of one that the segment does not have. */
// @ts-ignore: decorator
@inline
export function lengthOf(field: i32): i32 {
  return field > lastField() ? 0 : <i32>(mark(field - shift) - placeOf(field));
}

// @ts-ignore: decorator
@inline
function mark(number: i32): usize {
  return load<u32>(MARKS + (<usize>number << 2));
}

/**
 * Notes where the delimiters of a segment stand, from its first on, and the end of its line, which there is.
 *
 * @param header whether the first delimiter is itself a field
 */
export function split(from: usize, delimiter: i32, header: bool): void {
  const delimiters = i8x16.splat(<i8>delimiter);
  let to = MARKS;
  let empty = 0;
  let behind: u32 = 0;
  let lineEnds: u32 = 0;
  for (let block = from; lineEnds === 0; block += BLOCK) {
    const bytes = v128.load(block);
    lineEnds = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(FEED)), i8x16.eq(bytes, i8x16.splat(RETURN))));
    let left = i8x16.bitmask(i8x16.eq(bytes, delimiters)) | lineEnds;
    // Up to the first end of a line.
    left &= lineEnds ^ (lineEnds - 1);
    empty += popcnt(left & ((left << 1) | behind));
    behind = left >> 15;
    const next = to + (popcnt(left) << 2);
    // Most blocks have few: a processor does not have to guess how many.
    store<u32>(to, block + ctz(left));
    left &= left - 1;
    store<u32>(to, block + ctz(left), 4);
    left &= left - 1;
    store<u32>(to, block + ctz(left), 8);
    left &= left - 1;
    for (to += 12; to < next; to += 4) {
      store<u32>(to, block + ctz(left));
      left &= left - 1;
    }
    to = next;
  }
  count = <i32>((to - MARKS) >> 2) - 1;
  shift = header ? 1 : 0;
  filled = count - empty;
}
