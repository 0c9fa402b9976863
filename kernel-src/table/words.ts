/**
 * What TypeScript made of a cell, by the kind of its column and its text: the same cell comes again and again, and the
 * same becomes of it.
 */
import { out, put } from './output';

/** Longest text that is remembered, and longest that is written of one. */
const MAX_WORD: i32 = 32;
const MAX_WRITTEN: usize = 16;
/** Of a word: its text, filled up with zeros, what is written of it, and the rest by its offset. */
const WRITTEN: usize = 32;
const KEY: usize = 48;
const WRITTEN_LENGTH: usize = 52;
const REDACTED: usize = 53;
const GENERALIZED: usize = 54;
const SIZE: usize = 64;

/** A word stands in its own place or one of the next, where others stood in its way. */
const PLACES: usize = 8;
const TABLE: usize = memory.data((4096 + 8) * 64, 16);
/** A word that is to be remembered, in the same form. */
export const NEW: usize = memory.data(64, 16);
/** Written length of a word that is kept as it stands. */
const AS_IT_STANDS: u32 = 255;

/** The word of a kind that stands at an address, or 0. */
export function wordAt(from: usize, length: i32, kind: i32): usize {
  if (length > MAX_WORD) return 0;
  const first = masked(from, length);
  const second = masked(from + 16, length - 16);
  const key = keyOf(length, kind);
  let word = placeOf(first, second, key);
  for (let i: usize = 0; i < PLACES; i++, word += SIZE) {
    if (load<i32>(word, KEY) == key && same(first, word) && same(second, word + 16)) return word;
  }
  return 0;
}

/** Appends what is written of a word whose text stands at an address. */
export function putWord(word: usize, from: usize, length: i32): void {
  const written = <u32>load<u8>(word, WRITTEN_LENGTH);
  if (written == AS_IT_STANDS) put(from, length);
  else put(word + WRITTEN, written);
}

export function redactedOf(word: usize): i32 {
  return load<u8>(word, REDACTED);
}

export function generalizedOf(word: usize): i32 {
  return load<u8>(word, GENERALIZED);
}

/** Remembers the new word: in a place that is free, or else in its own, where another one stood. */
export function remember(length: i32, kind: i32): void {
  if (wordAt(NEW, length, kind) != 0) return;
  const first = masked(NEW, length);
  const second = masked(NEW + 16, length - 16);
  const key = keyOf(length, kind);
  const own = placeOf(first, second, key);
  let word: usize = own;
  for (let i: usize = 0; i < PLACES && load<i32>(word, KEY) != 0; i++) word += SIZE;
  if (word == own + PLACES * SIZE) word = own;
  memory.copy(word, NEW, SIZE);
  v128.store(word, first);
  v128.store(word, second, 16);
  store<i32>(word, key, KEY);
}

// @ts-ignore: decorator
@inline
function keyOf(length: i32, kind: i32): i32 {
  return (kind << 8) | length;
}

/** The first bytes at an address, and zeros behind them. */
function masked(from: usize, length: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.and(v128.load(from), i8x16.lt_s(places, i8x16.splat(<i8>length)));
}

function placeOf(first: v128, second: v128, key: i32): usize {
  let hash = i64x2.extract_lane(first, 0) ^ <u64>key;
  hash = (hash ^ (hash >> 29)) * 0x9e3779b97f4a7c15 + i64x2.extract_lane(first, 1);
  hash = (hash ^ (hash >> 29)) * 0x9e3779b97f4a7c15 + i64x2.extract_lane(second, 0);
  hash = (hash ^ (hash >> 29)) * 0x9e3779b97f4a7c15 + i64x2.extract_lane(second, 1);
  hash *= 0x9e3779b97f4a7c15;
  return TABLE + <usize>(hash >> 52) * SIZE;
}

// @ts-ignore: decorator
@inline
function same(text: v128, word: usize): bool {
  return i8x16.all_true(i8x16.eq(text, v128.load(word)));
}
