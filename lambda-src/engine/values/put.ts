import type { ByteWriter } from '../byte-writer';

/** From here on, moving a block at once is faster than byte by byte. */
const BLOCK = 64;

/** Appends `source[from, to)`. The engine writes many short runs: the loop works on locals only. */
export function put(out: ByteWriter, source: Uint8Array, from: number, to: number): void {
  if (to - from > BLOCK) {
    out.copy(source, from, to);
    return;
  }
  let at = out.length;
  if (at + to - from > out.bytes.length) out.ensure(to - from);
  const target = out.bytes;
  for (let i = from; i < to; i++) target[at++] = source[i];
  out.length = at;
}

/** Appends the text `source[from, to)`: what is kept as it stands is most of the output. */
export function putSpan(out: ByteWriter, source: DataView, from: number, to: number): void {
  const at = out.length;
  if (at + to - from > out.bytes.length) out.ensure(to - from);
  copySpan(out.view, at, source, from, to);
  out.length = at + to - from;
}

/**
 * Copies the text `source[from, to)` to `target` from `start` on, eight bytes at once: as a double, since that is a number
 * of eight bytes that needs no object. No eight bytes of UTF-8 are a NaN, whose bits might not survive: its last byte
 * would be 0x7f or 0xff, and the one before it 0xf0 or more, which nothing but the rest of a character may follow.
 */
export function copySpan(target: DataView, start: number, source: DataView, from: number, to: number): void {
  let at = start;
  let i = from;
  for (; i + 8 <= to; i += 8, at += 8) target.setFloat64(at, source.getFloat64(i, true), true);
  for (; i < to; i++) target.setUint8(at++, source.getUint8(i));
}

/** Appends `source[from, to)` in quotes. */
export function putQuoted(out: ByteWriter, source: Uint8Array, from: number, to: number): void {
  out.byte(0x22);
  put(out, source, from, to);
  out.byte(0x22);
}
