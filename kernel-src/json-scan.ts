/**
 * Checks one JSON text (RFC 8259, to the last byte) and notes where its tokens are. A key is a token before its value's.
 *
 * The fields of keys are found on the way, as far as the node of an object follows from where it stands: a key that is
 * the expected one is checked and found by one comparison with the table. An object or an array that is remembered has no
 * tokens but its own, which names the entry.
 */
import { CHILD, CREDIT, findField, firstOf, KEY, LENGTH, nodeRowOf, rowOf, SUCCESSOR, typeAt } from './json/fields';
import { beginText, escaped, isAscii, oddStringEnd, otherEnd, plainEnd, QUOTE, skipBlanks } from './json/grammar';
import { sameBytes } from './bytes/same-bytes';
import { findValue, heightOf, lengthOf, restOf } from './json/values';

export { INPUT, loadFields, rows } from './json/fields';
export { addValue, entries, findValue } from './json/values';

/** Of a token, in bytes: where its value starts and ends, the number of the one behind it and all in it, field or node. */
const START: usize = 0;
const END: usize = 4;
const NEXT: usize = 8;
const FIELD: usize = 12;
const TOKEN: usize = 16;
/** In the place of the node of an object or array that was found in memory, less the number of its entry. */
const REMEMBERED = -2;

const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** `[` becomes `{` by it. */
const BRACE = 0x20;

/**
 * What a text turns out to be, in the lowest bits of what `scan` returns: `UTF-8` where it is JSON as long as its bytes
 * beyond ASCII are UTF-8.
 */
const JSON_TEXT = 0;
const NO_JSON = 1;
const TOO_DEEP = 2;
const JSON_IF_UTF8 = 3;
/** Of a bit above those: the number of the type, plus one. */
const TYPE_BIT = 2;

/** Of each open container: its token, its node (an array's is that of its items), and the row of the last field in it. */
const MAX_DEPTH = 1024;
const LEVEL: usize = 12;
const NODE: usize = 4;
const PREVIOUS: usize = 8;
const levels: usize = memory.data(MAX_DEPTH * <i32>LEVEL, 16);

let tokens: usize = 0;

/**
 * Scans [start, end), behind which a zero stands; the first token is the text's one value.
 *
 * @param to where the tokens go
 * @param types the node whose fields are the types of resources, or -1: a text that begins with one has its node
 * @param record a number of its own, or 0 where nothing is to be taken from memory
 */
