import type { Deadline, Outcome, ProcessContext } from './context';
import { CommitError } from './errors';
import {
  assertAccounted,
  failedCounts,
  outputEntry,
  sameOutcome,
  serialize,
  statusOf,
  type Manifest,
} from './manifest';
import {
  isStoreError,
  NO_SUCH_UPLOAD,
  PRECONDITION_FAILED,
  type ObjectHead,
  type ObjectStore,
  type OpenObject,
} from './object-store';
import { keyedDigest, runIdOf, runKeys, utcDay, type RunKeys } from './run-identity';
import { SourceTap } from './source-tap';
import { putWithRetry, StagedUpload } from './staged-upload';
import { readManifest, sha256OfGzipped } from './stored-content';
import { DeadlineError, NOTHING_CHANGED, type EngineResult, type SourceFormat } from '../engine/contract';

const GZIP = 'application/gzip';

/** One object under one policy, engine and key. */
export class Run {
  public readonly keys: RunKeys;
  private readonly runId: string;
  private readonly keyId: string;
  private readonly sourceKey: Uint8Array;

  constructor(
    private readonly objectKey: string,
    private readonly head: ObjectHead,
    private readonly startedAt: Date,
    private readonly context: ProcessContext,
    private readonly deadline?: Deadline,
  ) {
    const { engine, key, data, tables, prefixes } = context;
    this.keyId = engine.keyId(key);
    this.sourceKey = engine.deriveSubKey(key, 'source');
    const inputs = {
      bucket: data.bucket,
      key: objectKey,
      version: head.versionId ?? head.eTag,
      policySha256: tables.policy.sha256,
      engineVersion: engine.version,
      keyId: this.keyId,
    };
    this.runId = runIdOf(inputs, engine.deriveSubKey(key, 'run'));
    this.keys = runKeys(prefixes, utcDay(head.lastModified), this.runId);
  }

  public async duplicate(manifest: Manifest): Promise<Outcome> {
    await this.context.beforeManifest?.(manifest, this.keys.manifest);
    return { status: 'DUPLICATE', runId: this.runId, manifestKey: this.keys.manifest, manifest };
  }

  /** Said at the start, so that the retries of a hopeless object cost next to nothing. */
  public refuseWhatCannotBeDone(): void {
    if (!this.deadline) return;
    const neededMs = (this.head.size / this.deadline.maxBytesPerSecond) * 1000;
    if (neededMs > this.deadline.remainingMs()) throw new DeadlineError();
  }

  public async attempt(): Promise<Outcome> {
    const { data, processed, partBytes } = this.context;
    const opened = await this.open();
    if (!opened) return { status: 'SOURCE_GONE' };
    const tap = new SourceTap(opened.body, this.head.size, this.sourceKey);

    let format: SourceFormat = 'unknown';
    const output = new StagedUpload(processed, () => this.keys.output(format), GZIP, partBytes);
    const rejects = new StagedUpload(data, () => this.keys.rejects, GZIP, partBytes);
    try {
      const result = await this.context.engine.deidentify({
        source: tap,
        output,
        rejects,
        tables: this.context.tables,
        key: this.context.key,
        referenceDate: utcDay(this.head.lastModified),
        pastDeadline: () => this.pastDeadline(),
        onFormat: (found) => (format = found),
      });
      format = result.format;
      tap.assertSound();
      return await this.commit(result, tap, output, rejects);
    } catch (error) {
      await Promise.all([output.abort(), rejects.abort()]);
      throw error;
    } finally {
      opened.close();
    }
  }

  /** Data first, rejects next, manifest last: whoever finds a manifest finds what it accounts for. */
  private async commit(
    result: EngineResult,
    tap: SourceTap,
    output: StagedUpload,
    rejects: StagedUpload,
  ): Promise<Outcome> {
    const outputKey = this.keys.output(result.format);
    if (result.failure) {
      await Promise.all([output.abort(), rejects.abort()]);
    } else {
      assertAccounted(result, this.context.tables.policy.profile !== 'validate-only');
      if (!tap.drained) throw new CommitError('SOURCE_NOT_DRAINED');
      this.requireTime();
      await this.settle(output, this.context.processed, outputKey, result.output);
      await this.settle(rejects, this.context.data, this.keys.rejects, result.rejects);
    }
    const manifest = this.describe(result, tap, outputKey);
    return this.writeManifest(manifest, manifest.output.length > 0 ? result.output.compressedBytes : 0);
  }

