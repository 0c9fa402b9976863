const encoder = new TextEncoder();

/** Bytes that one character may need. */
const WIDEST = 3;

/** Numbers words, and finds the number of a word that stands in bytes: no string is made to look one up. */
export class ByteDictionary {
  /** Number of words. */
  public size = 0;
  /** The words one after the other; word n is `bytes[starts[n], starts[n + 1])`. No object for each: it is loaded often. */
  private bytes = new Uint8Array(1024);
  private starts = new Int32Array(64);
  /** Numbers of words by hash, half of them empty at least. */
  private slots = new Int32Array(64).fill(-1);

  constructor(words: Iterable<string> = []) {
    for (const word of words) this.add(word);
  }

  /** The number of a word, which is the next one if it is new. */
  public add(word: string): number {
    const from = this.starts[this.size];
    const to = this.append(word, from);
    const known = this.find(this.bytes, from, to);
    if (known >= 0) return known;
    const number = this.size++;
    if (this.size * 2 > this.slots.length) this.grow();
    this.starts[this.size] = to;
    this.place(number);
    return number;
  }

  /** The number of the word `bytes[from, to)`, or -1. */
  public find(bytes: Uint8Array, from: number, to: number): number {
    const { slots, starts } = this;
    const length = to - from;
    let slot = slotOf(bytes, from, to, slots.length);
    for (;;) {
      const number = slots[slot];
      if (number < 0) return -1;
      const start = starts[number];
      if (starts[number + 1] - start === length && sameBytes(this.bytes, start, bytes, from, length)) return number;
      if (++slot === slots.length) slot = 0;
    }
  }

  /** Writes a word behind the others; returns where it ends. */
  private append(word: string, from: number): number {
    if (from + word.length * WIDEST > this.bytes.length) {
      const grown = new Uint8Array((from + word.length * WIDEST) * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    for (let i = 0; i < word.length; i++) {
      const c = word.charCodeAt(i);
      if (c > 0x7f) return from + encoder.encodeInto(word, this.bytes.subarray(from)).written;
      this.bytes[from + i] = c;
    }
    return from + word.length;
  }

  private grow(): void {
    const starts = new Int32Array(this.starts.length * 4);
    starts.set(this.starts);
    this.starts = starts;
    this.slots = new Int32Array(this.slots.length * 4).fill(-1);
    // All but the new one, which is not complete.
    for (let number = 0; number < this.size - 1; number++) this.place(number);
  }

  private place(number: number): void {
    const { slots } = this;
    let slot = slotOf(this.bytes, this.starts[number], this.starts[number + 1], slots.length);
    while (slots[slot] >= 0) if (++slot === slots.length) slot = 0;
    slots[slot] = number;
  }
}

export function sameBytes(a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}

/** Multiplicative hash of bytes, as an index below `slots`, a power of two. */
export function slotOf(bytes: Uint8Array, from: number, to: number, slots: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul(hash + bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}
