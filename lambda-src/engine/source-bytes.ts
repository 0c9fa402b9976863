import type { SourceEncoding } from './contract';
import { gunzip, isGzip } from './gzip/gunzip';

/** The uncompressed bytes of a source object, in chunks small enough to come back to the caller between them. */
export class SourceBytes implements AsyncIterable<Uint8Array> {
  /** Known once the first chunk was asked for. */
  public encoding: SourceEncoding = 'identity';

  constructor(
    private readonly source: AsyncIterable<Uint8Array>,
    private readonly maxExpansion: number,
    private readonly chunkSize = 256 * 1024,
  ) {}

  public async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { head, all } = await this.peek();
    if (isGzip(head)) this.encoding = 'gzip';
    for await (const chunk of this.encoding === 'gzip' ? gunzip(all, this.maxExpansion) : all) {
      for (let at = 0; at < chunk.length; at += this.chunkSize) yield chunk.subarray(at, at + this.chunkSize);
    }
  }

  /** Reads far enough to see the magic, and gives back the whole. */
  private async peek(): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
    const rest = this.source[Symbol.asyncIterator]();
    let head: Uint8Array = new Uint8Array(0);
    let ended = false;
    while (head.length < 2 && !ended) {
      const next = await rest.next();
      if (next.done) ended = true;
      else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
    return { head, all: resume(head, rest) };
  }
}

async function* resume(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    // An engine that stops early must not leave the source's connection open.
    await rest.return?.();
  }
}
