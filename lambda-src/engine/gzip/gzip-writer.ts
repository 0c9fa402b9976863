import { createHash } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import { ByteWriter } from '../byte-writer';
import type { ByteSink, StreamDigest } from '../contract';

/** Uncompressed bytes of one gzip member. Members end after a record, so that they depend on the records alone. */
const MEMBER_SIZE = 512 * 1024;

/**
 * Lines in, gzip members out. Concatenated members are one valid gzip file (RFC 1952, 2.2); compressing large ones
 * synchronously costs less CPU than a stream, whose every chunk takes a trip to the thread pool.
 */
export class GzipWriter {
  /** Where the next line is written; `lineWritten` says that it is complete. */
  public readonly line = new ByteWriter(2 * MEMBER_SIZE);
  private readonly hash = createHash('sha256');
  private count = 0;
  private bytes = 0;
  private compressedBytes = 0;
  private pending: Uint8Array[] = [];

  /** @param compress makes a member of a text; the benchmark measures what is left without it */
  constructor(
    private readonly sink: ByteSink,
    private readonly compress: (text: Uint8Array) => Uint8Array = gzipMember,
  ) {}

  /** @param end the byte that ends it */
  public lineWritten(end = 0x0a): void {
    this.line.byte(end);
    this.linesWritten(1);
  }

  /** So many lines are complete, each with the byte that ends it. */
  public linesWritten(count: number): void {
    this.count += count;
    if (this.line.length >= MEMBER_SIZE) this.closeMember();
  }

  /** Bytes with which a member is full: the line that reaches them is its last. */
  public get room(): number {
    return MEMBER_SIZE - this.line.length;
  }

  /** Hands finished members to the sink and waits for it. */
  public async drain(): Promise<void> {
    if (this.pending.length === 0) return;
    const members = this.pending;
    this.pending = [];
    for (const member of members) await this.sink.write(member);
  }

  /** Nothing at all is written for no lines. */
  public async end(): Promise<StreamDigest> {
    if (this.line.length > 0) this.closeMember();
    await this.drain();
    return {
      count: this.count,
      bytes: this.bytes,
      compressedBytes: this.compressedBytes,
      sha256: this.hash.digest('hex'),
    };
  }

  private closeMember(): void {
    const text = this.line.written();
    this.hash.update(text);
    this.bytes += text.length;
    const member = this.compress(text);
    this.compressedBytes += member.length;
    this.pending.push(member);
    this.line.truncate(0);
  }
}

function gzipMember(text: Uint8Array): Uint8Array {
  return gzipSync(text, { level: constants.Z_BEST_SPEED, chunkSize: 128 * 1024 });
}
