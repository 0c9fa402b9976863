const EMPTY = -1;

/**
 * Finds the field of a node by the bytes of its name, and foretells it: objects of a type come with their keys in one
 * order, so the field that followed another one last time is compared first.
 */
export class KeyIndex {
  /** `"name":` of each field, one after the other; field f's is `keys[keyStarts[f], keyStarts[f + 1])`. */
  public readonly keys: Uint8Array;
  /** Of the same memory: for comparing several bytes at once. */
  public readonly keyView: DataView;
  public readonly keyStarts: Int32Array;
  /** What followed each field last time. The entry `fields + node` is for the first key of a node's objects. */
  public readonly successors: Int32Array;
  private readonly slots: Int32Array;
  private readonly mask: number;

  /**
   * @param names of all fields, node by node: letters and digits
   * @param firstField of each node, and a last entry with the number of fields
   * @param children by field: the node of its value where the field alone decides it, else -1
   */
  constructor(
    names: readonly string[],
    public readonly firstField: Int32Array,
    public readonly children: Int32Array,
  ) {
    this.keys = new TextEncoder().encode(names.length === 0 ? '' : `"${names.join('":"')}":`);
    this.keyView = new DataView(this.keys.buffer, this.keys.byteOffset, this.keys.length);
    this.keyStarts = new Int32Array(names.length + 1);
    names.forEach((name, field) => (this.keyStarts[field + 1] = this.keyStarts[field] + name.length + 3));

    // A quarter full: what is in no table is mostly refused by an empty slot.
    this.mask = 2 ** Math.ceil(Math.log2(names.length * 4 + 1)) - 1;
    this.slots = new Int32Array(this.mask + 1).fill(EMPTY);
    this.successors = new Int32Array(names.length + firstField.length - 1);
    for (let node = 0; node + 1 < firstField.length; node++) {
      const first = firstField[node];
      const last = firstField[node + 1];
      this.successors[names.length + node] = first < last ? first : EMPTY;
      for (let field = first; field < last; field++) {
        this.successors[field] = Math.min(field + 1, last - 1);
        this.place(node, field);
      }
    }
  }

  /** Number of all fields. */
  public get size(): number {
    return this.children.length;
  }

  /** The field of `node` that is named `bytes[from, to)`, or -1. */
  public find(node: number, bytes: Uint8Array, from: number, to: number): number {
    const { slots, keys, keyStarts, mask } = this;
    if (to === from) return -1;
    const first = this.firstField[node];
    const last = this.firstField[node + 1];
    for (let slot = this.slot(node, bytes, from, to); ; slot = (slot + 1) & mask) {
      const field = slots[slot];
      if (field === EMPTY) return -1;
      if (field < first || field >= last) continue;
      const start = keyStarts[field];
      if (keyStarts[field + 1] - start - 3 !== to - from) continue;
      let at = from;
      const shift = start + 1 - from;
      while (at < to && bytes[at] === keys[at + shift]) at++;
      if (at === to) return field;
    }
  }

  private place(node: number, field: number): void {
    let slot = this.slot(node, this.keys, this.keyStarts[field] + 1, this.keyStarts[field + 1] - 2);
    while (this.slots[slot] !== EMPTY) slot = (slot + 1) & this.mask;
    this.slots[slot] = field;
  }

  /** Names of a node that have one length seldom share both their first and their last letters. */
  private slot(node: number, bytes: Uint8Array, from: number, to: number): number {
    const letters = bytes[from] + bytes[to - 1] * 256 + bytes[(from + to) >> 1] * 65536;
    const hash = Math.imul(letters ^ Math.imul(node * 128 + to - from, 0x85ebca6b), 0x9e3779b1);
    return (hash >>> 15) & this.mask;
  }
}
