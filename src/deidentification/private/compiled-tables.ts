import type { CompiledCsv } from './csv/tables';
import type { CompiledFhir } from './fhir/tables';
import type { CompiledHl7v2 } from './hl7v2/tables';

/** Version of the layout below; the engine refuses another. */
export const TABLES_VERSION = 3;

/**
 * What the policy compiler hands to the engine, as JSON in `tables.json` beside the function's bundle.
 */
export interface CompiledTables {
  readonly version: typeof TABLES_VERSION;
  readonly policy: CompiledPolicy;
  /** Where reading gives up on a record or on the whole object. */
  readonly limits: CompiledLimits;
  readonly fhir: CompiledFhir;
  readonly csv: CompiledCsv;
  readonly hl7v2: CompiledHl7v2;
}

export interface CompiledPolicy {
  readonly profile: ProfileName;
  /** SHA-256 (hex) over everything in the policy that changes an output. */
  readonly sha256: string;
}

export type ProfileName = 'safe-harbor' | 'limited-data-set' | 'ms-r4-compat' | 'validate-only';

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
