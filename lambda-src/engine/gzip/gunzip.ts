import { createGunzip, type Gunzip } from 'node:zlib';
import { SourceError } from '../source-error';

/** A larger output buffer means fewer trips to the thread pool. */
const OUTPUT_CHUNK = 256 * 1024;
/** Deflate expands up to 1032 times: a small input piece bounds what one write can bring into memory. */
const INPUT_PIECE = 32 * 1024;
/** The ratio is judged from here on: small files of spaces are odd, but harmless. */
const FREE_EXPANSION = 64 * 1024 * 1024;

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Inflates any number of gzip members. Zeros after the last one are padding, as `gzip` has it; anything else there
 * could be a member with a damaged header, so that ignoring it would lose records without a trace.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>, maxExpansion: number): AsyncGenerator<Uint8Array> {
  const member = new MemberReader();
  try {
    for await (const piece of inPieces(source)) {
      await member.write(piece);
      if (member.bytesOut > FREE_EXPANSION && member.bytesOut > member.bytesIn * maxExpansion) {
        throw new SourceError('SRC_EXPANSION');
      }
      yield* member.take();
    }
    await member.end();
    yield* member.take();
  } finally {
    member.destroy();
  }
}

/**
 * The bytes of a source in pieces of one size, however it was cut: a damaged file fails at the same place, and with the
 * same counts, each time it is delivered. A piece is valid until the next one is asked for.
 */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const rest = new Uint8Array(INPUT_PIECE);
  let length = 0;
  for await (const chunk of source) {
    let at = 0;
    if (length > 0) {
      at = Math.min(INPUT_PIECE - length, chunk.length);
      rest.set(chunk.subarray(0, at), length);
      length += at;
      if (length < INPUT_PIECE) continue;
      yield rest;
    }
    for (; at + INPUT_PIECE <= chunk.length; at += INPUT_PIECE) yield chunk.subarray(at, at + INPUT_PIECE);
    rest.set(chunk.subarray(at));
    length = chunk.length - at;
  }
  if (length > 0) yield rest.subarray(0, length);
}

class MemberReader {
  public bytesIn = 0;
  public bytesOut = 0;
  private readonly stream: Gunzip = createGunzip({ chunkSize: OUTPUT_CHUNK });
  private readonly failed: Promise<never>;
  private output: Uint8Array[] = [];
  private padding = false;

  constructor() {
    this.stream.on('data', (data: Uint8Array) => {
      this.bytesOut += data.length;
      this.output.push(data);
    });
    // zlib does not call back a write that failed: its error event is the only sign.
    this.failed = new Promise((_, reject) => {
      this.stream.on('error', (error: NodeJS.ErrnoException) => {
        // Z_BUF_ERROR: the input ended inside a member, as an upload that broke off leaves it.
        reject(new SourceError(error.code === 'Z_BUF_ERROR' ? 'SRC_TRUNCATED' : 'SRC_CORRUPT_GZIP'));
      });
    });
    this.failed.catch(() => undefined);
  }

  public async write(piece: Uint8Array): Promise<void> {
    let rest = piece;
    if (!this.padding) {
      this.bytesIn += piece.length;
      await Promise.race([this.failed, new Promise<void>((done) => this.stream.write(piece, () => done()))]);
      // zlib stops at a zero after a member and leaves the rest unread.
      const unread = this.bytesIn - this.stream.bytesWritten;
      this.padding = unread > 0;
      rest = piece.subarray(piece.length - unread);
    }
    if (this.padding && rest.some((byte) => byte !== 0)) throw new SourceError('SRC_CORRUPT_GZIP');
  }

  public async end(): Promise<void> {
    if (this.padding) return;
    const ended = new Promise<void>((done) => this.stream.once('end', () => done()));
    this.stream.end();
    await Promise.race([this.failed, ended]);
  }

  public take(): Uint8Array[] {
    const taken = this.output;
    this.output = [];
    return taken;
  }

  public destroy(): void {
    this.stream.destroy();
  }
}
