import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
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
} from '../commit';

/** S3 checks it on arrival; the cheapest of those it knows. */
const CHECKSUM = { ChecksumAlgorithm: 'CRC32' } as const;
/** The version of an object that was written while versioning was off or suspended: not one version, but the latest. */
const NULL_VERSION = 'null';

/** Encryption under S3's own keys, instead of the ARN of a customer-managed one. */
export const SSE_S3 = { algorithm: 'AES256' } as const;

/** One S3 bucket. Everything it writes is encrypted as given: every put says so, whatever the bucket's default is. */
export class S3Store implements VersionedStore {
  private readonly encryption;

  constructor(
    private readonly client: S3Client,
    public readonly bucket: string,
    encryption: string | typeof SSE_S3,
  ) {
    this.encryption =
      typeof encryption === 'string'
        ? ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryption, BucketKeyEnabled: true } as const)
        : ({ ServerSideEncryption: encryption.algorithm } as const);
  }

  public async head(key: string, versionId?: string): Promise<ObjectHead | undefined> {
    const found = await absentAsUndefined(
      this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key, VersionId: versionId })),
      // A HEAD has no body, hence no precise code. 405: this version is a delete marker.
      (_, status) => status === 404 || status === 405,
    );
    if (!found) return undefined;
    if (!found.ETag || found.ContentLength === undefined || !found.LastModified) throw new StoreError('BAD_RESPONSE');
    return {
      ...(found.VersionId && found.VersionId !== NULL_VERSION && { versionId: found.VersionId }),
      eTag: found.ETag,
      // The MD5 of the content but under KMS. The object says which: a bucket that was brought may hold others.
      ...(!found.ServerSideEncryption?.startsWith('aws:kms') && { eTagTellsContent: true }),
      size: found.ContentLength,
      lastModified: found.LastModified,
    };
  }

  public async get(key: string, binding: ReadBinding = {}): Promise<OpenObject | undefined> {
    const found = await absentAsUndefined(
      this.client.send(
        new GetObjectCommand({
          Bucket: this.bucket,
          Key: key,
          VersionId: binding.versionId,
          IfMatch: binding.ifMatch,
        }),
      ),
      (name) => name === 'NoSuchKey' || name === 'NoSuchVersion',
    );
    if (!found) return undefined;
    const { Body: body, ContentLength: size } = found;
    if (!(body instanceof Readable) || size === undefined) throw new StoreError('BAD_RESPONSE');
    return { size, body: withoutText(body), close: () => body.destroy() };
  }

  public async putIfAbsent(key: string, body: Uint8Array, contentType: string): Promise<void> {
    await translated(
      this.client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          IfNoneMatch: '*',
          ...CHECKSUM,
          ...this.encryption,
        }),
      ),
    );
  }

  public async createUpload(key: string, contentType: string): Promise<string> {
    const { UploadId } = await translated(
      this.client.send(
        new CreateMultipartUploadCommand({
          Bucket: this.bucket,
          Key: key,
          ContentType: contentType,
          ...CHECKSUM,
          ...this.encryption,
        }),
      ),
    );
    if (!UploadId) throw new StoreError('BAD_RESPONSE');
    return UploadId;
  }

  public async uploadPart(key: string, uploadId: string, partNumber: number, body: Uint8Array): Promise<UploadedPart> {
    const { ETag, ChecksumCRC32 } = await translated(
      this.client.send(
        new UploadPartCommand({
          Bucket: this.bucket,
          Key: key,
          UploadId: uploadId,
          PartNumber: partNumber,
          Body: body,
          ...CHECKSUM,
        }),
      ),
    );
    if (!ETag) throw new StoreError('BAD_RESPONSE');
    return { partNumber, eTag: ETag, checksum: ChecksumCRC32 };
  }

  public async completeIfAbsent(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    await translated(
      this.client.send(
        new CompleteMultipartUploadCommand({
          Bucket: this.bucket,
          Key: key,
          UploadId: uploadId,
          IfNoneMatch: '*',
          MultipartUpload: {
            Parts: parts.map(({ partNumber, eTag, checksum }) => ({
              PartNumber: partNumber,
              ETag: eTag,
              ChecksumCRC32: checksum,
            })),
          },
        }),
      ),
    );
  }

  public async abortUpload(key: string, uploadId: string): Promise<void> {
    await translated(
      this.client.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, Key: key, UploadId: uploadId })),
    );
  }

  public async history(key: string): Promise<PastVersion[]> {
    // Keys come in order, so the key itself is the first of those that begin with it.
    const { Versions = [], DeleteMarkers = [] } = await translated(
      this.client.send(new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: key, MaxKeys: 10 })),
    );
    const versions = Versions.filter(({ Key }) => Key === key).map(({ ETag }) => ({ eTag: ETag }));
    const markers = DeleteMarkers.filter(({ Key }) => Key === key).map(() => ({}));
    return [...versions, ...markers];
  }
}

/** What AWS's client says of a failure, less its text: that may quote the object's key. */
interface ServiceFailure {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw storeErrorOf(error as ServiceFailure);
  }
}

async function absentAsUndefined<T>(
  call: Promise<T>,
  isAbsent: (name: string, status?: number) => boolean,
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const failure = error as ServiceFailure;
    if (isAbsent(failure.name ?? '', failure.$metadata?.httpStatusCode)) return undefined;
    throw storeErrorOf(failure);
  }
}

/** A connection that breaks while the body comes in. */
async function* withoutText(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw storeErrorOf(error as ServiceFailure);
  }
}

function storeErrorOf(failure: ServiceFailure): StoreError {
  const { name = '', code, $metadata } = failure;
  const status = $metadata?.httpStatusCode;
  const requestId = $metadata?.requestId;
  if (name === 'NoSuchUpload') return new StoreError(NO_SUCH_UPLOAD, requestId);
  if (status === 412) return new StoreError(PRECONDITION_FAILED, requestId);
  if (status === 409) return new StoreError(CONFLICT, requestId);
  const said = [name, code].find((word = '') => word !== 'Error' && /^\w{1,60}$/.test(word));
  return new StoreError(said ?? 'UNKNOWN', requestId);
}