export function scan(start: usize, end: usize, to: usize, maxDepth: i32, types: i32, record: i32): i32 {
  maxDepth = min(maxDepth, MAX_DEPTH);
  beginText();
  tokens = to;
  let token = to;
  let depth = 0;
  let level = levels - LEVEL;
  let inObject = false;
  // Node of the container at hand, the row of the last field found in it, and the node of the value that comes.
  let node = -1;
  let previous: usize = 0;
  const type = typeAt(types, start);
  let child = type < 0 ? -1 : load<i32>(rowOf(type), CHILD);
  let at = start;
  while (true) {
    at = skipBlanks(at);
    let row: usize = 0;
    let field = -1;
    if (inObject) {
      store<usize>(token, at, START);
      store<usize>(token, numberOf(token + TOKEN), NEXT);
      if (node >= 0 && (field = load<i32>(previous, SUCCESSOR)) >= 0) {
        row = rowOf(field);
        const length = load<usize>(row, LENGTH);
        if (sameBytes(at, load<usize>(row, KEY), length) == length) at += length;
        else field = -1;
      }
      if (field >= 0) {
        store<usize>(token, at - 1, END);
        previous = row;
        child = load<i32>(row, CHILD);
      } else {
        if (load<u8>(at) != QUOTE) return NO_JSON;
        const from = at + 1;
        at = plainEnd(from);
        let hasEscapes = false;
        if (load<u8>(at) == QUOTE) {
          at++;
        } else {
          at = oddStringEnd(at);
          if (at == 0) return NO_JSON;
          hasEscapes = escaped;
        }
        store<usize>(token, at, END);
        child = -1;
        if (hasEscapes) {
          store<i32>(token, -load<i32>(token, NEXT), NEXT);
          // An escaped key is odd: whoever walks the object is to decode it.
          store<i32>(load<usize>(level), -1, FIELD);
        } else if (node >= 0 && (field = findField(node, from, at - 1)) >= 0) {
          store<i32>(previous, field, SUCCESSOR);
          previous = row = rowOf(field);
          child = load<i32>(row, CHILD);
        }
        at = skipBlanks(at);
        if (load<u8>(at++) != COLON) return NO_JSON;
      }
      store<i32>(token, field, FIELD);
      token += TOKEN;
      at = skipBlanks(at);
    }

    const c = <i32>load<u8>(at);
    store<usize>(token, at, START);
    store<usize>(token, numberOf(token + TOKEN), NEXT);
    if (c == QUOTE) {
      at = plainEnd(at + 1);
      if (load<u8>(at) == QUOTE) {
        at++;
      } else {
        at = oddStringEnd(at);
        if (at == 0) return NO_JSON;
        if (escaped) store<i32>(token, -load<i32>(token, NEXT), NEXT);
      }
      store<usize>(token, at, END);
      token += TOKEN;
    } else if ((c | BRACE) == OPEN_OBJECT) {
      const isKept = record != 0 && field >= 0 && load<i32>(row, CREDIT) > 0;
      const from = isKept ? restOf(field, at) : at;
      const entry = isKept ? findValue(field, from, record) : -1;
      if (entry >= 0 && depth + heightOf(entry) <= maxDepth) {
        at = from + lengthOf(entry);
        store<usize>(token, at, END);
        store<i32>(token, REMEMBERED - entry, FIELD);
        token += TOKEN;
      } else {
        if (depth == maxDepth) return TOO_DEEP;
        if (depth > 0) store<usize>(level, previous, PREVIOUS);
        depth++;
        level += LEVEL;
        inObject = c == OPEN_OBJECT;
        node = child;
        previous = nodeRowOf(node);
        store<usize>(level, token);
        store<i32>(level, node, NODE);
        store<i32>(token, node, FIELD);
        token += TOKEN;
        at = skipBlanks(at + 1);
        if (load<u8>(at) != <u8>(inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) continue;
      }
    } else {
      at = otherEnd(at);
      if (at == 0) return NO_JSON;
      store<usize>(token, at, END);
      token += TOKEN;
    }

    // After a value: a comma, or the end of one container or more.
    while (true) {
      at = skipBlanks(at);
      if (depth == 0) {
        if (at != end) return NO_JSON;
        return (isAscii() ? JSON_TEXT : JSON_IF_UTF8) | (type < 0 ? 0 : (type - firstOf(types) + 1) << TYPE_BIT);
      }
      const next = <i32>load<u8>(at++);
      if (next == COMMA) break;
      if (next != (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return NO_JSON;
      const opened = load<usize>(level);
      store<usize>(opened, at, END);
      store<usize>(opened, numberOf(token), NEXT);
      depth--;
      level -= LEVEL;
      if (depth == 0) continue;
      inObject = load<u8>(load<usize>(load<usize>(level), START)) == OPEN_OBJECT;
      node = load<i32>(level, NODE);
      previous = load<usize>(level, PREVIOUS);
    }
    child = node;
  }
}

/** Numbers of tokens are indexes of four bytes. */
// @ts-ignore: decorator
@inline
function numberOf(token: usize): usize {
  return (token - tokens) >> 2;
}

/** Looks up the keys of an object whose node was not known when it was scanned. Returns whether any has escapes: it is left. */
export function resolve(object: i32, node: i32): bool {
  let left = false;
  const opened = tokens + (<usize>object << 2);
  const end = tokens + (load<usize>(opened, NEXT) << 2);
  let key = opened + TOKEN;
  while (key < end) {
    if (load<i32>(key, NEXT) < 0) left = true;
    else store<i32>(key, findField(node, load<usize>(key, START) + 1, load<usize>(key, END) - 1), FIELD);
    key = tokens + (<usize>abs(load<i32>(key + TOKEN, NEXT)) << 2);
  }
  return left;
}
