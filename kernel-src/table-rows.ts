/**
 * Rows of a table, as many as there are whose cells are all known: ids become their codes, dates of the plainest form
 * their years, and of any other cell becomes what TypeScript has made of the same before. The first row that has another
 * one is left to TypeScript.
 */
import { isPlainCode, isPlainDate, isPlainNumber, isPlainText, isPlainZip, prefixOf, yearOf } from './table/forms';
import { forgetOpen, putCode, settle } from './table/ids';
import { NEWLINE, nextMark, QUOTE, RETURN, seek, splitAt } from './table/marks';
import { goTo, MOST, out, OUTPUT, put, putByte } from './table/output';
import { generalizedOf, NEW, putWord, redactedOf, remember, wordAt } from './table/words';

// Whoever makes codes has the same module: two would carry the hash twice.
export { initial, key, queue, rounds, run, table, takeKey } from './hash/id-codes';
export { remember };

/** How the cells of a column are known, beside those of which TypeScript told. */
const ID: i32 = 1;
const YEAR: i32 = 2;
const DATE: i32 = 3;
const NUMBER: i32 = 4;
const ZIP: i32 = 5;
const TEXT: i32 = 6;
const CODE: i32 = 7;
const BIRTH: i32 = 8;
const DEATH: i32 = 9;
/** Nothing is written of the column; with another form beside it, the cell must be known all the same. */
const DROPPED: i32 = 16;

const SOURCE_SIZE: i32 = 32 * 1024;
const SOURCE: usize = memory.data(32 * 1024 + 80, 16);
/** For each column how its cells are known, and what kind of word they are. */
const COLUMNS: usize = memory.data(1024 * 2, 16);
/** A byte for each prefix of a ZIP code: `1` where it may be shown. */
const ZIPS: usize = memory.data(1000, 16);
const SHOWN: u32 = 0x31;
const HIDDEN: u32 = 0x303030;
/** What `rows` tells. */
const RESULT: usize = memory.data(7 * 4, 16);

let delimiter: u32 = 0;
let columns: i32 = 0;
let firstYear: u32 = 0;

let redacted: i32 = 0;
let hashed: i32 = 0;
let generalized: i32 = 0;
/** Whether the row has a birth of which no year may be shown, or may not be known to be, and whether its patient died. */
let isOld: bool = false;
let isDead: bool = false;
/** The column of the cell that could not be judged. */
let column: i32 = 0;

export function source(): usize {
  return SOURCE;
}

export function size(): i32 {
  return SOURCE_SIZE;
}

export function forms(): usize {
  return COLUMNS;
}

export function zips(): usize {
  return ZIPS;
}

export function output(): usize {
  return OUTPUT;
}

export function result(): usize {
  return RESULT;
}

export function word(): usize {
  return NEW;
}

/** @param year the first that may be shown */
export function begin(separator: u32, count: i32, year: i32): void {
  delimiter = separator;
  columns = count;
  firstYear = year;
  splitAt(separator);
}

/**
 * Writes the rows that begin at place `from` of a text, up to `most` bytes of output and a row more. Tells where they
 * end, how long the output is, how many rows there are, what they count, and in which column it stopped: -1 where the
 * next row is not all there, or has no room.
 */
export function rows(from: i32, length: i32, most: i32): void {
  const end = SOURCE + length;
  store<u8>(end, NEWLINE);
  const limit = OUTPUT + min(most, MOST);
  let start = SOURCE + from;
  let count = 0;
  redacted = hashed = generalized = 0;
  column = -1;
  goTo(OUTPUT);
  seek(start);
  while (out < limit) {
    const before = out;
    const counted = i32x4(redacted, hashed, generalized, 0);
    const next = row(start, end);
    if (next == 0) {
      redacted = i32x4.extract_lane(counted, 0);
      hashed = i32x4.extract_lane(counted, 1);
      generalized = i32x4.extract_lane(counted, 2);
      goTo(before);
      forgetOpen();
      break;
    }
    start = next;
    count++;
    column = -1;
  }
  settle();
  store<i32>(RESULT, start - SOURCE);
  store<i32>(RESULT, out - OUTPUT, 4);
  store<i32>(RESULT, count, 8);
  store<i32>(RESULT, redacted, 12);
  store<i32>(RESULT, hashed, 16);
  store<i32>(RESULT, generalized, 20);
  store<i32>(RESULT, column, 24);
}

