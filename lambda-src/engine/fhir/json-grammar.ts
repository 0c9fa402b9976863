/**
 * The grammar of JSON's scalars (RFC 8259). Each function takes the index of a scalar's first byte (of a string, the one
 * after its quote) and gives the index after its last, or -1 where it is none.
 */

export const SPACE = 0x20;
export const QUOTE = 0x22;
export const MINUS = 0x2d;
export const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** Index of the first byte that is not white space, at `end` if there is none. Other control characters fit nowhere. */
export function blanksEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

function isBlank(c: number): boolean {
  return c === SPACE || c === 0x0a || c === 0x0d || c === 0x09;
}

/**
 * Index of the first byte in a string that needs a look: a quote, a backslash, a control character or one beyond ASCII; at
 * `end` if there is none. Most bytes of a file are read here, so four at once: those below `#` borrow when 0x23 is taken
 * from them, a backslash borrows once it is turned into a zero, and both set a high bit, which others have of their own.
 */
export function plainEnd(bytes: Uint8Array, view: DataView, from: number, end: number): number {
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const four = view.getInt32(at, true);
    if (((four | (four - 0x23232323) | ((four ^ 0x5c5c5c5c) - 0x01010101)) & 0x80808080) !== 0) break;
  }
  for (; at < end; at++) {
    const c = bytes[at];
    if (c <= QUOTE && (c === QUOTE || c < SPACE)) break;
    if (c === BACKSLASH || c > 0x7e) break;
  }
  return at;
}

/** Of a string from its first byte on that needs a look; `-1 - index` for one with escapes. */
export function oddStringEnd(bytes: Uint8Array, view: DataView, from: number, end: number): number {
  let at = from;
  let escaped = false;
  while (at < end) {
    const c = bytes[at++];
    if (c === QUOTE) return escaped ? -1 - at : at;
    if (c < SPACE) return -1;
    if (c === BACKSLASH) {
      escaped = true;
      const kind = at < end ? bytes[at++] : 0;
      if (kind === 0x75) {
        at = escapeEnd(bytes, at, end);
        if (at < 0) return -1;
      } else if (!isSimpleEscape(kind)) {
        return -1;
      }
    }
    at = plainEnd(bytes, view, at, end);
  }
  return -1;
}

/** Of a number or a word. */
export function otherEnd(bytes: Uint8Array, from: number, end: number): number {
  const c = bytes[from];
  return c === MINUS || (c >= ZERO && c <= NINE) ? numberEnd(bytes, from, end) : literalEnd(bytes, from, end, c);
}

function numberEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  if (at < end && bytes[at] === ZERO) at++;
  else if ((at = digitsEnd(bytes, at, end)) < 0) return -1;
  if (at < end && bytes[at] === 0x2e && (at = digitsEnd(bytes, at + 1, end)) < 0) return -1;
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < end && (bytes[at] === MINUS || bytes[at] === 0x2b)) at++;
    at = digitsEnd(bytes, at, end);
  }
  return at;
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
