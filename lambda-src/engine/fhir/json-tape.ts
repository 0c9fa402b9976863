import { isUtf8 } from 'node:buffer';
import { blanksEnd, oddStringEnd, otherEnd, plainEnd, QUOTE, SPACE } from './json-grammar';
import { KeyIndex } from './key-index';
import type { ValueMemory } from './value-memory';
import type { RecordErrorCode } from '../contract';

/** Int32s per token. */
export const TOKEN = 4;
/** Of a token: where the value starts and ends, which token comes after it and all in it, and its field or node. */
export const END = 1;
export const NEXT = 2;
export const FIELD = 3;
/** In the place of the node of an object or array that was found in memory, less the number of its entry. */
const REMEMBERED = -2;

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Tokens kept from one record to the next: a large record's are given back. */
const KEPT_TOKENS = 262144;
/** Of each open container: its token, its node (an array's is that of its items), and the last field found in it. */
const LEVEL = 3;

/** The entry of memory in which the scanner has found an object or an array, whose content then has no tokens; else -1. */
export function entryAt(tokens: Int32Array, value: number): number {
  return Math.max(-1, REMEMBERED - tokens[value + FIELD]);
}

const NO_KEYS = new KeyIndex([], new Int32Array(1), new Int32Array(0));

/**
 * Checks one JSON text (RFC 8259, to the last byte) and notes where its tokens are, so that whoever walks it can skip a
 * value in one step and look at a sibling before it decides. A key is a token before its value's; the kind of a value is
 * told by its first byte.
 *
 * The fields of keys are found on the way, as far as the node of an object follows from where it stands: a key that is
 * the expected one is checked and found by one comparison with the table. An object's token says for which node its keys
 * were looked up (-1: for none). `NEXT` is negative for a string with escapes. An object or an array that is in memory has
 * no tokens but its own, which names the entry.
 */
export class JsonTape {
  public tokens = new Int32Array(16384);
  /** Of the memory of the text scanned last: many come in one run of bytes. */
  public view: DataView = new DataView(new ArrayBuffer(0));
  private bytes: Uint8Array | undefined;
  private levels = new Int32Array(128 * LEVEL);

  constructor(private readonly index: KeyIndex = NO_KEYS) {}

