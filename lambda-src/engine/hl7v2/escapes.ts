import { UPPER_E, UPPER_F, UPPER_H, UPPER_N, UPPER_P, UPPER_R, UPPER_S, UPPER_T, UPPER_X } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import { Role, type Delimiters } from './delimiters';

const HEX = '0123456789ABCDEF';

/** Stands for what we cannot read: a byte that no code, number or date has. */
const UNREADABLE = 0x5c;

/**
 * Appends the text that `bytes[from, to)` stands for: escapes must be no way around a rule, so what a rule looks at is
 * this and not what is written.
 */
export function unescape(bytes: Uint8Array, from: number, to: number, delimiters: Delimiters, out: ByteWriter): void {
  const { escape } = delimiters;
  let at = from;
  while (at < to) {
    if (bytes[at] !== escape) {
      out.byte(bytes[at++]);
      continue;
    }
    let close = at + 1;
    while (close < to && bytes[close] !== escape) close++;
    if (close === to || !sequence(bytes, at + 1, close, delimiters, out)) out.byte(UNREADABLE);
    at = close + 1;
  }
}

/** Appends the text of one sequence, given without the characters around it. */
function sequence(bytes: Uint8Array, from: number, to: number, delimiters: Delimiters, out: ByteWriter): boolean {
  const first = bytes[from];
  if (first === UPPER_X) return hexadecimal(bytes, from + 1, to, out);
  if (to - from !== 1) return false;
  switch (first) {
    case UPPER_F:
      return append(delimiters.field, out);
    case UPPER_S:
      return append(delimiters.component, out);
    case UPPER_R:
      return append(delimiters.repetition, out);
    case UPPER_T:
      return append(delimiters.subcomponent, out);
    case UPPER_E:
      return append(delimiters.escape, out);
    case UPPER_H:
    case UPPER_N:
      // Highlighting begins and ends: no text.
      return true;
    default:
      return false;
  }
}

function append(byte: number, out: ByteWriter): boolean {
  if (byte < 0) return false;
  out.byte(byte);
  return true;
}

function hexadecimal(bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
  if (to === from || (to - from) % 2 !== 0) return false;
  for (let at = from; at < to; at += 2) {
    const high = digit(bytes[at]);
    const low = digit(bytes[at + 1]);
    if (high < 0 || low < 0) return false;
    out.byte(high * 16 + low);
  }
  return true;
}

function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/**
 * Appends a text that a rule has made, so that no byte of it separates anything.
 *
 * @returns false, and nothing is appended, where the message has no character to escape with
 */
export function escapeInto(text: Uint8Array, length: number, delimiters: Delimiters, out: ByteWriter): boolean {
  const { escape, roles } = delimiters;
  const before = out.length;
  for (let at = 0; at < length; at++) {
    const byte = text[at];
    if (roles[byte] === Role.OTHER && byte > 0x1f) {
      out.byte(byte);
      continue;
    }
    if (escape < 0) {
      out.truncate(before);
      return false;
    }
    out.byte(escape);
    writeSequence(byte, delimiters, out);
    out.byte(escape);
  }
  return true;
}

function writeSequence(byte: number, delimiters: Delimiters, out: ByteWriter): void {
  if (byte === delimiters.field) out.byte(UPPER_F);
  else if (byte === delimiters.component) out.byte(UPPER_S);
  else if (byte === delimiters.repetition) out.byte(UPPER_R);
  else if (byte === delimiters.subcomponent) out.byte(UPPER_T);
  else if (byte === delimiters.escape) out.byte(UPPER_E);
  else if (delimiters.roles[byte] !== Role.OTHER) out.byte(UPPER_P);
  else out.ascii(`X${HEX[byte >> 4]}${HEX[byte & 15]}`);
}
