import { createHash } from 'crypto';
import { compileFhir, SafeHarborSettings } from './private/compile-fhir';
import type { CompiledLimits, CompiledTables } from './private/compiled-tables';
import { readElementTable } from './private/element-table';
import { RESTRICTED_ZIP3 } from './private/geography';

/** What becomes of logical ids, and of references to them. */
export enum IdTreatment {
  /** A keyed code (HMAC), the same for an id wherever it occurs in the files of one pipeline. */
  HASH = 'hash',
  /** Removed. Records can no longer be joined: the strict reading of 45 CFR 164.514(c). */
  DROP = 'drop',
}

/** How a policy narrows the Safe Harbor profile. Nothing here can widen it. */
export interface SafeHarborOptions {
  /**
   * Three-digit ZIP prefixes that are written as `000`. The list must hold the built-in ones, which are the union of
   * those published for the censuses of 2000, 2010 and 2020.
   *
   * @default - the built-in prefixes
   */
  readonly restrictedZip3?: string[];

  /**
   * What becomes of logical ids and references.
   *
   * @default IdTreatment.HASH
   */
  readonly ids?: IdTreatment;
}

/** Framing reads them per object, so they travel with the policy. */
const LIMITS: CompiledLimits = {
  maxRecordBytes: 16 * 1024 * 1024,
  maxDepth: 128,
  maxRejectRatio: 0.05,
  maxExpansion: 200,
};

/**
 * Defines what of a patient record leaves the PHI side, and in which form.
 *
 * A policy is compiled at synth: a wrong one fails `cdk synth`, and the function carries lookup tables only.
 *
 * @example
 * declare const stack: Stack;
 * new HipaaPipeline(stack, 'Claims', {
 *   policy: DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }),
 * });
 *
 * @see https://www.ecfr.gov/current/title-45/section-164.514
 */
export class DeidPolicy {
  /**
   * The Safe Harbor method, 45 CFR 164.514(b)(2), as an allow-list: what no rule mentions is removed.
   *
   * @param options what is removed beyond it
   */
  public static safeHarbor(options: SafeHarborOptions = {}): DeidPolicy {
    return new DeidPolicy('safe-harbor', {
      restrictedZip3: validateRestrictedZip3(options.restrictedZip3 ?? RESTRICTED_ZIP3),
      ids: options.ids ?? IdTreatment.HASH,
    });
  }

  private constructor(
    /** Name of the profile, as the manifest states it. */
    public readonly profile: string,
    private readonly settings: SafeHarborSettings,
  ) {}

  /**
   * Whether logical ids live on as keyed codes.
   *
   * @internal
   */
  public get _keepsIds(): boolean {
    return this.settings.ids === IdTreatment.HASH;
  }

  /**
   * The tables that the engine interprets.
   *
   * @internal
   */
  public _compile(): CompiledTables {
    const key = JSON.stringify([this.profile, this.settings]);
    const compiled = COMPILED.get(key) ?? compile(this.profile, this.settings);
    COMPILED.set(key, compiled);
    return compiled;
  }
}

/** Compiling is a pure function of the settings, and an app may hold many pipelines. */
const COMPILED = new Map<string, CompiledTables>();

function compile(profile: string, settings: SafeHarborSettings): CompiledTables {
  const content = { version: 1 as const, limits: LIMITS, fhir: compileFhir(readElementTable(), settings) };
  // All that decides over a byte of output stands in the tables, so their hash is the policy's.
  const sha256 = createHash('sha256')
    .update(JSON.stringify([profile, content]))
    .digest('hex');
  return { ...content, policy: { profile, sha256 } };
}

function validateRestrictedZip3(prefixes: readonly string[]): string[] {
  const malformed = prefixes.filter((prefix) => !/^\d{3}$/.test(prefix));
  if (malformed.length > 0) {
    throw new Error(
      `restrictedZip3 must hold prefixes of three digits, got ${malformed.join(', ')}; write them like '036'`,
    );
  }
  const missing = RESTRICTED_ZIP3.filter((prefix) => !prefixes.includes(prefix));
  if (missing.length > 0) {
    throw new Error(
      `restrictedZip3 must not widen Safe Harbor, got a list without ${missing.join(', ')}; add them, or omit the prop`,
    );
  }
  return [...new Set(prefixes)].sort();
}
