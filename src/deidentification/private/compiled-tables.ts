/**
 * What the policy compiler hands to the engine, as JSON in `tables.json` beside the function's bundle.
 */
export interface CompiledTables {
  /** Version of this layout; the engine refuses another. */
  readonly version: 1;
  readonly policy: {
    readonly profile: string;
    /** SHA-256 (hex) over everything in the policy that changes an output. */
    readonly sha256: string;
  };
  /** Where reading gives up on a record or on the whole object. */
  readonly limits: CompiledLimits;
}

/** The caps of a policy, resolved. */
export interface CompiledLimits {
  /** A record of more bytes is rejected unread. */
  readonly maxRecordBytes: number;
  /** A record nested deeper is rejected. */
  readonly maxDepth: number;
  /** An object with a larger share of rejects fails; counts from 1,000 records read. */
  readonly maxRejectRatio: number;
  /** A gzip source that grows by more than this factor fails; counts after the first 64 MB. */
  readonly maxExpansion: number;
}
