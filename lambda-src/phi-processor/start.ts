import type { S3Client } from '@aws-sdk/client-s3';
import { EXPECTED_KEY_ID_ENV, METRICS_NAMESPACE, PREFIX } from '../../src/processing/private/handler-contract';
import { CommitError } from '../commit';
import { ENGINE, RUNTIME } from './default-engine';
import type { Processor } from './handler';
import { loadPipelineKey } from './pipeline-key';
import { Report, type LogSink } from './report';
import { S3Store } from './s3-store';
import { readSettings, readTables, StartError } from './settings';

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
    requireOwnPrefix(tables.policy.profile, settings.deidentifiedPrefix);
    const data = new S3Store(client, settings.dataBucket, settings.dataKeyArn);
    const processed = new S3Store(client, settings.processedBucket, settings.dataKeyArn);
    const key = await loadPipelineKey(settings, data, client);
    const expected = env[EXPECTED_KEY_ID_ENV];
    if (expected && ENGINE.keyId(key) !== expected) throw new CommitError('KEY_UNEXPECTED');
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

/** Who may read de-identified records may not read a limited data set: the two never share a prefix. */
function requireOwnPrefix(profile: string, prefix: string): void {
  const limited = profile === 'limited-data-set';
  if (limited !== prefix.startsWith(PREFIX.limitedDataSet)) {
    throw new StartError('CONFIG_INVALID', `${PREFIX.limitedDataSet} must be the prefix of limited data sets alone`);
  }
}
