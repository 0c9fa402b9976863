/**
 * The grammar of JSON's white space and scalars (RFC 8259). Behind the text stands a zero, which fits nowhere: no function
 * has to look where the text ends. Each gives the address after what it reads, or 0 where it is none.
 */

export const SPACE: i32 = 0x20;
export const QUOTE: i32 = 0x22;
export const MINUS: i32 = 0x2d;
export const BACKSLASH: i32 = 0x5c;
/** Four letters as one number, the first one lowest. */
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const NULL: u32 = 0x6c6c756e;

/** Address of the first byte that is not white space. */
// @ts-ignore: decorator
@inline
export function skipBlanks(at: usize): usize {
  return <i32>load<u8>(at) > SPACE ? at : blanksEnd(at);
}

function blanksEnd(from: usize): usize {
  let at = from;
  for (let c = <i32>load<u8>(at); c == SPACE || c == 0x0a || c == 0x0d || c == 0x09; c = <i32>load<u8>(at)) at++;
  return at;
}

/** Address of the first byte of a string that needs a look: a quote, a backslash, a control character or one beyond ASCII. */
// @ts-ignore: decorator
@inline
export function plainEnd(from: usize): usize {
  let at = from;
  while (true) {
    const found = oddBytes(v128.load(at));
    if (found != 0) return at + <usize>ctz(found);
    at += 16;
  }
}

/** A bit for each byte. As signed numbers, those beyond ASCII are below the control characters. */
// @ts-ignore: decorator
@inline
function oddBytes(bytes: v128): i32 {
  const low = i8x16.lt_s(bytes, i8x16.splat(<i8>SPACE));
  const quote = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE));
  const backslash = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH));
  return i8x16.bitmask(v128.or(low, v128.or(quote, backslash)));
}

/** Whether the last string that `oddStringEnd` has read has escapes. */
export let escaped: bool = false;
/** Whether it has come upon a byte beyond ASCII, in any string since a text was begun: those are to be UTF-8. */
let beyondAscii: bool = false;

export function beginText(): void {
  beyondAscii = false;
}

export function isAscii(): bool {
  return !beyondAscii;
}

/** Of a string from its first byte on that needs a look. */
export function oddStringEnd(from: usize): usize {
  let at = from;
  escaped = false;
  while (true) {
    const c = <i32>load<u8>(at++);
    if (c == QUOTE) return at;
    if (c < SPACE) return 0;
    if (c > 0x7f) beyondAscii = true;
    if (c == BACKSLASH) {
      escaped = true;
      const kind = <i32>load<u8>(at++);
      if (kind == 0x75) {
        at = escapeEnd(at);
        if (at == 0) return 0;
      } else if (!isSimpleEscape(kind)) {
        return 0;
      }
    }
    at = plainEnd(at);
  }
}

/** One of `"` `\` `/` `b` `f` `n` `r` `t`. */
function isSimpleEscape(c: i32): bool {
  return c == QUOTE || c == BACKSLASH || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74;
}

/** Of the four digits after `\u`, and of the second half of a surrogate pair. */
function escapeEnd(from: usize): usize {
  const unit = hex4(from);
  if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return 0;
  if (unit < 0xd800 || unit > 0xdbff) return from + 4;
  if (load<u16>(from + 4) != 0x755c) return 0;
  const low = hex4(from + 6);
  return low >= 0xdc00 && low <= 0xdfff ? from + 10 : 0;
}

function hex4(from: usize): i32 {
  let value = 0;
  for (let at = from; at < from + 4; at++) {
    const c = <i32>load<u8>(at);
    const letter = c | 0x20;
    if (isDigit(c)) value = value * 16 + c - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + letter - 0x57;
    else return -1;
  }
  return value;
}

/** Of a number or a word. */
export function otherEnd(from: usize): usize {
  const c = <i32>load<u8>(from);
  if (c == MINUS || isDigit(c)) return numberEnd(from);
  const four = load<u32>(from);
  if (four == TRUE || four == NULL) return from + 4;
  return four == FALS && load<u8>(from + 4) == 0x65 ? from + 5 : 0;
}

export function numberEnd(from: usize): usize {
  let at = <i32>load<u8>(from) == MINUS ? from + 1 : from;
  if (load<u8>(at) == 0x30) at++;
  else if ((at = digitsEnd(at)) == 0) return 0;
  if (load<u8>(at) == 0x2e && (at = digitsEnd(at + 1)) == 0) return 0;
  if ((load<u8>(at) | 0x20) == 0x65) {
    at++;
    const sign = <i32>load<u8>(at);
    at = digitsEnd(sign == MINUS || sign == 0x2b ? at + 1 : at);
  }
  return at;
}

/** Of one digit or more. */
// @ts-ignore: decorator
@inline
function digitsEnd(from: usize): usize {
  let at = from;
  while (isDigit(load<u8>(at))) at++;
  return at == from ? 0 : at;
}

// @ts-ignore: decorator
@inline
function isDigit(c: i32): bool {
  return <u32>(c - 0x30) < 10;
}
