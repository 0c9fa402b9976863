/** What is written of a text, what is asked for in it, and how many values were not kept as they stand. */
import { copyAhead } from '../bytes/copy-ahead';

/** Nothing comes out longer than it went in; copies go a little too far. */
export const OUTPUT: usize = memory.data(16384 + 256, 16);

/** What is asked: from and to in the output where its separators stand, its form, and from and to in the text. */
export const ASKED: usize = memory.data(512 * 20, 16);
const ASKED_END: usize = ASKED + 512 * 20;
const ASK: usize = 20;
const FORM: usize = 8;
/** What one field may ask at most. */
export const ROOM: usize = 32;
/** Beside a form: nothing follows in the segment. */
const LAST: i32 = 0x10000;

/** How much was written and asked; values redacted and generalized; from and to of the type of the message. */
export const RESULT: usize = memory.data(6 * 4, 16);

const RETURN: i32 = 0x0d;
const NAME: usize = 3;

let out: usize = 0;
let asked: usize = 0;
let redacted: i32 = 0;
let generalized: i32 = 0;
/** As they were ahead of the segment at hand. */
let outBefore: usize = 0;
let askedBefore: usize = 0;
let redactedBefore: i32 = 0;
let generalizedBefore: i32 = 0;
/** Of that segment, the field that the output has come to, and what was asked if nothing was written since. */
let written: i32 = 0;
let open: usize = 0;
let delimiter: i32 = 0;

export function begin(fieldDelimiter: i32): void {
  out = OUTPUT;
  asked = ASKED;
  redacted = generalized = 0;
  delimiter = fieldDelimiter;
}

export function end(): void {
  store<i32>(RESULT, <i32>(out - OUTPUT));
  store<i32>(RESULT, <i32>(asked - ASKED), 4);
  store<i32>(RESULT, redacted, 8);
  store<i32>(RESULT, generalized, 12);
}

/** Begins with a segment, which `takeBack` takes back. */
export function beginSegment(): void {
  outBefore = out;
  askedBefore = asked;
  redactedBefore = redacted;
  generalizedBefore = generalized;
  written = 0;
  open = 0;
}

export function takeBack(): void {
  out = outBefore;
  asked = askedBefore;
  redacted = redactedBefore;
  generalized = generalizedBefore;
}

/** Ends a segment, of which so many values were dropped. */
// @ts-ignore: decorator
@inline
export function endSegment(dropped: i32): void {
  redacted += dropped;
  if (open !== 0) store<i32>(open, load<i32>(open, FORM) | LAST, FORM);
}

// @ts-ignore: decorator
@inline
export function writeName(from: usize, first: bool): void {
  if (!first) store<u8>(out++, RETURN);
  store<u32>(out, load<u32>(from));
  out += NAME;
}

/** Writes the delimiters of a header, which are two fields. */
export function writeDelimiters(from: usize, length: i32): void {
  store<u8>(out++, delimiter);
  append(from, length);
  written = 2;
}

// @ts-ignore: decorator
@inline
export function redact(count: i32): void {
  redacted += count;
}

// @ts-ignore: decorator
@inline
export function generalize(): void {
  generalized++;
}

/** Writes a field, or what is kept of it. */
export function show(field: i32, from: usize, length: i32): void {
  separate(field);
  append(from, length);
  open = 0;
}

/** Whether there is room for what a field may ask. */
// @ts-ignore: decorator
@inline
export function hasRoom(): bool {
  return asked <= ASKED_END - ROOM * ASK;
}

/** Asks for a field: nobody knows yet whether anything of it is kept. */
export function askFor(form: i32, field: i32, text: usize, from: usize, to: usize): void {
  const before = out;
  separate(field);
  ask(form, before, from - text, to - text);
  open = asked - ASK;
}

/** Asks for an id in a field, of which something is kept in any case: behind so many separators, and ahead of a text. */
export function askForId(
  form: i32,
  field: i32,
  text: usize,
  from: usize,
  to: usize,
  waiting: i32,
  repetition: i32,
): void {
  const before = out;
  separate(field);
  for (let left = waiting; left > 0; left--) store<u8>(out++, repetition);
  ask(form, before, from - text, to - text);
  open = 0;
}

/** Asks for something that has no place. */
export function tell(form: i32): void {
  ask(form, out, 0, 0);
}

function ask(form: i32, before: usize, from: usize, to: usize): void {
  store<i32>(asked, <i32>(before - OUTPUT));
  store<i32>(asked, <i32>(out - OUTPUT), 4);
  store<i32>(asked, form, FORM);
  store<i32>(asked, <i32>from, 12);
  store<i32>(asked, <i32>to, 16);
  asked += ASK;
}

/** Writes the separators ahead of a field. */
// @ts-ignore: decorator
@inline
function separate(field: i32): void {
  const to = out + <usize>(field - written);
  for (let at = out; at < to; at += 16) v128.store(at, i8x16.splat(<i8>delimiter));
  out = to;
  written = field;
}

/** Writes a text, sixteen bytes at once: some are written ahead. */
// @ts-ignore: decorator
@inline
export function append(from: usize, length: i32): void {
  copyAhead(out, from, length);
  out += length;
}
