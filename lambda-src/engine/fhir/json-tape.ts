import { isAscii, isUtf8 } from 'node:buffer';
import type { RecordErrorCode } from '../contract';

/** Int32s per token. */
export const TOKEN = 3;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const enum State {
  VALUE,
  VALUE_OR_END,
  KEY,
  KEY_OR_END,
  AFTER,
}

/** Tokens kept from one record to the next: a large record's are given back. */
const KEPT_TOKENS = 262144;

/**
 * Checks one JSON text (RFC 8259, to the last byte) and notes where its tokens are, so that whoever walks it can skip a
 * value in one step and look at a sibling before it decides.
 *
 * A token is three numbers: where it starts, where it ends, and the index of the token after it and all in it, negative
 * for a string with escapes. A key is a string token before its value's. The kind is told by the first byte.
 */
export class JsonTape {
  public tokens = new Int32Array(16384);
  /** Where the scanner stood, for `string` and `number`, which leave there where they ended. */
  private at = 0;
  private escaped = false;
  /** Whether no string of the text can have an escape. */
  private plain = true;
  private stack = new Int32Array(128);

  /** Scans `bytes[start, end)`; the first token is the text's one value. */
  public scan(bytes: Uint8Array, start: number, end: number, maxDepth: number): RecordErrorCode | undefined {
    if (this.tokens.length > KEPT_TOKENS) this.tokens = new Int32Array(KEPT_TOKENS);
    if (this.stack.length < maxDepth) this.stack = new Int32Array(maxDepth);
    const { stack } = this;
    let { tokens } = this;
    let state = State.VALUE;
    let depth = 0;
    let inObject = false;
    let count = 0;
    let at = start;
    const text = bytes.subarray(start, end);
    this.plain = isAscii(text) && text.indexOf(BACKSLASH) < 0;
    if (!this.plain && !isUtf8(text)) return 'REC_SYNTAX';
    for (;;) {
      let c = 0;
      while (at < end && (c = bytes[at]) <= SPACE) {
        if (isSpace(c)) at++;
        else return 'REC_SYNTAX';
      }
      if (at >= end) break;
      if (state === State.AFTER) {
        if (depth === 0) return 'REC_SYNTAX';
        if (c === COMMA) {
          at++;
          state = inObject ? State.KEY : State.VALUE;
          continue;
        }
      }
      if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
        // A container closes after a value of its own kind, or at once; never after a comma or a colon.
        if (depth === 0 || inObject !== (c === CLOSE_OBJECT)) return 'REC_SYNTAX';
        if (state === State.VALUE || state === State.KEY) return 'REC_SYNTAX';
        const opened = stack[--depth];
        tokens[opened + 1] = ++at;
        tokens[opened + 2] = count;
        inObject = depth > 0 && bytes[tokens[stack[depth - 1]]] === OPEN_OBJECT;
        state = State.AFTER;
        continue;
      }
      if (state === State.AFTER) return 'REC_SYNTAX';
      if (count + TOKEN > tokens.length) tokens = this.grow();
      tokens[count] = at;
      if (c === QUOTE) {
        if (!this.string(bytes, at + 1, end)) return 'REC_SYNTAX';
        at = this.at;
        tokens[count + 1] = at;
        count += TOKEN;
        tokens[count - 1] = this.escaped ? -count : count;
        if (state === State.VALUE || state === State.VALUE_OR_END) {
          state = State.AFTER;
          continue;
        }
        while (at < end && (c = bytes[at]) <= SPACE) {
          if (isSpace(c)) at++;
          else return 'REC_SYNTAX';
        }
        if (at >= end || bytes[at] !== COLON) return 'REC_SYNTAX';
        at++;
        state = State.VALUE;
        continue;
      }
      if (state === State.KEY || state === State.KEY_OR_END) return 'REC_SYNTAX';
      if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
        if (depth === maxDepth) return 'REC_TOO_DEEP';
        stack[depth++] = count;
        count += TOKEN;
        inObject = c === OPEN_OBJECT;
        state = inObject ? State.KEY_OR_END : State.VALUE_OR_END;
        at++;
        continue;
      }
      if (c === MINUS || (c >= ZERO && c <= NINE)) {
        if (!this.number(bytes, at, end)) return 'REC_SYNTAX';
        at = this.at;
      } else {
        at = literalEnd(bytes, at, end, c);
        if (at < 0) return 'REC_SYNTAX';
      }
      tokens[count + 1] = at;
      count += TOKEN;
      tokens[count - 1] = count;
      state = State.AFTER;
    }
    return state === State.AFTER && depth === 0 ? undefined : 'REC_SYNTAX';
  }

  private grow(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.tokens.length * 2);
    grown.set(this.tokens);
    return (this.tokens = grown);
  }

  /** `from` is after the opening quote. */
  private string(bytes: Uint8Array, from: number, end: number): boolean {
    this.escaped = false;
    return this.plain ? this.plainString(bytes, from, end) : this.anyString(bytes, from, end);
  }

  /** Where most bytes of a file are read: one comparison each. */
  private plainString(bytes: Uint8Array, from: number, end: number): boolean {
    for (let at = from; at < end; at++) {
      const c = bytes[at];
      if (c > QUOTE) continue;
      if (c === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (c < SPACE) return false;
    }
    return false;
  }

  private anyString(bytes: Uint8Array, from: number, end: number): boolean {
    let at = from;
    while (at < end) {
      const c = bytes[at++];
      if (c > QUOTE && c !== BACKSLASH) continue;
      if (c === QUOTE) {
        this.at = at;
        return true;
      }
      if (c < SPACE) return false;
      if (c !== BACKSLASH) continue;
      this.escaped = true;
      const kind = at < end ? bytes[at++] : 0;
      if (kind === 0x75) {
        at = escapeEnd(bytes, at, end);
        if (at < 0) return false;
      } else if (!isSimpleEscape(kind)) {
        return false;
      }
    }
    return false;
  }

  private number(bytes: Uint8Array, from: number, end: number): boolean {
    let at = bytes[from] === MINUS ? from + 1 : from;
    if (at < end && bytes[at] === ZERO) at++;
    else if ((at = digitsEnd(bytes, at, end)) < 0) return false;
    if (at < end && bytes[at] === 0x2e && (at = digitsEnd(bytes, at + 1, end)) < 0) return false;
    if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
      at++;
      if (at < end && (bytes[at] === MINUS || bytes[at] === 0x2b)) at++;
      if ((at = digitsEnd(bytes, at, end)) < 0) return false;
    }
    this.at = at;
    return true;
  }
}

