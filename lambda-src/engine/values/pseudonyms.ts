import type { ByteWriter } from '../byte-writer';
import { sameBytes, slotOf } from './byte-dictionary';
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

  constructor(subKey: Uint8Array) {
    this.hmac = new Hmac(subKey);
  }

  /** Appends the code of the id `bytes[from, to)`, which `isId` has passed. */
  public write(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
    if (isCapitalUuid(bytes, from, to)) {
      this.write(smallUuid(bytes, from), 0, UUID, out);
      return;
    }
    const slot = this.slot(slotOf(bytes, Math.max(from, to - HASHED), to, SLOTS), bytes, from, to - from);
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
    writeUuid(this.hmac.digest, out.bytes, out.length);
    out.length += UUID;
  }

  /** Where in the cache an id and its code stand: in its own slot or, so that two frequent ids do not fight, the next. */
  private slot(own: number, bytes: Uint8Array, from: number, length: number): number {
    const { cache } = this;
    const first = own * STRIDE;
    if (cache[first] === length && sameBytes(cache, first + 1, bytes, from, length)) return first;
    const second = own + 1 === SLOTS ? 0 : first + STRIDE;
    if (cache[second] === length && sameBytes(cache, second + 1, bytes, from, length)) return second;
    const slot = cache[first] > 0 && cache[second] === 0 ? second : first;
    this.hmac.update(bytes, from, from + length);
    cache[slot] = length;
    for (let i = 0; i < length; i++) cache[slot + 1 + i] = bytes[from + i];
    writeUuid(this.hmac.digest, cache, slot + 1 + MAX_ID);
    return slot;
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

const HEX = Buffer.from('0123456789abcdef');

/** Writes the first four words of a digest in hex like a UUID. */
function writeUuid(digest: Int32Array, target: Uint8Array, from: number): void {
  let at = from;
  for (let i = 0; i < 32; i++) {
    if (i === 8 || i === 12 || i === 16 || i === 20) target[at++] = HYPHEN;
    target[at++] = HEX[(digest[i >> 3] >>> (28 - (i & 7) * 4)) & 15];
  }
}
