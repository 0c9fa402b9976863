/** A growable run of bytes that a record is written into; `truncate` takes back what a rejected record wrote. */
export class ByteWriter {
  public bytes: Uint8Array<ArrayBuffer>;
  /** Of the same memory: for writing several bytes at once. */
  public view: DataView;
  public length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `extra` more bytes. */
  public ensure(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  public byte(value: number): void {
    if (this.length === this.bytes.length) this.ensure(1);
    this.bytes[this.length++] = value;
  }

  /** Appends `source[start, end)`. */
  public copy(source: Uint8Array, start: number, end: number): void {
    this.ensure(end - start);
    if (end - start < 32) {
      let at = this.length;
      for (let i = start; i < end; i++) this.bytes[at++] = source[i];
      this.length = at;
      return;
    }
    this.bytes.set(source.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** Appends text whose characters are all below 0x80. */
  public ascii(text: string): void {
    this.ensure(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  public truncate(length: number): void {
    this.length = length;
  }
}
