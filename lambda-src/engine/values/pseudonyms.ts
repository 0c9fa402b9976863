import type { ByteWriter } from '../byte-writer';
import { slotOf } from './byte-dictionary';
import { Hmac } from './hmac';
import { putSpan } from './put';

/** Grammar of FHIR's `id`: 64 characters at most. */
export const MAX_ID = 64;

/** Few enough to stay in a processor's cache: a miss there costs as much as half an HMAC. */
const SLOTS = 8192;
const UUID = 36;
/** Bytes at its end by which an id finds its slot: ids differ there. */
const HASHED = 12;
/** Length of the id, the id, its code. */
const STRIDE = 1 + MAX_ID + UUID;
const HYPHEN = 0x2d;

/**
 * Codes for ids: HMAC-SHA256, its first 128 bits written like a UUID, which fits `id` and `urn:uuid`. An id is hashed by
 * itself, without type or host, so that its code is the same wherever it occurs.
 *
 * Most ids of a file come again and again (a patient's in each of their records), so the last ones are remembered, in a
 * table of fixed size.
 */
export class Pseudonyms {
  private readonly hmac: Hmac;
  private readonly cache = new Uint8Array(SLOTS * STRIDE);
  private readonly view = new DataView(this.cache.buffer);
  /** The bytes that ids were last looked up in. */
  private source: Uint8Array = new Uint8Array(0);
  private sourceView = new DataView(this.source.buffer);

  constructor(subKey: Uint8Array) {
    this.hmac = new Hmac(subKey);
  }

  /** Appends the code of the id `bytes[from, to)`, which is no longer than one may be. */
  public write(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
    if (bytes !== this.source) {
      this.source = bytes;
      this.sourceView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const slot = this.slot(bytes, from, to);
    putSpan(out, this.view, slot + 1 + MAX_ID, slot + STRIDE);
  }

  /** Appends the code of any text; that of an id is the same as everywhere. */
  public writeText(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
    if (to - from <= MAX_ID) {
      this.write(bytes, from, to, out);
      return;
    }
    this.hmac.update(bytes, from, to);
    out.ensure(UUID);
    writeUuid(this.hmac.digest, out.view, out.length);
    out.length += UUID;
  }

  /** Where in the cache an id and its code stand: in its own slot or, so that two frequent ids do not fight, the next. */
  private slot(bytes: Uint8Array, from: number, to: number): number {
    const { cache } = this;
    const length = to - from;
    const own = length < HASHED ? slotOf(bytes, from, to, SLOTS) : this.slotOfEnd(to);
    const first = own * STRIDE;
    if (cache[first] === length + 1 && this.holds(first + 1, from, length)) return first;
    const second = own + 1 === SLOTS ? 0 : first + STRIDE;
    if (cache[second] === length + 1 && this.holds(second + 1, from, length)) return second;
    const slot = cache[first] > 0 && cache[second] === 0 ? second : first;
    // One more: an empty slot is no empty text.
    cache[slot] = length + 1;
    // Remembered as it is written, but hashed without its case: what comes again is not looked at twice.
    if (this.remember(slot + 1, from, length) && isCapitalUuid(bytes, from, to)) {
      this.hmac.update(smallUuid(bytes, from), 0, UUID);
    } else {
      this.hmac.update(bytes, from, to);
    }
    writeUuid(this.hmac.digest, this.view, slot + 1 + MAX_ID);
    return slot;
  }

  /** As `slotOf`, over the last bytes, four at once. */
  private slotOfEnd(to: number): number {
    const { sourceView } = this;
    let hash = Math.imul(sourceView.getInt32(to - 12, true), 0x01000193);
    hash = Math.imul(hash ^ sourceView.getInt32(to - 8, true), 0x01000193);
    hash = Math.imul(hash ^ sourceView.getInt32(to - 4, true), 0x01000193);
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }

  /** Whether the cache has at `at` what the source has from `from` on: four bytes at once. */
  private holds(at: number, from: number, length: number): boolean {
    const { view, sourceView } = this;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (view.getInt32(at + i, true) !== sourceView.getInt32(from + i, true)) return false;
    }
    for (; i < length; i++) if (view.getUint8(at + i) !== sourceView.getUint8(from + i)) return false;
    return true;
  }

  /** Copies an id into the cache; returns whether it may have a capital letter, whose sixth bit is set and fifth is not. */
  private remember(at: number, from: number, length: number): boolean {
    const { view, sourceView } = this;
    let capitals = 0;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const four = sourceView.getInt32(from + i, true);
      capitals |= four & ~(four << 1) & 0x40404040;
      view.setInt32(at + i, four, true);
    }
    for (; i < length; i++) view.setUint8(at + i, sourceView.getUint8(from + i));
    return capitals !== 0;
  }
}

const ID_CHARACTERS = new Uint8Array(256);
for (const c of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.')) ID_CHARACTERS[c] = 1;

/** Whether `bytes[from, to)` is 1 to 64 letters, digits, `-` or `.`. */
export function isId(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_ID) return false;
  for (let i = from; i < to; i++) if (ID_CHARACTERS[bytes[i]] === 0) return false;
  return true;
}

/** Whether `bytes[from, to)` is a UUID with a capital letter. RFC 4122: case must not split one id into two. */
export function isCapitalUuid(bytes: Uint8Array, from: number, to: number): boolean {
  let capitals = false;
  if (to - from === UUID) for (let i = from; i < to; i++) if (bytes[i] >= 0x41 && bytes[i] <= 0x46) capitals = true;
  return capitals && isUuid(bytes, from);
}

export function smallUuid(bytes: Uint8Array, from: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(from, from + UUID), lower);
}

function lower(c: number): number {
  return c >= 0x41 && c <= 0x46 ? c + 0x20 : c;
}

function isUuid(bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < UUID; i++) {
    const c = bytes[from + i];
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (c !== HYPHEN) return false;
    } else if (!((c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46))) {
      return false;
    }
  }
  return true;
}

/** Two digits of hex for each byte, as one number. */
const HEX = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high, low] = Buffer.from(byte.toString(16).padStart(2, '0'));
  return (high << 8) | low;
});

/** Writes the first four words of a digest in hex like a UUID. */
function writeUuid(digest: Int32Array, target: DataView, from: number): void {
  let at = from;
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) target.setUint8(at++, HYPHEN);
    target.setUint16(at, HEX[(digest[i >> 2] >>> (24 - (i & 3) * 8)) & 0xff]);
    at += 2;
  }
}
