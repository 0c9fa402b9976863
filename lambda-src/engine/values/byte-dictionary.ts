/** Numbers words, and finds the number of a word that stands in bytes: no string is made to look one up. */
export class ByteDictionary {
  private readonly numbers = new Map<string, number>();
  private readonly words: Uint8Array[] = [];
  private slots = new Int32Array(64).fill(-1);

  constructor(words: Iterable<string> = []) {
    for (const word of words) this.add(word);
  }

  public get size(): number {
    return this.words.length;
  }

  public add(word: string): number {
    const known = this.numbers.get(word);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(word);
    const number = this.words.push(bytes) - 1;
    this.numbers.set(word, number);
    if (this.words.length * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 4).fill(-1);
      this.words.forEach((each, index) => this.place(each, index));
    } else {
      this.place(bytes, number);
    }
    return number;
  }

  /** The number of the word `bytes[from, to)`, or -1. */
  public find(bytes: Uint8Array, from: number, to: number): number {
    const { slots, words } = this;
    const length = to - from;
    let slot = slotOf(bytes, from, to, slots.length);
    for (;;) {
      const number = slots[slot];
      if (number < 0) return -1;
      const word = words[number];
      if (word.length === length && sameBytes(word, 0, bytes, from, length)) return number;
      if (++slot === slots.length) slot = 0;
    }
  }

  private place(word: Uint8Array, number: number): void {
    let slot = slotOf(word, 0, word.length, this.slots.length);
    while (this.slots[slot] >= 0) if (++slot === this.slots.length) slot = 0;
    this.slots[slot] = number;
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
