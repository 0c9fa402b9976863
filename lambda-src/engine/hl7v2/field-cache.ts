import type { ByteWriter } from '../byte-writer';
import { sameSpan } from '../values/byte-dictionary';
import { putSpan } from '../values/put';

/** Few enough to stay in a processor's cache, and many for what a feed has of tests, units and findings. */
const SLOTS = 512;
/** What is shorter is judged as fast as it is looked up; what is longer is mostly text, and seldom comes again. */
const LEAST = 8;
const MOST = 64;
/** Form and length, and what came of it: numbers ahead of the field and of what was written. */
const HEAD = 8;
const WRITTEN = HEAD + MOST;
const STRIDE = WRITTEN + MOST;

/**
 * The fields that a feed repeats, `2345-7^Glucose^LN`, with what was written of each: most of the judging of codes is the
 * same again. Only for forms whose output follows from the field alone. Of fixed size: a new field takes the place of an
 * older one, and what it says is still compared byte by byte.
 */
export class FieldCache {
  private readonly slots = new DataView(new ArrayBuffer(SLOTS * STRIDE));
  /** Where the field that was looked up last stands, or will, and its first number. */
  private slot = 0;
  private key = 0;

  /** Forgets all: to other delimiters the same bytes are another field. */
  public clear(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.slots.setInt32(slot * STRIDE, 0, true);
  }

  /** Whether a field of a form has come before. If not, it takes its place, and `remember` must follow. */
  public find(form: number, source: DataView, from: number, to: number): boolean {
    const { slots } = this;
    const length = to - from;
    const slot = slotOf(form, source, from, to);
    this.slot = slot;
    // Never 0, which an empty slot has.
    this.key = (form << 8) | length;
    if (slots.getInt32(slot, true) === this.key && sameSpan(slots, slot + HEAD, source, from, length)) return true;
    slots.setInt32(slot, 0, true);
    for (let i = 0; i < length; i++) slots.setUint8(slot + HEAD + i, source.getUint8(from + i));
    return false;
  }

  /** Appends what was written of the field that was found; returns how many values were redacted from it. */
  public write(out: ByteWriter): number {
    const { slots, slot } = this;
    const written = slot + WRITTEN;
    putSpan(out, slots, written, written + slots.getUint16(slot + 4, true));
    return slots.getUint16(slot + 6, true);
  }

  /** Takes what was written of the field that was not found: what `out` has from `before` on. */
  public remember(out: ByteWriter, before: number, redacted: number): void {
    const { slots, slot } = this;
    const length = out.length - before;
    // No field comes out longer or has a code that is still to come, but nothing here depends on that.
    if (length > MOST || out.isOpen(before)) return;
    for (let i = 0; i < length; i++) slots.setUint8(slot + WRITTEN + i, out.bytes[before + i]);
    slots.setUint16(slot + 4, length, true);
    slots.setUint16(slot + 6, redacted, true);
    slots.setInt32(slot, this.key, true);
  }
}

/** Whether fields of a length are worth it. */
export function isRemembered(length: number): boolean {
  return length >= LEAST && length <= MOST;
}

function slotOf(form: number, source: DataView, from: number, to: number): number {
  // Codes stand first, and their systems last.
  let hash = Math.imul(source.getInt32(from, true) + form, 0x01000193);
  hash = Math.imul(hash ^ source.getInt32(from + 4, true), 0x01000193);
  hash = Math.imul(hash ^ source.getInt32(to - 4, true) ^ (to - from), 0x01000193);
  return ((hash ^ (hash >>> 15)) & (SLOTS - 1)) * STRIDE;
}
