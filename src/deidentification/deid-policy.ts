import { compilePolicy, PolicySource } from './private/compile-policy';
import { CompiledTables, ProfileName } from './private/compiled-tables';
import { RESTRICTED_ZIP3 } from './private/geography';
import { describeProblem, PolicyProblem, PolicyProblems } from './private/policy-problems';
import { fileSource, profileSource } from './private/policy-source';
import { PREFIX } from '../private/prefixes';

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
    return DeidPolicy.ofProfile('safe-harbor', options);
  }

  /**
   * A limited data set, 45 CFR 164.514(e): Safe Harbor, but dates, cities, states and ZIP codes stay. **Still PHI**: it
   * may be used under a data use agreement only, and goes to a prefix of its own, never to `deidentified/`.
   *
   * @param options what is removed beyond it
   */
  public static limitedDataSet(options: SafeHarborOptions = {}): DeidPolicy {
    return DeidPolicy.ofProfile('limited-data-set', options);
  }

  /** Every check of Safe Harbor, and the account of it; no record is written, neither results nor rejects. */
  public static validateOnly(): DeidPolicy {
    return DeidPolicy.ofProfile('validate-only', {});
  }

  /**
   * A policy file, or a configuration of Microsoft's Tools for Health Data Anonymization for R4.
   *
   * @param file path of the JSON file, relative to the working directory
   * @throws Error with every problem of the file: rule number, what is wrong, how to mend it
   * @see https://github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline/blob/main/docs/policy.md
   */
  public static fromFile(file: string): DeidPolicy {
    const problems = new PolicyProblems();
    return new DeidPolicy(fileSource(file, problems), file, problems);
  }

  private static ofProfile(name: ProfileName, options: SafeHarborOptions): DeidPolicy {
    const restrictedZip3 = validateRestrictedZip3(options.restrictedZip3 ?? RESTRICTED_ZIP3);
    return new DeidPolicy(profileSource(name, restrictedZip3, options.ids), name, new PolicyProblems());
  }

  /** Name of the profile, as the manifest states it. */
  public readonly profile: string;
  private readonly compiled: CompiledTables;

  private constructor(
    private readonly source: PolicySource,
    name: string,
    private readonly problems: PolicyProblems,
  ) {
    this.profile = source.settings.name;
    this.compiled = compileOnce(source, problems);
    const { errors } = problems;
    if (errors.length === 0) return;
    const lines = errors.map((problem) => `  ${describeProblem(problem, name)}`);
    throw new Error(`the policy must be free of errors, got ${errors.length}:\n${lines.join('\n')}`);
  }

  /**
   * Whether logical ids live on as keyed codes.
   *
   * @internal
   */
  public get _keepsIds(): boolean {
    return this.source.settings.ids === IdTreatment.HASH;
  }

  /**
   * Where its results go. A limited data set is PHI: whoever may read what is de-identified must not meet it there.
   *
   * @internal
   */
  public get _outputPrefix(): string {
    return this.profile === 'limited-data-set' ? PREFIX.limitedDataSet : PREFIX.deidentified;
  }

  /**
   * What its author should look at, although it compiles.
   *
   * @internal
   */
  public get _warnings(): readonly PolicyProblem[] {
    return this.problems.warnings;
  }

  /**
   * The tables that the engine interprets.
   *
   * @internal
   */
  public _compile(): CompiledTables {
    return this.compiled;
  }
}

/** Compiling is a pure function of the policy, and an app may hold many pipelines. Only faultless ones are kept. */
const COMPILED = new Map<string, CompiledTables>();

function compileOnce(source: PolicySource, problems: PolicyProblems): CompiledTables {
  const key = JSON.stringify(source);
  const known = COMPILED.get(key);
  if (known) return known;
  const compiled = compilePolicy(source, problems);
  if (problems.all.length === 0) COMPILED.set(key, compiled);
  return compiled;
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
