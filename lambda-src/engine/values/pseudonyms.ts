import { HYPHEN } from '../ascii';
import type { ByteWriter, Supply } from '../byte-writer';
import { sameSpan, slotOf } from './byte-dictionary';
import { hmacOf } from './hmac';
import { put, putSpan } from './put';
import { IdCodes, type IdCodesKernel, MAX_BLOCK_ID, Row, ROWS } from '../kernel/id-codes';

/** Grammar of FHIR's `id`: 64 characters at most. */
export const MAX_ID = 64;

const UUID = 36;
/** Bytes at its end by which an id finds its slot: most ids differ there. */
const HASHED = 12;

/**
 * Codes for ids: HMAC-SHA256, its first 128 bits written like a UUID, which fits `id` and `urn:uuid`. An id is hashed by
 * itself, without type or host, so that its code is the same wherever it occurs.
 *
 * Most ids of a file come again and again (a patient's in each of their records), so the last ones are remembered, in a
 * table of fixed size. Those that are new wait for each other: their places in the output stay open, since several are
 * hashed in the time of one.
 */
export class Pseudonyms implements Supply {
  /** Rows of the table, a code first in each: none yet where its first byte is zero. */
  public readonly texts: DataView;
  private readonly codes: IdCodes;
  /** The bytes that ids were last looked up in. */
  private source: Uint8Array = new Uint8Array(0);
  private sourceView = new DataView(this.source.buffer);
  /** What was last written to: all places that are open are in it, and each is of a row without a code. */
  private out: ByteWriter | undefined;

  /** @param kernel one that looks into the table as well */
  constructor(
    private readonly subKey: Uint8Array,
    kernel?: IdCodesKernel,
  ) {
    this.codes = new IdCodes(subKey, kernel);
    this.texts = this.codes.rows;
  }

  /** Appends the code of the id `bytes[from, to)`, which is no longer than one may be; its place may stay open. */
  public write(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
    if (this.out !== out) {
      this.out?.settle();
      this.out = out;
    }
    const row = this.row(bytes, from, to);
    if (this.texts.getUint8(row) === 0) out.leaveOpen(this, row, row + UUID);
    else putSpan(out, this.texts, row, row + UUID);
  }

  /** Appends the code of any text, for a caller who reads it at once; that of an id is the same as everywhere. */
  public writeText(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
    if (to - from <= MAX_ID) {
      const row = this.row(bytes, from, to);
      if (this.texts.getUint8(row) === 0) this.fill();
      putSpan(out, this.texts, row, row + UUID);
      return;
    }
    put(out, this.code(bytes, from, to), 0, UUID);
  }

  public make(): void {
    this.codes.run();
  }

  /** Makes the codes that are wanted and fills the places that wait for them: then any row may be given to another id. */
  public fill(): void {
    this.out?.settle();
    this.make();
  }

  /** Where an id stands in the table: in its own row or, so that two frequent ids do not fight, the next. */
  private row(bytes: Uint8Array, from: number, to: number): number {
    if (bytes !== this.source) {
      this.sourceView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.source = bytes;
    }
    const { texts } = this;
    const length = to - from;
    const own = length < HASHED ? slotOf(bytes, from, to, ROWS) : this.slotOfLong(from, to);
    const first = own * Row.SIZE;
    if (
      texts.getUint8(first + Row.LENGTH) === length + 1 &&
      sameSpan(texts, first + Row.ID, this.sourceView, from, length)
    ) {
      return first;
    }
    const second = own + 1 === ROWS ? 0 : first + Row.SIZE;
    if (
      texts.getUint8(second + Row.LENGTH) === length + 1 &&
      sameSpan(texts, second + Row.ID, this.sourceView, from, length)
    ) {
      return second;
    }
    const row = texts.getUint8(first + Row.LENGTH) > 0 && texts.getUint8(second + Row.LENGTH) === 0 ? second : first;
    this.take(row, bytes, from, to);
    return row;
  }

  /**
   * Gives a row to an id, and sees to its code. The stack may end at any call, in a record of great depth: the row is
   * nobody's until all of it is there, and a queue that is full stays so until it has been worked off.
   */
  private take(row: number, bytes: Uint8Array, from: number, to: number): void {
    const { texts, codes } = this;
    const length = to - from;
    const isWaiting = texts.getUint8(row) === 0 && texts.getUint8(row + Row.LENGTH) > 0;
    if (isWaiting || codes.isFull) this.fill();
    texts.setUint8(row + Row.LENGTH, 0);
    // Remembered as it is written, but hashed without its case: what comes again is not looked at twice.
    const folded = this.remember(row + Row.ID, from, length) && isCapitalUuid(bytes, from, to);
    if (length <= MAX_BLOCK_ID) {
      texts.setUint8(row, 0);
      codes.ask(row, folded);
    } else {
      this.code(bytes, from, to).forEach((byte, i) => texts.setUint8(row + i, byte));
    }
    // One more: an empty row is no empty text.
    texts.setUint8(row + Row.LENGTH, length + 1);
  }

  /** The code of a text for which the kernel has no room. */
  private code(bytes: Uint8Array, from: number, to: number): Buffer {
    const hex = hmacOf(this.subKey, bytes, from, to).toString('hex', 0, 16);
    return Buffer.from(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  }

  /** As `slotOf`, over the last bytes, four at once; and the first, since two ids of one order often differ ahead alone. */
  private slotOfLong(from: number, to: number): number {
    const { sourceView } = this;
    let hash = Math.imul(sourceView.getInt32(from, true) ^ (to - from), 0x01000193);
    hash = Math.imul(hash ^ sourceView.getInt32(to - 12, true), 0x01000193);
    hash = Math.imul(hash ^ sourceView.getInt32(to - 8, true), 0x01000193);
    hash = Math.imul(hash ^ sourceView.getInt32(to - 4, true), 0x01000193);
    return (hash ^ (hash >>> 15)) & (ROWS - 1);
  }

  /** Copies an id into the table; returns whether it may have a capital letter, whose sixth bit is set and fifth is not. */
  private remember(at: number, from: number, length: number): boolean {
    const { texts, sourceView } = this;
    let capitals = 0;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const four = sourceView.getInt32(from + i, true);
      capitals |= four & ~(four << 1) & 0x40404040;
      texts.setInt32(at + i, four, true);
    }
    for (; i < length; i++) texts.setUint8(at + i, sourceView.getUint8(from + i));
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
