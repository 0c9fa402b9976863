/**
 * Where in a text the bytes stand that separate its parts, of whatever format: sixteen bytes are looked at at once, and
 * nobody else has to look at those between.
 */

/** Bytes that are gone through in one call. */
const SIZE: i32 = 8192;
const BLOCK: i32 = 16;

const TEXT: usize = memory.data(8192 + 16, 16);
/** Some more than one for each byte: they are written ahead. */
const MARKS: usize = memory.data(8192 * 4 + 16, 16);
/** For each end of a line its number among the places, and how many of these, up to it, stand right behind another. */
const LINES: usize = memory.data(8192 * 8 + 8, 16);

let line: usize = LINES;
let empty: i32 = 0;

export function size(): i32 {
  return SIZE;
}

export function text(): usize {
  return TEXT;
}

export function marks(): usize {
  return MARKS;
}

export function lines(): usize {
  return LINES;
}

/** How many ends of lines were found last. */
export function lineCount(): i32 {
  return <i32>((line - LINES) >> 3);
}

/** How many places were found last that stand right behind another. */
export function emptyCount(): i32 {
  return empty;
}

/**
 * Notes where the ends of lines stand in the text, and two bytes more.
 *
 * @param at place of its first byte, from which all places are counted
 * @param behind 1 where one of them stands ahead of the text
 * @returns how many places there are
 */
export function find(length: i32, at: i32, behind: u32, one: i32, other: i32): i32 {
  const ones = i8x16.splat(<i8>one);
  const others = i8x16.splat(<i8>other);
  let to = MARKS;
  line = LINES;
  empty = 0;
  for (let block = 0; block < length; block += BLOCK) {
    const bytes = v128.load(TEXT + block);
    const ends = v128.or(i8x16.eq(bytes, i8x16.splat(0x0a)), i8x16.eq(bytes, i8x16.splat(0x0d)));
    const all = v128.or(v128.or(i8x16.eq(bytes, ones), i8x16.eq(bytes, others)), ends);
    const inside: u32 = block + BLOCK > length ? (1 << (length - block)) - 1 : 0xffff;
    let left: u32 = i8x16.bitmask(all) & inside;
    const adjoining = left & ((left << 1) | behind);
    behind = left >> 15;
    if (left === 0) continue;
    const next = to + (popcnt(left) << 2);
    for (let lineEnds: u32 = i8x16.bitmask(ends) & inside; lineEnds !== 0; lineEnds &= lineEnds - 1) {
      const ahead = (lineEnds & -lineEnds) - 1;
      store<i32>(line, <i32>((to - MARKS) >> 2) + popcnt(left & ahead));
      store<i32>(line, empty + popcnt(adjoining & ((ahead << 1) | 1)), 4);
      line += 8;
    }
    empty += popcnt(adjoining);
    // Most blocks have few: a processor does not have to guess how many.
    const place = at + block;
    store<i32>(to, place + ctz(left));
    left &= left - 1;
    store<i32>(to, place + ctz(left), 4);
    left &= left - 1;
    store<i32>(to, place + ctz(left), 8);
    left &= left - 1;
    for (to += 12; to < next; to += 4) {
      store<i32>(to, place + ctz(left));
      left &= left - 1;
    }
    to = next;
  }
  return <i32>((to - MARKS) >> 2);
}
