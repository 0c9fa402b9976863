import { type ByteWriter, copySpan } from '../byte-writer';

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
  out.advance(to - from);
}

/** Appends the text `source[from, to)`: what is kept as it stands is most of the output. */
export function putSpan(out: ByteWriter, source: DataView, from: number, to: number): void {
  const at = out.length;
  if (at + to - from > out.bytes.length) out.ensure(to - from);
  copySpan(out.view, at, source, from, to);
  out.advance(to - from);
}

/** Appends `source[from, to)` in quotes. */
export function putQuoted(out: ByteWriter, source: Uint8Array, from: number, to: number): void {
  out.byte(0x22);
  put(out, source, from, to);
  out.byte(0x22);
}
