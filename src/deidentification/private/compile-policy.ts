import { createHash } from 'crypto';
import { type CompiledLimits, type CompiledTables, TABLES_VERSION } from './compiled-tables';
import { compileCsv } from './csv/compile-csv';
import { compileFhir } from './fhir/compile-fhir';
import { readElementTable } from './fhir/element-table';
import { compileHl7v2 } from './hl7v2/compile-hl7v2';
import type { PolicyProblems } from './policy-problems';
import type { ProfileSettings } from './profile';

/** A policy as its author means it: a profile, and rules that decide before it does. */
export interface PolicySource {
  readonly settings: ProfileSettings;
  readonly limits: CompiledLimits;
  /** Rules as parsed JSON; a format's compiler checks its own. */
  readonly fhirPathRules: readonly unknown[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly hl7v2: readonly unknown[];
  readonly csv: readonly unknown[];
}

/** From what was meant to what is looked up: pure, and the same for the same policy. */
export function compilePolicy(source: PolicySource, problems: PolicyProblems): CompiledTables {
  const { settings, limits } = source;
  const content = {
    version: TABLES_VERSION,
    limits,
    fhir: compileFhir(readElementTable(), settings, source.fhirPathRules, source.parameters, problems),
    csv: compileCsv(settings, source.csv, problems),
    hl7v2: compileHl7v2(settings, source.hl7v2, problems),
  } as const;
  // All that decides over a byte of output stands in the tables, so their hash is the policy's.
  const sha256 = createHash('sha256')
    .update(JSON.stringify([settings.name, content]))
    .digest('hex');
  return { ...content, policy: { profile: settings.name, sha256 } };
}
