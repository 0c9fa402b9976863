import type { ByteWriter } from '../byte-writer';
import { putSpan } from '../values/put';

/** Few enough to stay in a processor's cache, and many for what a feed has of tests, units and findings. */
const SLOTS = 512;
/** What is shorter is judged as fast as it is looked up; what is longer is mostly text, and seldom comes again. */
const LEAST = 8;
const MOST = 64;
/** Two numbers, the field, what was written of it. */
const KEY = 8;
const WRITTEN = KEY + MOST;
const STRIDE = WRITTEN + MOST;

/**
 * The fields that a feed repeats, `2345-7^Glucose^LN`, with what was written of each: most of the judging of codes is the
 * same again. Only for forms whose output follows from the field alone. Of fixed size: a new field takes the place of an
 * older one, and what it says is still compared byte by byte.
 */
export class FieldCache {
  private readonly slots = new DataView(new ArrayBuffer(SLOTS * STRIDE));

  public static takes(length: number): boolean {
    return length >= LEAST && length <= MOST;
  }

  /** Forgets all: to other delimiters the same bytes are another field. */
  public clear(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.slots.setInt32(slot * STRIDE, 0, true);
  }

  /** Where a field of a form stands, or will. */
  public slotOf(form: number, source: DataView, from: number, to: number): number {
    // Codes stand first, and their systems last.
    let hash = Math.imul(source.getInt32(from, true) + form, 0x01000193);
    hash = Math.imul(hash ^ source.getInt32(from + 4, true), 0x01000193);
    hash = Math.imul(hash ^ source.getInt32(to - 4, true) ^ (to - from), 0x01000193);
    return ((hash ^ (hash >>> 15)) & (SLOTS - 1)) * STRIDE;
  }

  public holds(slot: number, form: number, source: DataView, from: number, to: number): boolean {
    const { slots } = this;
    const length = to - from;
    if (slots.getInt32(slot, true) !== keyOf(form, length)) return false;
    const key = slot + KEY;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (slots.getInt32(key + i, true) !== source.getInt32(from + i, true)) return false;
    }
    for (; i < length; i++) if (slots.getUint8(key + i) !== source.getUint8(from + i)) return false;
    return true;
  }

  /** Appends what was written of the field in a slot; returns how many values were redacted from it. */
  public write(slot: number, out: ByteWriter): number {
    const { slots } = this;
    const written = slot + WRITTEN;
    putSpan(out, slots, written, written + slots.getUint16(slot + 4, true));
    return slots.getUint16(slot + 6, true);
  }

  /** Takes into a slot a field and what was written of it, `out` from `before` on. */
  public remember(
    slot: number,
    form: number,
    source: DataView,
    from: number,
    to: number,
    out: ByteWriter,
    before: number,
    redacted: number,
  ): void {
    const { slots } = this;
    const length = out.length - before;
    // No field comes out longer, but nothing here depends on that.
    if (length > MOST) return;
    slots.setInt32(slot, keyOf(form, to - from), true);
    slots.setUint16(slot + 4, length, true);
    slots.setUint16(slot + 6, redacted, true);
    for (let i = from; i < to; i++) slots.setUint8(slot + KEY + i - from, source.getUint8(i));
    for (let i = 0; i < length; i++) slots.setUint8(slot + WRITTEN + i, out.bytes[before + i]);
  }
}

/** Never 0, which no field has. */
function keyOf(form: number, length: number): number {
  return (form << 8) | length;
}
