/**
 * The seam between the commit protocol and whatever keeps objects: one bucket. S3 stands behind it in the function,
 * a folder in the command line. An absent object is `undefined`, never an error; everything else that goes wrong is a
 * `StoreError`.
 */
export interface ObjectStore {
  readonly bucket: string;

  head(key: string, versionId?: string): Promise<ObjectHead | undefined>;

  /** Opens an object for reading; `PRECONDITION_FAILED` where `ifMatch` no longer is its eTag. */
  get(key: string, binding?: ReadBinding): Promise<OpenObject | undefined>;

  /** Writes an object whole, unless one is there: `PRECONDITION_FAILED`; `CONFLICT` where another write is under way. */
  putIfAbsent(key: string, body: Uint8Array, contentType: string): Promise<void>;

  createUpload(key: string, contentType: string): Promise<string>;
  uploadPart(key: string, uploadId: string, partNumber: number, body: Uint8Array): Promise<UploadedPart>;

  /** As `putIfAbsent`; `NO_SUCH_UPLOAD` where the upload was ended already. */
  completeIfAbsent(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  abortUpload(key: string, uploadId: string): Promise<void>;
}

/** A bucket that keeps what was overwritten or deleted, and can be asked for it. */
export interface VersionedStore extends ObjectStore {
  /** Versions and delete markers of exactly this key, in any order; some of them, should there be many. */
  history(key: string): Promise<readonly PastVersion[]>;
}

export interface PastVersion {
  /** Absent of a delete marker. */
  readonly eTag?: string;
}

export interface ObjectHead {
  /** Absent where the bucket does not tell versions apart. */
  readonly versionId?: string;
  readonly eTag: string;
  /** Whether the eTag may be a plain hash of the content, by which a guess at it could be confirmed. @default false */
  readonly eTagTellsContent?: boolean;
  readonly size: number;
  readonly lastModified: Date;
}

export interface OpenObject {
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection; harmless after the end. */
  close(): void;
}

export interface ReadBinding {
  readonly versionId?: string;
  readonly ifMatch?: string;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly eTag: string;
  readonly checksum?: string;
}

export const PRECONDITION_FAILED = 'PRECONDITION_FAILED';
export const CONFLICT = 'CONFLICT';
export const NO_SUCH_UPLOAD = 'NO_SUCH_UPLOAD';

/** What a store says of a failure: a code and a request id. Its own text may quote an object's key, so it is left behind. */
export class StoreError extends Error {
  public readonly code: string;
  public readonly requestId?: string;

  constructor(code: string, requestId?: string) {
    super(code);
    this.name = 'StoreError';
    this.code = code;
    this.requestId = requestId;
  }
}

export function isStoreError(error: unknown, ...codes: string[]): boolean {
  return error instanceof StoreError && codes.includes(error.code);
}