  /**
   * Scans `bytes[start, end)`; the first token is the text's one value.
   *
   * @param root the node of that value, as far as it can be told beforehand; else -1
   * @param memory of values that need not be scanned again
   */
  public scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    maxDepth: number,
    root = -1,
    memory?: ValueMemory,
  ): RecordErrorCode | undefined {
    memory?.beginRecord();
    if (this.tokens.length > KEPT_TOKENS) this.tokens = new Int32Array(KEPT_TOKENS);
    if (this.levels.length < maxDepth * LEVEL) this.levels = new Int32Array(maxDepth * LEVEL);
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const { index, levels, view } = this;
    const { keys, keyView, keyStarts, successors, children } = index;
    let { tokens } = this;
    let count = 0;
    // Whether any string has escapes or bytes beyond ASCII.
    let odd = false;
    let depth = 0;
    let inObject = false;
    // Node of the container at hand, the last field found in it, and the node of the value that comes.
    let node = -1;
    let previous = -1;
    let child = root;
    let at = start;
    for (;;) {
      if (at < end && bytes[at] <= SPACE) at = blanksEnd(bytes, at, end);
      if (at >= end) return 'REC_SYNTAX';
      if (count + 2 * TOKEN > tokens.length) tokens = this.grow();
      let field = -1;
      if (inObject) {
        const guess = node < 0 ? -1 : successors[previous];
        if (guess >= 0) {
          const shift = keyStarts[guess] - at;
          const stop = keyStarts[guess + 1] - shift;
          if (stop <= end) {
            let same = at;
            while (same + 4 <= stop && view.getInt32(same, true) === keyView.getInt32(same + shift, true)) same += 4;
            while (same < stop && bytes[same] === keys[same + shift]) same++;
            if (same === stop) field = guess;
          }
        }
        tokens[count] = at;
        tokens[count + NEXT] = count + TOKEN;
        if (field >= 0) {
          at += keyStarts[field + 1] - keyStarts[field];
          tokens[count + END] = at - 1;
          previous = field;
          child = children[field];
        } else {
          if (bytes[at] !== QUOTE) return 'REC_SYNTAX';
          const from = at + 1;
          let stop = plainEnd(bytes, view, from, end);
          if (stop < end && bytes[stop] === QUOTE) {
            stop++;
          } else {
            odd = true;
            stop = oddStringEnd(bytes, view, stop, end);
            if (stop === -1) return 'REC_SYNTAX';
          }
          at = stop < 0 ? -1 - stop : stop;
          tokens[count + END] = at;
          child = -1;
          if (stop < 0) {
            tokens[count + NEXT] = -count - TOKEN;
            // An escaped key is odd: whoever walks the object is to decode it.
            tokens[levels[(depth - 1) * LEVEL] + FIELD] = -1;
          } else if (node >= 0 && (field = index.find(node, bytes, from, at - 1)) >= 0) {
            successors[previous] = field;
            previous = field;
            child = children[field];
          }
          if (at < end && bytes[at] <= SPACE) at = blanksEnd(bytes, at, end);
          if (at >= end) return 'REC_SYNTAX';
          if (bytes[at++] !== COLON) return 'REC_SYNTAX';
        }
        tokens[count + FIELD] = field;
        count += TOKEN;
        if (at < end && bytes[at] <= SPACE) at = blanksEnd(bytes, at, end);
        if (at >= end) return 'REC_SYNTAX';
      }

      const c = bytes[at];
      tokens[count] = at;
      if (c === QUOTE) {
        let stop = plainEnd(bytes, view, at + 1, end);
        if (stop < end && bytes[stop] === QUOTE) {
          stop++;
        } else {
          odd = true;
          stop = oddStringEnd(bytes, view, stop, end);
          if (stop === -1) return 'REC_SYNTAX';
        }
        at = stop < 0 ? -1 - stop : stop;
        tokens[count + END] = at;
        count += TOKEN;
        tokens[count - TOKEN + NEXT] = stop < 0 ? -count : count;
      } else if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
        const entry = memory && field >= 0 && memory.credits[field] > 0 ? memory.find(field, view, at, end) : -1;
        if (entry >= 0 && depth + memory!.heightOf(entry) <= maxDepth) {
          at += memory!.lengthOf(entry);
          tokens[count + END] = at;
          tokens[count + FIELD] = REMEMBERED - entry;
          count += TOKEN;
          tokens[count - TOKEN + NEXT] = count;
        } else {
          if (depth === maxDepth) return isUtf8(bytes.subarray(start, end)) ? 'REC_TOO_DEEP' : 'REC_SYNTAX';
          if (depth > 0) levels[(depth - 1) * LEVEL + 2] = previous;
          inObject = c === OPEN_OBJECT;
          node = child;
          previous = index.size + node;
          levels[depth * LEVEL] = count;
          levels[depth * LEVEL + 1] = node;
          tokens[count + FIELD] = node;
          count += TOKEN;
          depth++;
          at++;
          if (at < end && bytes[at] <= SPACE) at = blanksEnd(bytes, at, end);
          if (at >= end) return 'REC_SYNTAX';
          if (bytes[at] !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) continue;
        }
      } else {
        at = otherEnd(bytes, at, end);
        if (at < 0) return 'REC_SYNTAX';
        tokens[count + END] = at;
        count += TOKEN;
        tokens[count - TOKEN + NEXT] = count;
      }

      // After a value: a comma, or the end of one container or more.
      for (;;) {
        if (at < end && bytes[at] <= SPACE) at = blanksEnd(bytes, at, end);
        if (depth === 0) return at === end && (!odd || isUtf8(bytes.subarray(start, end))) ? undefined : 'REC_SYNTAX';
        if (at >= end) return 'REC_SYNTAX';
        const next = bytes[at++];
        if (next === COMMA) break;
        if (next !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return 'REC_SYNTAX';
        depth--;
        const opened = levels[depth * LEVEL];
        tokens[opened + END] = at;
        tokens[opened + NEXT] = count;
        if (depth === 0) continue;
        inObject = bytes[tokens[levels[(depth - 1) * LEVEL]]] === OPEN_OBJECT;
        node = levels[(depth - 1) * LEVEL + 1];
        previous = levels[(depth - 1) * LEVEL + 2];
      }
      child = node;
    }
  }

  private grow(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.tokens.length * 2);
    grown.set(this.tokens);
    return (this.tokens = grown);
  }
}
