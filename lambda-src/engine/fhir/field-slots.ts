import { FIELD, NEXT, TOKEN } from './token';

/** Objects are numbered through all records; the numbers must fit 32 bits. */
const MAX_OBJECTS = 1e9;

/** Where the fields of the object at hand are: known before any value is written, since a sibling may decide. */
export class FieldSlots {
  /** Number of the object in which each field was last seen, and the token of its value there. */
  private readonly seen: Int32Array;
  private readonly slots: Int32Array;
  private object = 0;

  constructor(fields: number) {
    this.seen = new Int32Array(fields);
    this.slots = new Int32Array(fields);
  }

  public beginRecord(): void {
    if (this.object <= MAX_OBJECTS) return;
    this.object = 0;
    this.seen.fill(0);
  }

  /** Notes the fields of an object; returns one that comes twice, else -1. */
  public note(tokens: Int32Array, token: number): number {
    const { seen, slots } = this;
    const object = ++this.object;
    const end = tokens[token + NEXT];
    for (let key = token + TOKEN; key < end;) {
      const field = tokens[key + FIELD];
      const value = key + TOKEN;
      if (field >= 0) {
        if (seen[field] === object) return field;
        seen[field] = object;
        slots[field] = value;
      }
      key = Math.abs(tokens[value + NEXT]);
    }
    return -1;
  }

  /** Token of a field's value in the object that was noted last; -1 where it has none. */
  public valueOf(field: number): number {
    return field >= 0 && this.seen[field] === this.object ? this.slots[field] : -1;
  }
}
