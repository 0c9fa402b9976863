import type { S3Client } from '@aws-sdk/client-s3';
import { METRICS_NAMESPACE, PREFIX, PSEUDONYM_KEY_OBJECT } from '../../src/processing/private/handler-contract';
import { loadPseudonymKey } from '../commit';
import { ENGINE, RUNTIME } from './default-engine';
import type { Processor } from './handler';
import { Report, type LogSink } from './report';
import { S3Store } from './s3-store';
import { readSettings, readTables } from './settings';

/** Once per cold start: the settings, the policy and the pseudonym key, or a line in the log that says why not. */
export async function startProcessor(
  env: NodeJS.ProcessEnv,
  tablesFile: string,
  client: S3Client,
  write: LogSink,
): Promise<Processor> {
  const now = () => new Date();
  try {
    const settings = readSettings(env);
    const tables = readTables(tablesFile);
    const data = new S3Store(client, settings.dataBucket, settings.dataKeyArn);
    const processed = new S3Store(client, settings.processedBucket, settings.dataKeyArn);
    const keyObject = settings.keysPrefix + PSEUDONYM_KEY_OBJECT.slice(PREFIX.keys.length);
    const key = await loadPseudonymKey(data, keyObject);
    return {
      settings,
      report: new Report(settings.metricsNamespace, settings.processorName, write, now),
      context: {
        data,
        processed,
        prefixes: {
          deidentified: settings.deidentifiedPrefix,
          manifests: settings.manifestsPrefix,
          rejected: settings.rejectedPrefix,
        },
        engine: ENGINE,
        tables,
        key,
        runtime: RUNTIME,
        now,
      },
    };
  } catch (error) {
    new Report(METRICS_NAMESPACE, '', write, now).failure(error);
    throw error;
  }
}
