/**
 * Codes of ids, HMAC-SHA256 (RFC 2104) under one key, four at once. Ids of up to 55 bytes and their codes stand in a
 * table, a row for each: the code, the length of the id plus one, the id. The caller writes ids, and reads codes.
 */
import { compress, H, INITIAL, K, W } from './sha256';

export const LENGTH: usize = 36;
export const ID: usize = 40;
export const ROW: i32 = 104;
/** Few enough to stay in a processor's cache: to hash an id again costs little more than to fetch it from further away. */
export const ROWS: i32 = 4096;
/** In an entry of the queue, beside the place of a row, which is even: its id, a UUID, is hashed in lower case. */
const FOLDED: u32 = 1;
const CAPITAL: u32 = 0x20;

/** Part of the memory from the start: if it grew, every array and view of the process would be read more slowly. */
export const TABLE: usize = memory.data(ROWS * ROW, 16);
/** The rows whose codes are wanted. */
export const QUEUE: usize = memory.data(4 * 4, 16);
/** The block of the key, and the state behind it: of the inner hash, of the outer hash. */
const KEY: usize = memory.data(64, 16);
const INNER: usize = memory.data(8 * 4, 16);
const OUTER: usize = memory.data(8 * 4, 16);

const BLOCK_BITS: i32 = 512;
const DIGEST_BITS: i32 = 256;
const FIRST_BIT: i32 = 0x80000000;
const INNER_PAD: i32 = 0x36363636;
const OUTER_PAD: i32 = 0x5c5c5c5c;

export function rounds(): usize {
  return K;
}

export function initial(): usize {
  return INITIAL;
}

export function key(): usize {
  return KEY;
}

export function queue(): usize {
  return QUEUE;
}

export function table(): usize {
  return TABLE;
}

/** Takes the key, which is padded with zeros to a block. */
export function takeKey(): void {
  start(INNER_PAD, INNER);
  start(OUTER_PAD, OUTER);
}

function start(pad: i32, state: usize): void {
  for (let word: usize = 0; word < 16; word++) {
    v128.store(W + word * 16, i32x4.splat(bswap<i32>(load<i32>(KEY + word * 4)) ^ pad));
  }
  hash(INITIAL);
  for (let word: usize = 0; word < 8; word++) store<i32>(state + word * 4, load<i32>(H + word * 16));
}

/** Writes the codes of the first `count` rows of the queue, which are one to four. */
export function run(count: i32): void {
  const last = QUEUE + ((count - 1) << 2);
  const e0 = load<u32>(QUEUE);
  const e1 = load<u32>(min(QUEUE + 4, last));
  const e2 = load<u32>(min(QUEUE + 8, last));
  const e3 = load<u32>(last);
  for (let from: usize = 0; from < 64; from += 16) {
    transpose(words(e0, from), words(e1, from), words(e2, from), words(e3, from), W + from * 4);
  }
  v128.store(W, bits(e0, e1, e2, e3), 15 * 16);
  hash(INNER);

  for (let word: usize = 0; word < 8; word++) v128.store(W + word * 16, v128.load(H + word * 16));
  v128.store(W, i32x4.splat(FIRST_BIT), 8 * 16);
  for (let word: usize = 9; word < 15; word++) v128.store(W + word * 16, i32x4.splat(0));
  v128.store(W, i32x4.splat(BLOCK_BITS + DIGEST_BITS), 15 * 16);
  hash(OUTER);

  transpose(v128.load(H), v128.load(H, 16), v128.load(H, 32), v128.load(H, 48), W);
  write(v128.load(W), rowOf(e0));
  write(v128.load(W, 16), rowOf(e1));
  write(v128.load(W, 32), rowOf(e2));
  write(v128.load(W, 48), rowOf(e3));
}

// @ts-ignore: decorator
@inline
function rowOf(entry: u32): usize {
  return entry & ~FOLDED;
}

/** Four words of a padded id: its bytes from `from` on, a one bit behind the last, and zeros. */
// @ts-ignore: decorator
@inline
function words(entry: u32, from: usize): v128 {
  const row = rowOf(entry);
  const places = i8x16.add(i8x16.splat(<i8>from), i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  const length = i8x16.splat(<i8>(load<u8>(row, LENGTH) - 1));
  const text = v128.or(v128.load(row + from, ID), i8x16.splat(<i8>((entry & FOLDED) * CAPITAL)));
  const id = v128.and(text, i8x16.lt_u(places, length));
  return swapped(v128.or(id, v128.and(i8x16.eq(places, length), i8x16.splat(<i8>0x80))));
}

/** Lengths of the texts of the inner hash, in bits. */
// @ts-ignore: decorator
@inline
function bits(e0: u32, e1: u32, e2: u32, e3: u32): v128 {
  return i32x4.add(i32x4.splat(BLOCK_BITS), i32x4.shl(lengths(e0, e1, e2, e3), 3));
}

// @ts-ignore: decorator
@inline
function lengths(e0: u32, e1: u32, e2: u32, e3: u32): v128 {
  let all = i32x4.splat(load<u8>(rowOf(e0), LENGTH));
  all = i32x4.replace_lane(all, 1, load<u8>(rowOf(e1), LENGTH));
  all = i32x4.replace_lane(all, 2, load<u8>(rowOf(e2), LENGTH));
  all = i32x4.replace_lane(all, 3, load<u8>(rowOf(e3), LENGTH));
  return i32x4.sub(all, i32x4.splat(1));
}

function hash(start: usize): void {
  for (let word: usize = 0; word < 8; word++) v128.store(H + word * 16, v128.load32_splat(start + word * 4));
  compress();
}

/** Words of big-endian bytes, and the other way about. */
// @ts-ignore: decorator
@inline
function swapped(x: v128): v128 {
  return v128.shuffle<i8>(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Makes rows of columns: four vectors of four words. */
// @ts-ignore: decorator
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 16);
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab2, cd2, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(ab2, cd2, 1, 3), 48);
}

/** Writes four words in hex like a UUID. */
// @ts-ignore: decorator
@inline
function write(digest: v128, to: usize): void {
  const bytes = swapped(digest);
  const high = hex(i8x16.shr_u(bytes, 4));
  const low = hex(v128.and(bytes, i8x16.splat(15)));
  const first = v128.shuffle<i8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const second = v128.shuffle<i8>(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const hyphens = i8x16.splat(0x2d);
  v128.store(to, v128.shuffle<i8>(first, hyphens, 0, 1, 2, 3, 4, 5, 6, 7, 16, 8, 9, 10, 11, 16, 12, 13));
  const middle = v128.shuffle<i8>(first, second, 14, 15, 0, 16, 17, 18, 19, 0, 20, 21, 22, 23, 24, 25, 26, 27);
  v128.store(to, v128.shuffle<i8>(middle, hyphens, 0, 1, 16, 3, 4, 5, 6, 16, 8, 9, 10, 11, 12, 13, 14, 15), 16);
  store<u32>(to, i32x4.extract_lane(second, 3), 32);
}

// @ts-ignore: decorator
@inline
function hex(digits: v128): v128 {
  return v128.swizzle(
    i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66),
    digits,
  );
}
