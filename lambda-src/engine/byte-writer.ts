/** Texts that may be made later than they are written: all at once is cheaper. */
export interface Supply {
  /** Where they stand once they are made. */
  readonly texts: DataView;
  /** Makes all that were asked for. */
  make(): void;
}

/** Places that may be open at once. */
const MAX_OPEN = 64;

/** Columns of a place: where it is, and from where to where its text will stand. */
const enum Place {
  AT,
  FROM,
  TO,
  COUNT,
}

/**
 * A growable run of bytes that a record is written into; `truncate` takes back what a rejected record wrote. Places in it
 * may be open until somebody reads it: whoever does calls `written` or `settle` first.
 */
export class ByteWriter {
  /** For writing, behind `ensure`, followed by `advance`; what is read here may be open. */
  public bytes: Uint8Array<ArrayBuffer>;
  /** Of the same memory: for writing several bytes at once. */
  public view: DataView;
  private end = 0;
  /** The places that are open, the last one last: what is taken back is at the end. */
  private readonly places = new Int32Array(MAX_OPEN * Place.COUNT);
  private open = 0;
  private supply: Supply | undefined;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  public get length(): number {
    return this.end;
  }

  /** Makes room for `extra` more bytes. */
  public ensure(extra: number): void {
    const needed = this.end + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Appends bytes that were set behind the end. */
  public advance(count: number): void {
    this.end += count;
  }

  public byte(value: number): void {
    if (this.end === this.bytes.length) this.ensure(1);
    this.bytes[this.end++] = value;
  }

  /** Appends `source[start, end)`. */
  public copy(source: Uint8Array, start: number, end: number): void {
    this.ensure(end - start);
    if (end - start < 32) {
      let at = this.end;
      for (let i = start; i < end; i++) this.bytes[at++] = source[i];
      this.end = at;
      return;
    }
    this.bytes.set(source.subarray(start, end), this.end);
    this.end += end - start;
  }

  /** Appends text whose characters are all below 0x80. */
  public ascii(text: string): void {
    this.ensure(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.end++] = text.charCodeAt(i);
  }

  /** Appends what will stand at `supply.texts[from, to)` once it is made. */
  public leaveOpen(supply: Supply, from: number, to: number): void {
    if (this.supply !== supply) {
      this.settle();
      this.supply = supply;
    }
    this.ensure(to - from);
    const place = this.open++ * Place.COUNT;
    this.places[place + Place.AT] = this.end;
    this.places[place + Place.FROM] = from;
    this.places[place + Place.TO] = to;
    this.end += to - from;
    if (this.open === MAX_OPEN) this.settle();
  }

  /** Whether anything is open from `from` on. */
  public isOpen(from: number): boolean {
    return this.open > 0 && this.places[(this.open - 1) * Place.COUNT + Place.AT] >= from;
  }

  /** Fills what is open. */
  public settle(): void {
    const { supply, places } = this;
    if (supply === undefined || this.open === 0) return;
    supply.make();
    for (let place = 0; place < this.open * Place.COUNT; place += Place.COUNT) {
      copySpan(this.view, places[place + Place.AT], supply.texts, places[place + Place.FROM], places[place + Place.TO]);
    }
    this.open = 0;
  }

  /** All that was written from `from` on, until more is. */
  public written(from = 0): Uint8Array<ArrayBuffer> {
    this.settle();
    return this.bytes.subarray(from, this.end);
  }

  public truncate(length: number): void {
    this.end = length;
    if (this.open > 0) this.forget(length);
  }

  /** Forgets the places behind the end; one that goes beyond it is filled, as if it had been from the start. */
  private forget(length: number): void {
    while (this.isOpen(length)) this.open--;
    const last = (this.open - 1) * Place.COUNT;
    const { places } = this;
    if (this.open > 0 && places[last + Place.AT] + places[last + Place.TO] - places[last + Place.FROM] > length) {
      this.settle();
    }
  }
}

/**
 * Copies the text `source[from, to)` to `target` from `start` on, eight bytes at once: as a double, since that is a number
 * of eight bytes that needs no object. No eight bytes of UTF-8 are a NaN, whose bits might not survive: its last byte
 * would be 0x7f or 0xff, and the one before it 0xf0 or more, which nothing but the rest of a character may follow.
 */
export function copySpan(target: DataView, start: number, source: DataView, from: number, to: number): void {
  const shift = start - from;
  // The last eight bytes go at once as well, some of them for the second time.
  const last = to - 8;
  if (last < from) {
    for (let i = from; i < to; i++) target.setUint8(i + shift, source.getUint8(i));
    return;
  }
  for (let i = from; i < last; i += 8) target.setFloat64(i + shift, source.getFloat64(i, true), true);
  target.setFloat64(last + shift, source.getFloat64(last, true), true);
}
