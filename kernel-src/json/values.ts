/**
 * Objects and arrays that were read lately. Numbers seldom come again, but what stands beside them does: of an object that
 * begins with one, only what comes after it is remembered.
 *
 * A value is found before it is known where it ends: it is compared with the one that holds the place of its field, and
 * where the two begin to differ leads to the next place. A value ends with its own last bracket, so one that is equal to
 * the last byte is the same, whatever led there: entries may be overwritten at any time, but for those that the record at
 * hand has been told of.
 */
import { CHILD, CREDIT, HEAD, KEY, LENGTH as KEY_LENGTH, nodeRowOf, rowOf } from './fields';
import { numberEnd } from './grammar';
import { sameBytes } from '../bytes/same-bytes';

/** Longest value that is remembered. */
const MAX_REMEMBERED: usize = 384;
const ENTRIES = 4096;
/** Entries that a value is compared with at most. */
const PROBES = 4;
/** What a field gets for a value that is found: it pays for some that are not. */
const FOUND = 4;

const NO_FIELD = -1;
const OPEN_OBJECT = 0x7b;

/** Of an entry, in bytes; there is more of it that is none of this module's. */
const FIELD: usize = 0;
const LENGTH: usize = 4;
/** The record in which the entry was found last. */
const RECORD: usize = 8;
const HEIGHT: usize = 12;
const COLUMNS: usize = 36;

export const entries: usize = memory.data(ENTRIES * <i32>COLUMNS, 16);
const sources: usize = memory.data(ENTRIES * <i32>MAX_REMEMBERED, 16);
/** Where a value that was not found would have its place. */
let vacancy: usize = 0;

/** Where that begins of a value of `field` by which it is remembered: at `from`, or behind its number. */
export function restOf(field: i32, from: usize): usize {
  const node = load<i32>(rowOf(field), CHILD);
  const head = node < 0 ? -1 : load<i32>(nodeRowOf(node), HEAD);
  if (head < 0 || load<u8>(from) != OPEN_OBJECT) return from;
  const key = rowOf(head);
  const length = load<usize>(key, KEY_LENGTH);
  if (sameBytes(from + 1, load<usize>(key, KEY), length) != length) return from;
  const end = numberEnd(from + 1 + length);
  return end == 0 ? from : end;
}

/** The entry of what begins at `from` of a value of `field`; -1 where there is none. */
export function findValue(field: i32, from: usize, record: i32): i32 {
  let entry = placeOf(<u64>field, 0);
  for (let probe = 0; probe < PROBES; probe++) {
    vacancy = entry;
    const row = entries + entry * COLUMNS;
    if (load<i32>(row, FIELD) != field) return -1;
    const length = load<usize>(row, LENGTH);
    const same = sameBytes(from, sources + entry * MAX_REMEMBERED, length);
    if (same == length) {
      store<i32>(rowOf(field), load<i32>(rowOf(field), CREDIT) + FOUND, CREDIT);
      store<i32>(row, record, RECORD);
      return <i32>entry;
    }
    entry = placeOf(<u64>field | (<u64>entry << 20) | (<u64>same << 32), window(from + same));
  }
  return -1;
}

/** Remembers a value of `field` in [start, to); returns its entry, which the caller gives to the field at last, or -1. */
export function addValue(field: i32, start: usize, to: usize, record: i32): i32 {
  const from = restOf(field, start);
  if (to - from > MAX_REMEMBERED || findValue(field, from, record) >= 0) return -1;
  store<i32>(rowOf(field), load<i32>(rowOf(field), CREDIT) - 1, CREDIT);
  const row = entries + vacancy * COLUMNS;
  if (load<i32>(row, RECORD) == record) return -1;
  store<i32>(row, NO_FIELD, FIELD);
  store<usize>(row, to - from, LENGTH);
  memory.copy(sources + vacancy * MAX_REMEMBERED, from, to - from);
  return <i32>vacancy;
}

// @ts-ignore: decorator
@inline
export function lengthOf(entry: i32): usize {
  return load<usize>(entries + <usize>entry * COLUMNS, LENGTH);
}

/** How deep the value is nested, at most. */
// @ts-ignore: decorator
@inline
export function heightOf(entry: i32): i32 {
  return load<i32>(entries + <usize>entry * COLUMNS, HEIGHT);
}

/** The bytes by which values are told apart where they begin to differ: none from beyond the value, wherever it ends. */
function window(from: usize): u64 {
  const bytes = v128.load64_zero(from);
  const between = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x2c)));
  const closes = i8x16.eq(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x7d));
  const stop = ctz(i8x16.bitmask(v128.or(between, closes)) | 0x100);
  return stop == 8 ? load<u64>(from) : load<u64>(from) & ((<u64>1 << (<u64>stop << 3)) - 1);
}

/** The place to which a way and some bytes lead. */
function placeOf(way: u64, bytes: u64): usize {
  const hash = (bytes ^ (way * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
  return <usize>((hash ^ (hash >>> 29)) >>> 32) & (ENTRIES - 1);
}
