import { CONFLICT, isStoreError, type ObjectStore, type UploadedPart } from './object-store';
import type { ByteSink } from '../engine/contract';

/** Parts of a multipart upload; with 10,000 of them at most, S3 takes 80 GB of compressed output. */
export const PART_BYTES = 8 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 64 * 1024;
const PUT_ATTEMPTS = 5;

/**
 * An object in the making: takes bytes as they come and shows nothing to readers before `complete`. Up to one part is
 * kept in memory, and another one may be on its way; what stays under a part's size becomes a single put.
 */
export class StagedUpload implements ByteSink {
  private buffer: Buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
  /** The buffer of the part that went before, to be filled again once it has arrived. */
  private spare?: Buffer;
  private filled = 0;
  private multipart?: { readonly key: string; readonly uploadId: string };
  private readonly parts: UploadedPart[] = [];
  private inFlight: Promise<void> = Promise.resolve();
  private partNumber = 0;

  /** @param key asked for at the first byte that leaves, when the format that is part of it is known */
  constructor(
    private readonly store: ObjectStore,
    private readonly key: () => string,
    private readonly contentType: string,
    private readonly partBytes = PART_BYTES,
  ) {}

  public write(chunk: Uint8Array): void | Promise<void> {
    const taken = this.take(chunk);
    // A plain return where nothing has to be sent spares the engine a turn of the event loop per chunk.
    return taken === chunk.length ? undefined : this.writeRest(chunk.subarray(taken));
  }

  /** Makes the object visible, unless its key is taken: then `PRECONDITION_FAILED`, or `CONFLICT` for a restart. */
  public async complete(): Promise<void> {
    if (!this.multipart) return this.putWhole();
    // Never empty: a part leaves only to make room for more.
    await this.sendPart();
    await this.inFlight;
    const { key, uploadId } = this.multipart;
    await this.store.completeIfAbsent(key, uploadId, this.parts);
    this.multipart = undefined;
  }

  /** Leaves nothing behind. Best effort: the bucket's lifecycle ends an upload that could not be aborted. */
  public async abort(): Promise<void> {
    await this.inFlight.catch(() => undefined);
    if (!this.multipart) return;
    const { key, uploadId } = this.multipart;
    this.multipart = undefined;
    await this.store.abortUpload(key, uploadId).catch(() => undefined);
  }

  private take(chunk: Uint8Array): number {
    const room = this.partBytes - this.filled;
    const taken = Math.min(room, chunk.length);
    this.grow(this.filled + taken);
    // The engine may use its chunk again once `write` returned, so bytes are copied.
    this.buffer.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.filled);
    this.filled += taken;
    return taken;
  }

  private grow(needed: number): void {
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.min(this.partBytes, Math.max(needed, this.buffer.length * 2)));
    grown.set(this.buffer.subarray(0, this.filled));
    this.buffer = grown;
  }

  private async writeRest(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      await this.sendPart();
      rest = rest.subarray(this.take(rest));
    }
  }

  /** Waits for the part before this one, then sends this one while the engine goes on. */
  private async sendPart(): Promise<void> {
    await this.inFlight;
    if (!this.multipart) {
      const key = this.key();
      this.multipart = { key, uploadId: await this.store.createUpload(key, this.contentType) };
    }
    const { key, uploadId } = this.multipart;
    const full = this.buffer;
    const body = full.subarray(0, this.filled);
    const number = ++this.partNumber;
    this.buffer = this.spare ?? Buffer.allocUnsafe(full.length);
    this.spare = full;
    this.filled = 0;
    this.inFlight = this.store.uploadPart(key, uploadId, number, body).then((part) => {
      this.parts.push(part);
    });
    // The failure is met by whoever awaits `inFlight` next; until then it must not count as unhandled.
    this.inFlight.catch(() => undefined);
  }

  private async putWhole(): Promise<void> {
    await putWithRetry(this.store, this.key(), this.buffer.subarray(0, this.filled), this.contentType);
  }
}

/** S3 answers 409 while another conditional write of the same key is under way, and asks for the put to be repeated. */
export async function putWithRetry(
  store: ObjectStore,
  key: string,
  body: Uint8Array,
  contentType: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.putIfAbsent(key, body, contentType);
    } catch (error) {
      if (!isStoreError(error, CONFLICT) || attempt === PUT_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
