import { createHash, type Hash } from 'node:crypto';
import { ByteWriter } from '../byte-writer';

const enum State {
  EMPTY,
  OPEN,
  CLOSED,
}

/**
 * The bytes of one record on their way through chunks: a view of the chunk where the record lies in one, else a copy;
 * never more than the cap, beyond which only length and hash are kept.
 */
export class RecordSpan {
  /** Where the record lies once it is closed, unless it is too large. */
  public bytes: Uint8Array = new Uint8Array(0);
  public start = 0;
  public end = 0;
  /** Of its first byte in the uncompressed source. */
  public offset = 0;
  public length = 0;

  private readonly carry = new ByteWriter(64 * 1024);
  private overflow: Hash | undefined;
  private state = State.EMPTY;
  /** Where the part in the chunk at hand begins. */
  private from = 0;

  constructor(private readonly cap: number) {}

  public get isOpen(): boolean {
    return this.state === State.OPEN;
  }

  public get isClosed(): boolean {
    return this.state === State.CLOSED;
  }

  public get tooLarge(): boolean {
    return this.overflow !== undefined;
  }

  /** A record begins at position `at` of the chunk at hand, `offset` of the source. */
  public open(at: number, offset: number): void {
    this.clear();
    this.state = State.OPEN;
    this.from = at;
    this.offset = offset;
  }

  /** The record ends before position `at` of this chunk. */
  public close(chunk: Uint8Array, at: number): void {
    if (this.carry.length === 0 && !this.overflow && at - this.from <= this.cap) {
      this.place(chunk, this.from, at);
      this.length = at - this.from;
    } else {
      this.append(chunk, at);
      this.place(this.carry.bytes, 0, this.carry.length);
    }
    this.state = State.CLOSED;
  }

  /** The chunk at hand is about to be given back: keeps what is still needed of it. */
  public suspend(chunk: Uint8Array): void {
    if (this.state === State.OPEN) {
      this.append(chunk, chunk.length);
      this.from = 0;
    } else if (this.state === State.CLOSED && !this.overflow && this.bytes === chunk) {
      this.carry.truncate(0);
      this.carry.copy(this.bytes, this.start, this.end);
      this.place(this.carry.bytes, 0, this.carry.length);
    }
  }

  /** Ends the record at the end of the last chunk. */
  public closeAtEnd(): void {
    this.place(this.carry.bytes, 0, this.carry.length);
    this.state = State.CLOSED;
  }

  public clear(): void {
    this.state = State.EMPTY;
    this.length = 0;
    this.carry.truncate(0);
    this.overflow = undefined;
  }

  /** Of a record that is too large; ends it. */
  public digest(): string {
    return this.overflow!.digest('hex');
  }

  private append(chunk: Uint8Array, end: number): void {
    const part = end - this.from;
    this.length += part;
    if (!this.overflow && this.length > this.cap) {
      this.overflow = createHash('sha256').update(this.carry.bytes.subarray(0, this.carry.length));
      this.carry.truncate(0);
    }
    if (this.overflow) this.overflow.update(chunk.subarray(this.from, end));
    else this.carry.copy(chunk, this.from, end);
  }

  private place(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }
}
