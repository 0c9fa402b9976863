import { PATIENT_RECORDS_ENV as ENV } from './environment';
import type { OutputPrefixes } from '../commit/run-identity';
import { StartError } from '../phi-processor/settings';

/** The environment, read and checked. */
export interface PatientRecordsSettings {
  readonly bucket: string;
  readonly incomingPrefix: string;
  readonly keysPrefix: string;
  readonly outputs: OutputPrefixes;
  readonly metricsNamespace: string;
  readonly processorName: string;
  readonly database?: DatabaseTarget;
}

export interface DatabaseTarget {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** Values stay out of every message: some are credentials. */
export function readSettings(env: NodeJS.ProcessEnv): PatientRecordsSettings {
  const settings = {
    bucket: required(env, ENV.recordsBucket),
    incomingPrefix: prefix(env, ENV.incomingPrefix),
    keysPrefix: prefix(env, ENV.keysPrefix),
    outputs: {
      deidentified: prefix(env, ENV.deidentifiedPrefix),
      manifests: prefix(env, ENV.manifestsPrefix),
      rejected: prefix(env, ENV.rejectedPrefix),
    },
    metricsNamespace: required(env, ENV.metricsNamespace),
    processorName: required(env, ENV.processorName),
  };
  const { incomingPrefix, keysPrefix, outputs } = settings;
  refuseOverlap([incomingPrefix, keysPrefix, ...Object.values(outputs)]);
  return env[ENV.databaseHost] ? { ...settings, database: readDatabase(env) } : settings;
}

function readDatabase(env: NodeJS.ProcessEnv): DatabaseTarget {
  const host = required(env, ENV.databaseHost);
  // A path would be a socket of this machine, and no certificate would be asked for.
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)) refuse(ENV.databaseHost, 'be a host name');
  const port = Number(env[ENV.databasePort] || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65535) refuse(ENV.databasePort, 'be a port from 1 to 65535');
  return {
    host,
    port,
    name: required(env, ENV.databaseName),
    user: required(env, ENV.databaseUser),
    password: required(env, ENV.databasePassword),
  };
}

function prefix(env: NodeJS.ProcessEnv, variable: string): string {
  const value = required(env, variable);
  return /^[^/].*\/$/.test(value) ? value : refuse(variable, 'end in a slash, and not begin with one');
}

function required(env: NodeJS.ProcessEnv, variable: string): string {
  return env[variable] || refuse(variable, 'be set');
}

/** One bucket holds them all: a result under the incoming prefix would start the function again, for ever. */
function refuseOverlap(prefixes: readonly string[]): void {
  prefixes.forEach((one, index) => {
    if (prefixes.some((other, at) => at !== index && other.startsWith(one))) {
      throw new StartError('CONFIG_INVALID', 'no prefix may lie within another one');
    }
  });
}

function refuse(variable: string, must: string): never {
  throw new StartError('CONFIG_INVALID', `environment variable ${variable} must ${must}`);
}
