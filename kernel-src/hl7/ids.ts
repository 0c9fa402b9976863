/** Fields of ids, `M123^^^HOSPITAL^MR~...`: what stands behind an id, its issuer and its type, comes again with others. */
import { find, noteOf, outputOf, redactedOf, writtenOf } from './memory';
import { append, askForId, redact, ROOM } from './output';

/** In place of a form. */
const ID: i32 = 0xfffe;

const MAX_ID: usize = 55;
const BLANK: i32 = 0x20;
const HYPHEN: i32 = 0x2d;
/** HL7's null, two quotes. */
const NULL: i32 = 0x2222;
/** Length of an SSN as it is written for people. */
const SSN: usize = 11;

let component: i32 = 0;
let repetition: i32 = 0;
let escape: i32 = 0;
let subcomponent: i32 = 0;

export function setParts(ofComponents: i32, ofRepetitions: i32, ofEscapes: i32, ofSubcomponents: i32): void {
  component = ofComponents;
  repetition = ofRepetitions;
  escape = ofEscapes;
  subcomponent = ofSubcomponents;
}

/** Whether it is known of all ids of a field what becomes of them, by what stands behind each. */
export function areKnown(form: i32, from: usize, to: usize): bool {
  let count: usize = 0;
  for (let at = from; at <= to; count++) {
    if (count === ROOM) return false;
    const end = endOfRepetition(at, to);
    if (end > at) {
      const behind = endOfId(at, end);
      const row = find(form, behind, <i32>(end - behind));
      if (row === 0 || !isFilled(at, behind) || (noteOf(row) !== 0 && !isPlain(at, behind))) return false;
    }
    at = end + 1;
  }
  return true;
}

/** Writes a field whose ids are known: for each that may be shown the caller is asked. */
export function writeIds(field: i32, form: i32, text: usize, from: usize, to: usize): void {
  let waiting = 0;
  for (let at = from; at <= to; waiting++) {
    const end = endOfRepetition(at, to);
    if (end > at) {
      const behind = endOfId(at, end);
      const row = find(form, behind, <i32>(end - behind));
      redact(redactedOf(row));
      // Whether ids are shown ahead of this.
      if (noteOf(row) !== 0) {
        askForId(ID, field, text, at, behind, waiting, repetition);
        append(outputOf(row), writtenOf(row));
        waiting = 0;
      }
    }
    at = end + 1;
  }
}

/** Whether there is an id, and not a null. */
function isFilled(from: usize, to: usize): bool {
  return to !== from && (to !== from + 2 || load<u16>(from) !== NULL);
}

/** Whether an id is shown if what stands behind it admits that: it cannot be an SSN, and there are no blanks around it. */
function isPlain(from: usize, to: usize): bool {
  const length = to - from;
  const next = <i32>load<u8>(to);
  if (length > MAX_ID || next === escape || next === subcomponent) return false;
  if (load<u8>(from) === BLANK || load<u8>(to - 1) === BLANK) return false;
  return length !== SSN || load<u8>(from, 3) !== HYPHEN || load<u8>(from, 6) !== HYPHEN;
}

// @ts-ignore: decorator
@inline
function endOfRepetition(from: usize, to: usize): usize {
  return firstOf(from, to, repetition, repetition, repetition);
}

// @ts-ignore: decorator
@inline
function endOfId(from: usize, to: usize): usize {
  return firstOf(from, to, component, escape, subcomponent);
}

/** Where the first of three bytes stands in a text, or its end. */
function firstOf(from: usize, to: usize, a: i32, b: i32, c: i32): usize {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const ab = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>a)), i8x16.eq(bytes, i8x16.splat(<i8>b)));
    const found = i8x16.bitmask(v128.or(ab, i8x16.eq(bytes, i8x16.splat(<i8>c))));
    if (found !== 0) return min(at + ctz(found), to);
  }
  return to;
}
