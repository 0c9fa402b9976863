import * as fs from 'node:fs';
import * as path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { KeptConnection } from './database/kept-connection';
import { Ledger } from './database/ledger';
import { prepareSchema } from './database/schema';
import { ZIP_FILE } from './environment';
import type { PatientRecords } from './handler';
import { readSettings, type DatabaseTarget } from './settings';
import { METRICS_NAMESPACE, PREFIX, pseudonymKeyObject } from '../../src/processing/private/handler-contract';
import { loadPseudonymKey, type ProcessContext } from '../commit';
import { ENGINE, RUNTIME } from '../phi-processor/default-engine';
import { Report, type LogSink } from '../phi-processor/report';
import { S3Store, SSE_S3 } from '../phi-processor/s3-store';
import { readTables } from '../phi-processor/settings';

/**
 * Once per cold start: the settings, the policy and the pseudonym key, or a line in the log that says why not. The
 * database is met with the first row only.
 *
 * @param folder where the files of the zip lie
 */
export async function startPatientRecords(
  env: NodeJS.ProcessEnv,
  folder: string,
  client: S3Client,
  write: LogSink,
): Promise<PatientRecords> {
  const now = () => new Date();
  try {
    const { bucket, incomingPrefix, keysPrefix, outputs, database, ...names } = readSettings(env);
    const tables = readTables(path.join(folder, ZIP_FILE.tables));
    const store = new S3Store(client, bucket, SSE_S3);
    const key = await loadPseudonymKey(store, keysPrefix + pseudonymKeyObject(1).slice(PREFIX.keys.length));
    return {
      bucket,
      incomingPrefix,
      report: new Report(names.metricsNamespace, names.processorName, write, now),
      context: {
        data: store,
        processed: store,
        prefixes: outputs,
        engine: ENGINE,
        tables,
        key,
        runtime: RUNTIME,
        now,
        ...(database && { beforeManifest: rowWriter(database, bucket, folder) }),
      },
    };
  } catch (error) {
    new Report(METRICS_NAMESPACE, '', write, now).failure(error);
    throw error;
  }
}

function rowWriter(target: DatabaseTarget, bucket: string, folder: string): ProcessContext['beforeManifest'] {
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
  const schema = read(ZIP_FILE.schema);
  const connection = new KeptConnection(target, read(ZIP_FILE.databaseCa), async (client) =>
    prepareSchema(client, schema),
  );
  const ledger = new Ledger(connection);
  return async (manifest, manifestKey) => ledger.record(manifest, `s3://${bucket}/${manifestKey}`);
}
