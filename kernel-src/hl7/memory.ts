/**
 * The fields that a feed repeats, `2345-7^Glucose^LN`, with what was written of each: most of the judging of codes is the
 * same again. Of fixed size: a new field takes the place of an older one, and what a field says is compared byte by byte.
 */
import { sameBytes } from '../bytes/same-bytes';

/** Few enough to stay in a processor's cache, and many for what a feed has of tests, units and findings. */
const ROW_BITS: i32 = 9;
const ROWS: i32 = 1 << ROW_BITS;
/**
 * Columns of a row: form and length, never 0; how much was written, and how many values of it were not; a note; how often
 * others are turned away yet; the texts.
 */
const WRITTEN: usize = 4;
const REDACTED: usize = 6;
const NOTE: usize = 8;
const LEFT: usize = 12;
const FIELD: usize = 16;
const OUTPUT: usize = 128;
const ROW: i32 = 240;
/** Longest field that is remembered. What came of it is no longer. */
const MOST: i32 = 112;

/** One more than there are slots: each field may stand in two. */
const TABLE: usize = memory.data((512 + 1) * 240 + 16, 16);

/** A field that has come is not given up for so many others that may come once only. */
const CREDIT: u8 = 3;
const FACTOR: u64 = 0x9e3779b97f4a7c15;

let own: usize = 0;

export function forget(): void {
  memory.fill(TABLE, 0, (ROWS + 1) * ROW);
}

/** The row of a field of a form, or 0. */
export function find(form: i32, from: usize, length: i32): usize {
  if (length > MOST) return 0;
  const key = keyOf(form, length);
  own = TABLE + hashOf(key, from, length) * ROW;
  const row = isAt(own, key, from, length) ? own : isAt(own + ROW, key, from, length) ? own + ROW : 0;
  if (row !== 0) store<u8>(row, CREDIT, LEFT);
  return row;
}

// @ts-ignore: decorator
@inline
function isAt(row: usize, key: i32, from: usize, length: i32): bool {
  return load<i32>(row) === key && sameBytes(row + FIELD, from, length) === length;
}

// @ts-ignore: decorator
@inline
function keyOf(form: i32, length: i32): i32 {
  return ((form + 1) << 8) | length;
}

/** Number of the first row in which a field may stand. */
// @ts-ignore: decorator
@inline
function hashOf(key: i32, from: usize, length: i32): usize {
  let hash: u64 = key;
  let at = from;
  for (let left = length; left > 8; left -= 8, at += 8) hash = rotl((hash ^ load<u64>(at)) * FACTOR, 29);
  const last = from + length - 8;
  // The last eight bytes, of which some may be looked at again; of a shorter field, all it has.
  hash ^= length < 8 ? load<u64>(from) & ((<u64>1 << (length << 3)) - 1) : load<u64>(last);
  return <usize>((hash * FACTOR) >> (64 - ROW_BITS));
}

/** Takes what was written of a field, which is no longer than that; not, for a while, in place of one that comes often. */
export function remember(
  form: i32,
  field: usize,
  length: i32,
  output: usize,
  written: i32,
  redacted: i32,
  note: i32,
): void {
  let row = find(form, field, length);
  if (row === 0) {
    row = load<u8>(own + ROW, LEFT) < load<u8>(own, LEFT) ? own + ROW : own;
    const left = load<u8>(row, LEFT);
    if (left > 0) {
      store<u8>(row, left - 1, LEFT);
      return;
    }
    store<u8>(row, CREDIT, LEFT);
  }
  store<i32>(row, keyOf(form, length));
  store<u16>(row, written, WRITTEN);
  store<u16>(row, redacted, REDACTED);
  store<i32>(row, note, NOTE);
  memory.copy(row + FIELD, field, length);
  memory.copy(row + OUTPUT, output, written);
}

// @ts-ignore: decorator
@inline
export function writtenOf(row: usize): i32 {
  return load<u16>(row, WRITTEN);
}

// @ts-ignore: decorator
@inline
export function outputOf(row: usize): usize {
  return row + OUTPUT;
}

// @ts-ignore: decorator
@inline
export function redactedOf(row: usize): i32 {
  return load<u16>(row, REDACTED);
}

// @ts-ignore: decorator
@inline
export function noteOf(row: usize): i32 {
  return load<i32>(row, NOTE);
}