function isSpace(c: number): boolean {
  return c === SPACE || c === 0x0a || c === 0x0d || c === 0x09;
}

/** End of one digit or more, else -1. */
function digitsEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] >= ZERO && bytes[at] <= NINE) at++;
  return at === from ? -1 : at;
}

function literalEnd(bytes: Uint8Array, from: number, end: number, c: number): number {
  const word = c === 0x74 ? 'true' : c === 0x66 ? 'false' : c === 0x6e ? 'null' : '';
  if (word === '' || from + word.length > end) return -1;
  for (let i = 1; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return -1;
  return from + word.length;
}

/** One of `"` `\` `/` `b` `f` `n` `r` `t`. */
function isSimpleEscape(c: number): boolean {
  return (
    c === QUOTE || c === BACKSLASH || c === 0x2f || c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74
  );
}

/** End of the four digits after `\u`, and of the second half of a surrogate pair; -1 for anything else. */
function escapeEnd(bytes: Uint8Array, from: number, end: number): number {
  const unit = hex4(bytes, from, end);
  if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return -1;
  if (unit < 0xd800 || unit > 0xdbff) return from + 4;
  if (from + 6 > end || bytes[from + 4] !== BACKSLASH || bytes[from + 5] !== 0x75) return -1;
  const low = hex4(bytes, from + 6, end);
  return low >= 0xdc00 && low <= 0xdfff ? from + 10 : -1;
}

function hex4(bytes: Uint8Array, from: number, end: number): number {
  if (from + 4 > end) return -1;
  let value = 0;
  for (let i = from; i < from + 4; i++) {
    const c = bytes[i];
    const digit =
      c >= 0x30 && c <= 0x39 ? c - 0x30 : c >= 0x61 && c <= 0x66 ? c - 0x57 : c >= 0x41 && c <= 0x46 ? c - 0x37 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
