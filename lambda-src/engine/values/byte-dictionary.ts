import { encoded } from './encoded';

/** Between two words, and in none of them as bytes go: halves of a character never meet. */
const SEPARATOR = '\n';

/** A name while it is looked up: longer ones are none. */
const CAPITALS = new Uint8Array(64);

/** Numbers words, and finds the number of a word that stands in bytes: no string is made to look one up. */
export class ByteDictionary {
  /** The words one after the other; word n is `bytes[starts[n], starts[n + 1] - 1)`. */
  private readonly bytes: Uint8Array;
  private readonly starts: Int32Array;
  /** Numbers of words by hash, half of them empty at least. */
  private readonly slots: Int32Array;

  /** @param words numbered in their order; of words that are the same, all have the number of the first */
  constructor(words: readonly string[]) {
    // Loaded at each cold start, when a loop is slow: what Node does at once is not done word by word.
    this.bytes = encoded(words.join(SEPARATOR));
    this.starts = new Int32Array(words.length + 1);
    words.forEach((word, n) => (this.starts[n + 1] = this.starts[n] + Buffer.byteLength(word) + 1));
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(words.length * 2 + 2))).fill(-1);
    words.forEach((_word, n) => this.place(n));
  }

  /** The number of the word `bytes[from, to)`, or -1. */
  public find(bytes: Uint8Array, from: number, to: number): number {
    return this.slots[this.slot(bytes, from, to)];
  }

  /** The number of a name in whatever case, among words in capitals; or -1. */
  public findName(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length > CAPITALS.length) return -1;
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i];
      CAPITALS[i] = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
    }
    return this.find(CAPITALS, 0, length);
  }

  private place(number: number): void {
    const slot = this.slot(this.bytes, this.starts[number], this.starts[number + 1] - 1);
    if (this.slots[slot] < 0) this.slots[slot] = number;
  }

  /** Where the number of a word is, or would be. */
  private slot(bytes: Uint8Array, from: number, to: number): number {
    const { slots, starts } = this;
    const length = to - from;
    let slot = slotOf(bytes, from, to, slots.length);
    for (;;) {
      const number = slots[slot];
      if (number < 0) return slot;
      const start = starts[number];
      if (starts[number + 1] - start - 1 === length && sameBytes(this.bytes, start, bytes, from, length)) return slot;
      if (++slot === slots.length) slot = 0;
    }
  }
}

export function sameBytes(a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}

/** As `sameBytes`, four at once: for what is long. */
export function sameSpan(a: DataView, aFrom: number, b: DataView, bFrom: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(aFrom + i, true) !== b.getInt32(bFrom + i, true)) return false;
  for (; i < length; i++) if (a.getUint8(aFrom + i) !== b.getUint8(bFrom + i)) return false;
  return true;
}

/** Multiplicative hash of bytes, as an index below `slots`, a power of two. */
export function slotOf(bytes: Uint8Array, from: number, to: number, slots: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul(hash + bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}
