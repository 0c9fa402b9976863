import { createHash } from 'node:crypto';
import {
  CONFLICT,
  NO_SUCH_UPLOAD,
  PRECONDITION_FAILED,
  StoreError,
  type ObjectHead,
  type OpenObject,
  type PastVersion,
  type ReadBinding,
  type UploadedPart,
  type VersionedStore,
} from '../../../lambda-src/commit';

interface StoredVersion {
  readonly versionId: string;
  /** `undefined` is a delete marker. */
  readonly body?: Buffer;
  readonly lastModified: Date;
}

type Call = keyof VersionedStore;
type Hook = (call: Call, key: string) => void | Promise<void>;

const NOTHING: Hook = () => undefined;

/**
 * A stand-in for a versioned S3 bucket, in memory: versions, delete markers, conditional writes, multipart uploads.
 * `before` and `after` see every call, so that a test can fail, delay or kill at any of them.
 */
export class MemoryStore implements VersionedStore {
  public readonly calls: Array<{ readonly call: Call; readonly key: string }> = [];
  public before: Hook = NOTHING;
  public after: Hook = NOTHING;
  /** Bytes per chunk that `get` hands out. */
  public chunkBytes = 1024;
  /** What `head` says of its eTags, which are MD5 always. */
  public eTagTellsContent = false;
  private readonly objects = new Map<string, StoredVersion[]>();
  private readonly uploads = new Map<string, { key: string; parts: Map<number, Buffer> }>();
  private serial = 0;

  constructor(
    public readonly bucket: string,
    private readonly versioned = true,
  ) {}

  // --- What a test does to the bucket -----------------------------------------------------------------------

  public seed(key: string, body: Uint8Array, lastModified = new Date('2024-03-05T23:59:59Z')): string {
    const versionId = `v${++this.serial}`;
    const earlier = this.versioned ? (this.objects.get(key) ?? []) : [];
    this.objects.set(key, [...earlier, { versionId, body: Buffer.from(body), lastModified }]);
    return versionId;
  }

  public delete(key: string): void {
    const marker = { versionId: `v${++this.serial}`, lastModified: new Date() };
    this.objects.set(key, [...(this.objects.get(key) ?? []), marker]);
  }

  /** Removes one version for good, as nobody can who has no right to. */
  public deleteVersion(key: string, versionId: string): void {
    const rest = (this.objects.get(key) ?? []).filter((version) => version.versionId !== versionId);
    if (rest.length > 0) this.objects.set(key, rest);
    else this.objects.delete(key);
  }

  /** Keys whose current version is no delete marker. */
  public keys(): string[] {
    return [...this.objects.keys()].filter((key) => this.current(key)?.body).sort();
  }

  public bytes(key: string): Buffer {
    return this.current(key)!.body!;
  }

  public versionsOf(key: string): number {
    return this.objects.get(key)?.length ?? 0;
  }

  public get openUploads(): number {
    return this.uploads.size;
  }

  // --- What the protocol sees -------------------------------------------------------------------------------

  public async head(key: string, versionId?: string): Promise<ObjectHead | undefined> {
    return this.observed('head', key, () => {
      const version = this.find(key, versionId);
      if (!version?.body) return undefined;
      return {
        ...(this.versioned && { versionId: version.versionId }),
        eTag: eTagOf(version.body),
        eTagTellsContent: this.eTagTellsContent,
        size: version.body.length,
        lastModified: version.lastModified,
      };
    });
  }

  public async get(key: string, binding: ReadBinding = {}): Promise<OpenObject | undefined> {
    return this.observed('get', key, () => {
      const body = this.find(key, binding.versionId)?.body;
      if (!body) return undefined;
      if (binding.ifMatch && binding.ifMatch !== eTagOf(body)) throw new StoreError(PRECONDITION_FAILED);
      return { size: body.length, body: this.chunks(body, key), close: () => undefined };
    });
  }

  public async putIfAbsent(key: string, body: Uint8Array): Promise<void> {
    return this.observed('putIfAbsent', key, () => {
      if (this.current(key)?.body) throw new StoreError(PRECONDITION_FAILED);
      this.seed(key, body);
    });
  }

  public async createUpload(key: string): Promise<string> {
    return this.observed('createUpload', key, () => {
      const uploadId = `u${++this.serial}`;
      this.uploads.set(uploadId, { key, parts: new Map() });
      return uploadId;
    });
  }

  public async uploadPart(key: string, uploadId: string, partNumber: number, body: Uint8Array): Promise<UploadedPart> {
    // Copied late, as a socket would: a buffer that is filled again too early shows.
    await new Promise((resolve) => setImmediate(resolve));
    return this.observed('uploadPart', key, () => {
      const upload = this.uploads.get(uploadId);
      if (!upload) throw new StoreError(NO_SUCH_UPLOAD);
      upload.parts.set(partNumber, Buffer.from(body));
      return { partNumber, eTag: eTagOf(body) };
    });
  }

  public async completeIfAbsent(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    return this.observed('completeIfAbsent', key, () => {
      const upload = this.uploads.get(uploadId);
      if (!upload) throw new StoreError(NO_SUCH_UPLOAD);
      if (this.current(key)?.body) throw new StoreError(PRECONDITION_FAILED);
      this.seed(key, Buffer.concat(parts.map(({ partNumber }) => upload.parts.get(partNumber)!)));
      this.uploads.delete(uploadId);
    });
  }

  public async abortUpload(key: string, uploadId: string): Promise<void> {
    return this.observed('abortUpload', key, () => void this.uploads.delete(uploadId));
  }

  public async history(key: string): Promise<PastVersion[]> {
    return this.observed('history', key, () =>
      (this.objects.get(key) ?? []).map(({ body }) => ({ ...(body && { eTag: eTagOf(body) }) })),
    );
  }

  private async *chunks(body: Buffer, key: string): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += this.chunkBytes) {
      await this.before('get', `${key}#${at}`);
      yield body.subarray(at, at + this.chunkBytes);
    }
  }

  private current(key: string): StoredVersion | undefined {
    return this.objects.get(key)?.at(-1);
  }

  private find(key: string, versionId?: string): StoredVersion | undefined {
    if (!versionId) return this.current(key);
    return this.objects.get(key)?.find((version) => version.versionId === versionId);
  }

  private async observed<T>(call: Call, key: string, act: () => T): Promise<T> {
    this.calls.push({ call, key });
    await this.before(call, key);
    const result = act();
    await this.after(call, key);
    return result;
  }
}

/** Fails the first `times` calls of a kind with what S3 answers to a conditional write that meets another one. */
export function contendedBy(call: Call, times: number): (made: Call) => void {
  let left = times;
  return (made) => {
    if (made === call && left-- > 0) throw new StoreError(CONFLICT);
  };
}

function eTagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