/** Writes a row; returns where the next one begins, or 0 where it is not all there or has what TypeScript must see. */
function row(start: usize, end: usize): usize {
  const begin = out;
  const last = columns - 1;
  isOld = isDead = false;
  let from = start;
  for (column = 0; column <= last; column++) {
    let to = nextMark();
    let mark = to;
    let quotes: usize = 0;
    if (to == from && load<u8>(to) == QUOTE) {
      quotes = 1;
      from++;
      do to = nextMark();
      while (load<u8>(to) == delimiter);
      if (load<u8>(to) != QUOTE) return stop(to, end);
      mark = nextMark();
      // It is doubled, or something stands behind it.
      if (mark != to + 1) return stop(mark, end);
    }
    if (mark == end || !(column == last ? isLineEnd(mark, end) : load<u8>(mark) == delimiter)) return stop(mark, end);
    if (!cell(from, <i32>(to - from), quotes)) return 0;
    from = mark + 1;
  }
  column = last;
  // An empty line is no row, whether it is read or would be written. Somebody who died may have been born long ago.
  if (from == start + 1 || out == begin + 1 || (isOld && isDead)) return 0;
  store<u8>(out - 1, NEWLINE);
  if (load<u8>(from - 1) != RETURN) return from;
  nextMark();
  return from + 1;
}

/** The row ends at a place, for this time. */
function stop(at: usize, end: usize): usize {
  if (at == end) column = -1;
  return 0;
}

// @ts-ignore: decorator
@inline
function isLineEnd(at: usize, end: usize): bool {
  const byte = load<u8>(at);
  return byte == NEWLINE || (byte == RETURN && load<u8>(at, 1) == NEWLINE && at + 1 != end);
}

/** Writes a cell, and a delimiter behind it; false where its text is none that is known. */
function cell(from: usize, length: i32, quotes: usize): bool {
  const known = COLUMNS + (column << 1);
  const form: i32 = load<u8>(known);
  if (form == DROPPED) {
    redacted += <i32>(length > 0);
    return true;
  }
  const begin = out;
  const kind: i32 = load<u8>(known, 1);
  store<u8>(out, QUOTE);
  goTo(out + quotes);
  if (length > 0 && !putText(form & ~DROPPED, kind, from, length)) return false;
  if (form > DROPPED) {
    goTo(begin);
    return true;
  }
  store<u8>(out, QUOTE);
  // Of a cell that is emptied, no quotes are left.
  goTo(length > 0 && out == begin + quotes ? begin : out + quotes);
  putByte(delimiter);
  return true;
}

/** Appends what becomes of a text; false where it is none that is known. */
function putText(form: i32, kind: i32, from: usize, length: i32): bool {
  switch (form) {
    case ID:
      hashed++;
      return putCode(from, length);
    case YEAR:
      if (!isPlainDate(from, length)) break;
      return putYear(from);
    case BIRTH:
      if (!isPlainDate(from, length)) {
        isOld = true;
        break;
      }
      if (yearOf(from) < firstYear) isOld = true;
      return putYear(from);
    case DEATH:
      isDead = true;
      return isPlainDate(from, length) && yearOf(from) >= firstYear && putYear(from);
    case ZIP:
      if (!isPlainZip(from, length)) break;
      generalized++;
      store<u32>(out, load<u8>(ZIPS + prefixOf(from)) == SHOWN ? load<u32>(from) : HIDDEN);
      goTo(out + 3);
      return true;
    case DATE:
      if (!isPlainDate(from, length)) break;
      put(from, length);
      return true;
    case NUMBER:
      if (!isPlainNumber(from, length)) break;
      put(from, length);
      return true;
    case CODE:
      if (!isPlainCode(from, length)) break;
      put(from, length);
      return true;
    case TEXT:
      if (!isPlainText(from, length)) break;
      put(from, length);
      return true;
  }
  return putKnown(kind, from, length);
}

function putYear(from: usize): bool {
  if (yearOf(from) < firstYear) {
    redacted++;
  } else {
    generalized++;
    put(from, 4);
  }
  return true;
}

/** Appends what TypeScript has made of the same text; false where it was not asked. */
function putKnown(kind: i32, from: usize, length: i32): bool {
  const known = wordAt(from, length, kind);
  if (known == 0) return false;
  redacted += redactedOf(known);
  generalized += generalizedOf(known);
  putWord(known, from, length);
  return true;
}
