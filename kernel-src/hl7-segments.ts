/**
 * Writes segments of HL7 v2 as far as that needs no judgement: tables say which fields are kept, and of these a number, a
 * time and a field that came before are written here. For any other the caller is asked: its place in the output stays
 * empty. A segment of which more must be known is the caller's as a whole.
 */
import { filledCount, lastField, lengthOf, lineEnd, placeOf, split } from './hl7/fields';
import { isNumber, yearOf } from './hl7/grammar';
import { areKnown, setParts, writeIds } from './hl7/ids';
import { find, forget, noteOf, outputOf, redactedOf, remember as rememberField, writtenOf } from './hl7/memory';
import * as output from './hl7/output';

/** Bytes that are gone through in one call. */
const SIZE: i32 = 16384;
const TEXT: usize = memory.data(16384 + 32, 16);

/**
 * How a field of a form is written here: a plain number of up to so many bytes as it stands; a time as its year; another
 * as what was written of it before; the value of an observation in the form that its type has; of ids what stands behind
 * them. If not, the caller is asked.
 */
const NUMBER: i32 = 1;
const COUNT: i32 = 2;
const YEAR: i32 = 3;
const REPEATED: i32 = 4;
const VALUE: i32 = 5;
const IDS: i32 = 6;
const MAX_NUMBER: i32 = 16;
const MAX_COUNT: i32 = 6;

/** By the number of a form. */
const FORMS: usize = memory.data(1024, 16);

/** By the name of a segment its number, or that nothing but the name is kept; below, it is the caller's. */
const LETTERS: u32 = 36;
const NAMES: usize = memory.data(36 * 36 * 36 * 2, 16);
const EMPTIED: i32 = -1;

/** Of each segment its role, where its fields stand in the list, and the field that makes it the caller's, or 0. */
const SEGMENTS: usize = memory.data(1024 * 12, 16);
const SEGMENT: usize = 12;
const FIRST: usize = 4;
const UNLESS: usize = 8;
const HEADER: i32 = 1;
const PATIENT: i32 = 2;

/** Numbers of fields and their forms; a great number ends those of a segment. */
const FIELDS: usize = memory.data(8192 * 8, 16);
const FIELD: usize = 8;
const FORM: usize = 4;

/** In place of a form: a patient begins who has no date of death. */
const LIVES: i32 = 0xffff;

/** A field that is to be remembered, and what was written of it. */
const REMEMBERED: usize = memory.data(112 + 16, 16);
const REMEMBERED_OUTPUT: usize = memory.data(112 + 16, 16);

/** The delimiters of a header, and the type of its message. */
const DELIMITERS: i32 = 2;
const TYPE: i32 = 9;
/** Fields of an observation that decide over its value. */
const VALUE_TYPE: i32 = 2;
const CODE: i32 = 3;
const UNITS: i32 = 6;

const RETURN: i32 = 0x0d;
const FEED: i32 = 0x0a;
const VERTICAL_TAB: i32 = 0x0b;
const FILE_SEPARATOR: i32 = 0x1c;
const NAME: usize = 3;
/** Digits of a year. */
const DIGITS: i32 = 4;

let delimiter: i32 = 0;
let yearFloor: i32 = 0;
let formOfType: i32 = 0;
let formOfCode: i32 = 0;
let formOfUnits: i32 = 0;

export function size(): i32 {
  return SIZE;
}

export function text(): usize {
  return TEXT;
}

export function written(): usize {
  return output.OUTPUT;
}

export function asked(): usize {
  return output.ASKED;
}

export function result(): usize {
  return output.RESULT;
}

export function forms(): usize {
  return FORMS;
}

export function names(): usize {
  return NAMES;
}

export function segments(): usize {
  return SEGMENTS;
}

export function fields(): usize {
  return FIELDS;
}

export function remembered(): usize {
  return REMEMBERED;
}

export function rememberedOutput(): usize {
  return REMEMBERED_OUTPUT;
}

/** @param floor the least year that is shown; the others are the forms of what decides over an observation's value */
export function setUp(floor: i32, type: i32, code: i32, units: i32): void {
  yearFloor = floor;
  formOfType = type;
  formOfCode = code;
  formOfUnits = units;
}

/** Begins with messages of other delimiters; one that they do not have is that of fields, which stands in none. */
export function setDelimiters(field: i32, component: i32, repetition: i32, escape: i32, subcomponent: i32): void {
  delimiter = field;
  setParts(component, repetition, escape, subcomponent);
  forget();
}

export function remember(form: i32, length: i32, outputLength: i32, redacted: i32, note: i32): void {
  rememberField(form, REMEMBERED, length, REMEMBERED_OUTPUT, outputLength, redacted, note);
}

/**
 * Writes the segments of the first `length` bytes of the text.
 *
 * @param complete whether the last one ends with them
 * @param header whether the first one is the header of a message
 * @returns the place up to which all is written, or, inverted, that of a segment which the caller writes
 */
export function run(length: i32, complete: bool, header: bool): i32 {
  const end = TEXT + length;
  // Ends the last line.
  store<u8>(end, RETURN);
  output.begin(delimiter);
  let at = TEXT;
  let isCallers = false;
  while (true) {
    while (at < end && isBetweenSegments(load<u8>(at))) at++;
    if (at === end) break;
    output.beginSegment();
    const next = segment(at, header && at === TEXT);
    if (next === 0 || (next === end && !complete)) {
      output.takeBack();
      isCallers = next === 0 || at === TEXT;
      break;
    }
    at = next;
  }
  output.end();
  const place = <i32>(at - TEXT);
  return isCallers ? ~place : place;
}

