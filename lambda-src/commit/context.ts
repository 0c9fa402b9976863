import type { Manifest, RunStatus } from './manifest';
import type { ObjectStore } from './object-store';
import type { OutputPrefixes } from './run-identity';
import type { CompiledTables } from '../../src/deidentification/private/compiled-tables';
import type { EngineInput, EngineResult } from '../engine/contract';

/** What turns records into de-identified ones; injected, so that the protocol can be tried without it. */
export interface Engine {
  /** Part of every run id: a version is one way of turning the same input into the same bytes. */
  readonly version: string;
  readonly deidentify: (input: EngineInput) => Promise<EngineResult>;
  readonly deriveSubKey: (key: Uint8Array, purpose: 'run' | 'source') => Uint8Array;
  readonly keyId: (key: Uint8Array) => string;
}

/** What stays the same from object to object. */
export interface ProcessContext {
  /** Holds the sources, and receives rejected records: PHI. */
  readonly data: ObjectStore;
  /** Receives results and manifests. */
  readonly processed: ObjectStore;
  readonly prefixes: OutputPrefixes;
  readonly engine: Engine;
  readonly tables: CompiledTables;
  readonly key: Uint8Array;
  readonly runtime: string;
  readonly now: () => Date;
  /**
   * Told of every manifest before it is written, and of one that was found written. Where it throws, nothing is
   * committed and the message comes again: whoever keeps a second account misses none.
   */
  readonly beforeManifest?: (manifest: Manifest, manifestKey: string) => Promise<void>;
  /** @default 8 MiB */
  readonly partBytes?: number;
}

/** How long a run may take. */
export interface Deadline {
  readonly remainingMs: () => number;
  /** A rate that no source is read faster than: what would need longer even so is refused before it is opened. */
  readonly maxBytesPerSecond: number;
}

export interface SourceRef {
  readonly key: string;
  readonly versionId?: string;
}

export type Outcome =
  | {
      readonly status: RunStatus;
      readonly runId: string;
      readonly manifestKey: string;
      readonly manifest: Manifest;
      /** Stored bytes of the data object. */
      readonly bytesOut: number;
    }
  /** Committed before; nothing was written. The manifest is the one that stands. */
  | { readonly status: 'DUPLICATE'; readonly runId: string; readonly manifestKey: string; readonly manifest: Manifest }
  /** The source was deleted since the event: nothing to do, now or later. */
  | { readonly status: 'SOURCE_GONE' };
