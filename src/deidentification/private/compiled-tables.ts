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
}
