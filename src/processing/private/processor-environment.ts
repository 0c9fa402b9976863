import { EXPECTED_KEY_ID_ENV, METRICS_NAMESPACE, PREFIX, PROCESSOR_ENV } from './handler-contract';
import type { IHipaaKeyring } from '../../keyring/hipaa-keyring';
import type { IPhiBucketSet } from '../../storage/phi-bucket-set';

export interface ProcessorEnvironmentSpec {
  readonly buckets: IPhiBucketSet;
  readonly keyring: IHipaaKeyring;
  readonly functionName: string;
  readonly resultsPrefix: string;
  /** Where the pseudonym key comes from. */
  readonly key: { readonly source: string; readonly name: string; readonly expectedKeyId?: string };
}

/** What every processor finds in its environment, a team's own function included. */
export function processorEnvironment(spec: ProcessorEnvironmentSpec): Record<string, string> {
  const { buckets, keyring, functionName, resultsPrefix, key } = spec;
  return {
    [PROCESSOR_ENV.dataBucket]: buckets.dataBucket.bucketName,
    [PROCESSOR_ENV.processedBucket]: buckets.processedBucket.bucketName,
    [PROCESSOR_ENV.dataKeyArn]: keyring.dataKey.keyArn,
    [PROCESSOR_ENV.incomingPrefix]: PREFIX.incoming,
    [PROCESSOR_ENV.rejectedPrefix]: PREFIX.rejected,
    [PROCESSOR_ENV.keySource]: key.source,
    [PROCESSOR_ENV.keyName]: key.name,
    ...(key.expectedKeyId && { [EXPECTED_KEY_ID_ENV]: key.expectedKeyId }),
    [PROCESSOR_ENV.deidentifiedPrefix]: resultsPrefix,
    [PROCESSOR_ENV.manifestsPrefix]: PREFIX.manifests,
    [PROCESSOR_ENV.metricsNamespace]: METRICS_NAMESPACE,
    [PROCESSOR_ENV.processorName]: functionName,
  };
}