  /**
   * Completes an upload; without records there is none. Where the key is taken, an earlier run wrote it and was killed
   * before its manifest, or a rival is about to write one: the content must be the same, since the output is
   * deterministic.
   */
  private async settle(
    upload: StagedUpload,
    store: ObjectStore,
    key: string,
    expected: EngineResult['output'],
  ): Promise<void> {
    if (expected.count === 0) return upload.abort();
    try {
      return await upload.complete();
    } catch (error) {
      // An upload that is gone was ended by this very call, if its answer was lost and the client repeated it.
      if (!isStoreError(error, PRECONDITION_FAILED, NO_SUCH_UPLOAD)) throw error;
    }
    await upload.abort();
    const standing = await sha256OfGzipped(store, key, () => this.requireTime());
    if (standing !== expected.sha256) throw new CommitError('OUTPUT_CONFLICT');
  }

  private async writeManifest(manifest: Manifest, bytesOut: number): Promise<Outcome> {
    const { processed } = this.context;
    const body = serialize(manifest);
    const { runId } = this;
    const committed = { status: manifest.status, runId, manifestKey: this.keys.manifest, manifest, bytesOut };
    await this.context.beforeManifest?.(manifest, this.keys.manifest);
    try {
      await putWithRetry(processed, this.keys.manifest, body, 'application/json');
      return committed;
    } catch (error) {
      if (!isStoreError(error, PRECONDITION_FAILED)) throw error;
    }
    const standing = await readManifest(processed, this.keys.manifest);
    if (!standing || !sameOutcome(standing, manifest)) throw new CommitError('MANIFEST_CONFLICT');
    // The client repeats a put whose answer was lost, and then meets its own object.
    return Buffer.compare(serialize(standing), body) === 0 ? committed : this.duplicate(standing);
  }

  private describe(result: EngineResult, tap: SourceTap, outputKey: string): Manifest {
    const { context, head } = this;
    const { data, processed, tables, engine } = context;
    const { failure, output, rejects } = result;
    const counts = failure ? failedCounts(result.counts, failure) : result.counts;
    return {
      schemaVersion: 1,
      runId: this.runId,
      status: statusOf(result),
      ...(failure && { code: failure }),
      startedAt: this.startedAt.toISOString(),
      endedAt: context.now().toISOString(),
      processor: { name: 'cdk-hipaa-pipeline', version: engine.version, runtime: context.runtime },
      policy: { profile: tables.policy.profile, sha256: tables.policy.sha256, keyId: this.keyId },
      source: {
        bucket: data.bucket,
        keyHmac: this.hmacOf('key', this.objectKey),
        ...(head.versionId && { versionId: head.versionId }),
        eTag: this.tellableETag(),
        size: head.size,
        ...(tap.drained && { hmac: tap.digest() }),
        encoding: result.encoding,
        format: result.format,
      },
      output: counts.written > 0 ? [outputEntry(urlOf(processed, outputKey), counts, output)] : [],
      error:
        !failure && rejects.count > 0
          ? [
              {
                url: urlOf(data, this.keys.rejects),
                count: rejects.count,
                hmac: this.hmacOf('rejects', rejects.sha256),
              },
            ]
          : [],
      counts,
      deid: failure ? NOTHING_CHANGED : result.deid,
    };
  }

  private tellableETag(): string {
    // S3 writes it in quotes, EventBridge without.
    const eTag = this.head.eTag.replaceAll('"', '');
    return this.head.eTagTellsContent ? this.hmacOf('eTag', eTag) : eTag;
  }

  /** By a plain hash of what is PHI, a guess at it could be confirmed. */
  private hmacOf(what: 'key' | 'eTag' | 'rejects', text: string): string {
    return keyedDigest(this.sourceKey, [what, text]);
  }

  private async open(): Promise<OpenObject | undefined> {
    const { versionId, eTag } = this.head;
    try {
      return await this.context.data.get(this.objectKey, versionId ? { versionId } : { ifMatch: eTag });
    } catch (error) {
      if (isStoreError(error, PRECONDITION_FAILED)) throw new CommitError('SOURCE_CHANGED');
      throw error;
    }
  }

  private requireTime(): void {
    if (this.pastDeadline()) throw new DeadlineError();
  }

  private pastDeadline(): boolean {
    return this.deadline !== undefined && this.deadline.remainingMs() <= 0;
  }
}

function urlOf(store: ObjectStore, key: string): string {
  return `s3://${store.bucket}/${key}`;
}
