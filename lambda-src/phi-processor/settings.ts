import * as fs from 'node:fs';
import {
  TABLES_VERSION,
  type CompiledTables,
  type ProfileName,
} from '../../src/deidentification/private/compiled-tables';
import { PROCESSOR_ENV } from '../../src/processing/private/handler-contract';

const PROFILES: readonly ProfileName[] = ['safe-harbor', 'limited-data-set', 'ms-r4-compat', 'validate-only'];

export type Settings = Readonly<Record<keyof typeof PROCESSOR_ENV, string>>;

/** The function cannot start like this, and another delivery would not mend it. */
export class StartError extends Error {
  constructor(
    public readonly code: 'CONFIG_INVALID' | 'POLICY_INVALID',
    what: string,
  ) {
    super(`${code}: ${what}`);
    this.name = 'StartError';
  }
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const entries = Object.entries(PROCESSOR_ENV).map(([name, variable]) => {
    const value = env[variable];
    if (!value) throw new StartError('CONFIG_INVALID', `environment variable ${variable} must be set`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Settings;
}

/** Reads the policy's tables, and refuses those that this engine would not understand. */
export function readTables(file: string): CompiledTables {
  const tables = parseTables(file);
  if (tables?.version !== TABLES_VERSION) {
    throw new StartError('POLICY_INVALID', `version of the tables must be ${TABLES_VERSION}`);
  }
  const { profile, sha256 } = tables.policy ?? {};
  if (!PROFILES.includes(profile)) {
    throw new StartError('POLICY_INVALID', `profile must be one of ${PROFILES.join(', ')}`);
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new StartError('POLICY_INVALID', 'the tables must name their hash');
  return tables;
}

function parseTables(file: string): CompiledTables | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    throw new StartError('POLICY_INVALID', 'tables.json beside the function must be readable JSON');
  }
}
