import { createHmac } from 'node:crypto';
import { CommitError } from './errors';

/**
 * Stands between the source object and the engine: counts, and takes the keyed digest of what goes by. A connection
 * that ends early must not look like a truncated file, so a missing byte is an error of the infrastructure.
 */
export class SourceTap implements AsyncIterable<Uint8Array> {
  private consumed = 0;
  private failure: unknown;
  private readonly hmac;

  constructor(
    private readonly body: AsyncIterable<Uint8Array>,
    private readonly size: number,
    sourceKey: Uint8Array,
  ) {
    this.hmac = createHmac('sha256', sourceKey);
  }

  public async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.body) {
        this.consumed += chunk.length;
        this.hmac.update(chunk);
        yield chunk;
      }
      if (!this.drained) throw new CommitError('SOURCE_SHORT_READ');
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** Whether every byte went by. */
  public get drained(): boolean {
    return this.consumed === this.size;
  }

  /** Throws what broke the stream, should the engine have taken it for a fault of the file. */
  public assertSound(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Keyed SHA-256 (hex) of the object as stored; only where it was read to its end. */
  public digest(): string | undefined {
    return this.drained ? this.hmac.digest('hex') : undefined;
  }
}
