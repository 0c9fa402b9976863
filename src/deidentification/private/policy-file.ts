import * as fs from 'fs';
import type { CompiledLimits, ProfileName } from './compiled-tables';
import type { PolicyProblems } from './policy-problems';
import { repeatedKey } from './repeated-key';
import { didYouMean } from './suggestion';

/** A policy file as written, its parts checked for their kind only: each format's compiler reads its own rules. */
export interface PolicyFile {
  readonly profile: ProfileName;
  readonly unmatched?: 'redact' | 'keep';
  readonly fhirPathRules: readonly unknown[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly hl7v2: readonly unknown[];
  readonly csv: readonly unknown[];
  readonly limits: CompiledLimits;
}

const PROFILES: readonly ProfileName[] = ['safe-harbor', 'limited-data-set', 'ms-r4-compat', 'validate-only'];

export const DEFAULT_LIMITS: CompiledLimits = {
  maxRecordBytes: 16 * 1024 * 1024,
  maxDepth: 128,
  maxRejectRatio: 0.05,
  maxExpansion: 200,
};

/** Least and greatest value of each limit. */
const LIMIT_RANGES: Readonly<Record<keyof CompiledLimits, readonly [number, number]>> = {
  maxRecordBytes: [1024, 64 * 1024 * 1024],
  // A walk down twice as many levels might come to the end of the stack.
  maxDepth: [8, 512],
  maxRejectRatio: [0, 1],
  maxExpansion: [10, 10_000],
};

const OWN_KEYS = ['version', 'profile', 'unmatched', 'fhir', 'hl7v2', 'csv', 'limits'];
const MICROSOFT_KEYS = ['fhirVersion', 'processingErrors', 'fhirPathRules', 'parameters'];

type JsonObject = Readonly<Record<string, unknown>>;

/** @throws Error that names the file where it cannot be read or is no JSON object */
export function readPolicyFile(file: string, problems: PolicyProblems): PolicyFile {
  return parsePolicy(readObject(file), problems);
}

/** Our own layout, or the configuration of Microsoft's Tools for Health Data Anonymization as its users have it. */
export function parsePolicy(content: JsonObject, problems: PolicyProblems): PolicyFile {
  if ('fhirPathRules' in content && !('version' in content)) return microsoftFile(content, problems);
  unknownKeys('the policy', content, OWN_KEYS, problems);
  if (content.version !== 1) {
    problems.error({ section: 'file' }, `version must be 1, got ${describe(content.version)}; write "version": 1`);
  }
  const fhir = objectOf('fhir', content.fhir, problems);
  unknownKeys('fhir', fhir, ['fhirPathRules', 'parameters'], problems);
  return {
    profile: oneOf('profile', content.profile, PROFILES, 'safe-harbor', problems),
    ...(content.unmatched !== undefined && {
      unmatched: oneOf('unmatched', content.unmatched, ['redact', 'keep'] as const, 'redact', problems),
    }),
    fhirPathRules: arrayOf('fhir.fhirPathRules', fhir.fhirPathRules, problems),
    parameters: objectOf('fhir.parameters', fhir.parameters, problems),
    hl7v2: arrayOf('hl7v2', content.hl7v2, problems),
    csv: arrayOf('csv', content.csv, problems),
    limits: limitsOf(objectOf('limits', content.limits, problems), problems),
  };
}

function microsoftFile(content: JsonObject, problems: PolicyProblems): PolicyFile {
  unknownKeys('the configuration', content, MICROSOFT_KEYS, problems);
  const version = content.fhirVersion;
  if (version !== undefined && version !== '' && version !== 'R4') {
    problems.error(
      { section: 'file' },
      `fhirVersion must be R4, got ${describe(version)}; other versions are not read`,
    );
  }
  return {
    profile: 'ms-r4-compat',
    fhirPathRules: arrayOf('fhirPathRules', content.fhirPathRules, problems),
    parameters: objectOf('parameters', content.parameters, problems),
    hl7v2: [],
    csv: [],
    limits: DEFAULT_LIMITS,
  };
}

function readObject(file: string): JsonObject {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new Error(`the policy must be a file that can be read, got ${got} for ${file}; check the path`);
  }
  let content: unknown;
  try {
    // Editors on Windows write a byte-order mark, and so do Microsoft's samples.
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`the policy ${file} must be JSON: ${withoutQuote((error as Error).message)}`);
  }
  // What is no policy at all may be records, given in its place: they are not quoted.
  if (!isObject(content)) {
    const got = Array.isArray(content) ? 'an array' : content === null ? 'null' : `a ${typeof content}`;
    throw new Error(`the policy ${file} must be a JSON object, got ${got}`);
  }
  const key = repeatedKey(text);
  if (key !== undefined) throw new Error(`the policy ${file} must have each key once, got "${key}" twice; remove one`);
  return content;
}

/** What a parser says, without the text that it found: `Unexpected token 'x', ..."text"... is not valid JSON`. */
function withoutQuote(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*$/s, '');
}

function limitsOf(given: JsonObject, problems: PolicyProblems): CompiledLimits {
  unknownKeys('limits', given, Object.keys(DEFAULT_LIMITS), problems);
  const limits: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const [name, [least, greatest]] of Object.entries(LIMIT_RANGES)) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= least && value <= greatest)) {
      const must = `limits.${name} must be a number from ${least} to ${greatest}, got ${describe(value)}`;
      problems.error({ section: 'file' }, `${must}; omit it for ${DEFAULT_LIMITS[name as keyof CompiledLimits]}`);
    } else {
      limits[name] = value;
    }
  }
  return limits as unknown as CompiledLimits;
}

function unknownKeys(what: string, content: JsonObject, known: readonly string[], problems: PolicyProblems): void {
  for (const key of Object.keys(content)) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known) || `it takes ${known.join(', ')}`;
    problems.error({ section: 'file' }, `${what} has no "${key}"; ${hint}`);
  }
}

function oneOf<T extends string>(
  what: string,
  value: unknown,
  known: readonly T[],
  otherwise: T,
  problems: PolicyProblems,
): T {
  if (value === undefined) return otherwise;
  const match = known.find((one) => one === value);
  if (match !== undefined) return match;
  const hint = typeof value === 'string' ? didYouMean(value, known) : '';
  const must = `${what} must be one of ${known.join(', ')}, got ${describe(value)}`;
  problems.error({ section: 'file' }, hint === '' ? must : `${must}; ${hint}`);
  return otherwise;
}

function objectOf(what: string, value: unknown, problems: PolicyProblems): JsonObject {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  problems.error({ section: 'file' }, `${what} must be an object, got ${describe(value)}`);
  return {};
}

function arrayOf(what: string, value: unknown, problems: PolicyProblems): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  problems.error({ section: 'file' }, `${what} must be an array of rules, got ${describe(value)}`);
  return [];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of the policy, short enough for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