// @ts-ignore: decorator
@inline
function isBetweenSegments(byte: i32): bool {
  return byte === RETURN || byte === FEED || byte === VERTICAL_TAB || byte === FILE_SEPARATOR;
}

/** Writes a segment; returns where it ends, or 0 where it is the caller's. */
function segment(at: usize, header: bool): usize {
  const number = segmentAt(at);
  const behind = <i32>load<u8>(at, NAME);
  if (number < EMPTIED || (behind !== delimiter && behind !== RETURN && behind !== FEED)) return 0;
  split(at + NAME, delimiter, header);
  output.writeName(at, header);
  const kept = number === EMPTIED ? 0 : keep(SEGMENTS + <usize>number * SEGMENT, header);
  if (kept < 0) return 0;
  output.endSegment(filledCount() - kept);
  return lineEnd();
}

/** Number of the segment whose name stands at a place; a very low one where none does. */
// @ts-ignore: decorator
@inline
function segmentAt(at: usize): i32 {
  const first = <u32>load<u8>(at) - 0x41;
  const second = letterOrDigit(load<u8>(at, 1));
  const third = letterOrDigit(load<u8>(at, 2));
  if (first > 25 || second >= LETTERS || third >= LETTERS) return i32.MIN_VALUE;
  return load<i16>(NAMES + (((first * LETTERS + second) * LETTERS + third) << 1));
}

// @ts-ignore: decorator
@inline
function letterOrDigit(byte: u32): u32 {
  const letter = byte - 0x41;
  const digit = byte - 0x30;
  return letter < 26 ? letter : digit < 10 ? digit + 26 : LETTERS;
}

/** Writes what is kept of a segment; returns of how many fields, or -1 where it is the caller's. */
function keep(table: usize, header: bool): i32 {
  const role = load<i32>(table);
  if ((role === HEADER) !== header) return -1;
  const unless = load<i32>(table, UNLESS);
  if (unless > 0 && lengthOf(unless) > 0) return -1;
  let kept = header ? writeHeader() : 0;
  if (role === PATIENT) {
    if (!output.hasRoom()) return -1;
    output.tell(LIVES);
  }
  let list = FIELDS + <usize>load<i32>(table, FIRST) * FIELD;
  for (let field = load<i32>(list); field <= lastField(); field = load<i32>((list += FIELD))) {
    const length = lengthOf(field);
    if (length === 0) continue;
    kept++;
    if (!output.hasRoom() || !write(field, load<i32>(list, FORM), placeOf(field), length)) return -1;
  }
  return kept;
}

/** Writes the delimiters, which say how the message is read, and notes its type; returns how many fields that keeps. */
function writeHeader(): i32 {
  const length = lengthOf(DELIMITERS);
  output.writeDelimiters(placeOf(DELIMITERS), length);
  const type = lengthOf(TYPE);
  const from = type === 0 ? 0 : <i32>(placeOf(TYPE) - TEXT);
  store<i32>(output.RESULT, from, 16);
  store<i32>(output.RESULT, from + type, 20);
  return length > 0 ? 1 : 0;
}

/** Writes a field, or asks for it; false where the whole segment is the caller's. */
function write(field: i32, form: i32, from: usize, length: i32): bool {
  if (load<u8>(FORMS + form) !== VALUE) {
    writeField(field, form, from, length);
    return true;
  }
  const known = formOfValue();
  if (known > 0) writeField(field, known - 1, from, length);
  else output.redact(1);
  return known >= 0;
}

/** The form of an observation's value plus one; 0 where it is dropped, -1 where that is not known. */
function formOfValue(): i32 {
  const type = noteOn(VALUE_TYPE, formOfType);
  if (type <= 0) return type;
  // Whether it is an age.
  return noteOn(CODE, formOfCode) === 0 && noteOn(UNITS, formOfUnits) === 0 ? type : -1;
}

/** What was noted on a field that came before; 0 of an empty one, -1 of another. */
function noteOn(field: i32, form: i32): i32 {
  const length = lengthOf(field);
  if (length === 0) return 0;
  const row = find(form, placeOf(field), length);
  return row === 0 ? -1 : noteOf(row);
}

function writeField(field: i32, form: i32, from: usize, length: i32): void {
  switch (<i32>load<u8>(FORMS + form)) {
    case REPEATED: {
      const row = find(form, from, length);
      if (row === 0) break;
      output.redact(redactedOf(row));
      if (writtenOf(row) > 0) output.show(field, outputOf(row), writtenOf(row));
      return;
    }
    case NUMBER:
      if (length > MAX_NUMBER || !isNumber(from, length)) break;
      return output.show(field, from, length);
    case COUNT:
      if (length > MAX_COUNT || !isNumber(from, length)) break;
      return output.show(field, from, length);
    case YEAR: {
      const year = yearOf(from, length);
      if (year === 0) break;
      if (year < yearFloor) return output.redact(1);
      if (length > DIGITS) output.generalize();
      return output.show(field, from, DIGITS);
    }
    case IDS:
      if (!areKnown(form, from, from + length)) break;
      return writeIds(field, form, TEXT, from, from + length);
  }
  output.askFor(form, field, TEXT, from, from + length);
}
