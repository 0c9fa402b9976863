/**
 * The contract between the infrastructure and the function's code, shared by both sides. A team's own function
 * (`ProcessorCode.fromAsset`) is started under the same contract.
 */

import { PREFIX } from '../../private/prefixes';

export { PREFIX };

/** Names of the environment variables that every processor gets. */
export const PROCESSOR_ENV = {
  /** Name of the bucket that receives records (PHI). */
  dataBucket: 'DATA_BUCKET',
  /** Name of the bucket that receives results. */
  processedBucket: 'PROCESSED_BUCKET',
  /** ARN of the customer-managed key that encrypts both buckets. */
  dataKeyArn: 'DATA_KEY_ARN',
  /** Prefix in the data bucket under which new objects start the processor. */
  incomingPrefix: 'INCOMING_PREFIX',
  /** Prefix in the data bucket for rejected records. */
  rejectedPrefix: 'REJECTED_PREFIX',
  /** Where the pipeline's pseudonym key comes from: one of `KEY_SOURCE`. */
  keySource: 'PSEUDONYM_KEY_SOURCE',
  /** Key of the object in the data bucket, ARN of the HMAC key, or ARN of the secret. */
  keyName: 'PSEUDONYM_KEY',
  /** Prefix in the processed bucket for results: de-identified records, or a limited data set. */
  deidentifiedPrefix: 'DEIDENTIFIED_PREFIX',
  /** Prefix in the processed bucket for manifests. */
  manifestsPrefix: 'MANIFESTS_PREFIX',
  /** CloudWatch namespace of the processor's metrics. */
  metricsNamespace: 'METRICS_NAMESPACE',
  /** Value of the `Processor` dimension: the function's name. */
  processorName: 'PROCESSOR_NAME',
} as const;

/** Id that the pseudonym key must have, where the team named one: its environment variable. */
export const EXPECTED_KEY_ID_ENV = 'PSEUDONYM_KEY_ID';

/** Where the pipeline's 256-bit pseudonym key comes from. */
export const KEY_SOURCE = {
  /** An object under `keys/` of the data bucket, made by the first run. */
  object: 'object',
  /** `GenerateMac` of a KMS HMAC key over `KMS_KEY_MESSAGE`. */
  kmsHmac: 'kms-hmac',
  /** 64 hex digits in a secret. */
  secret: 'secret',
} as const;

/** What the KMS HMAC key authenticates, to give the pseudonym key: a text that nobody has another reason to send. */
export const KMS_KEY_MESSAGE = 'cdk-hipaa-pipeline/v1/pseudonym-key';
export const KMS_MAC_ALGORITHM = 'HMAC_SHA_256';

/** The object that holds a generation of the managed pseudonym key; names sort in the order that they were made in. */
export function pseudonymKeyObject(generation: number): string {
  const first = `${PREFIX.keys}pseudonym-key`;
  return generation === 1 ? first : `${first}-${String(generation).padStart(4, '0')}`;
}

export const METRICS_NAMESPACE = 'HipaaPipeline';

/** Metrics that the processor emits (embedded metric format), dimension sets `[Processor]` and `[Processor, Format]`. */
export enum ProcessorMetric {
  OBJECTS_PROCESSED = 'ObjectsProcessed',
  OBJECTS_DUPLICATE = 'ObjectsDuplicate',
  OBJECTS_FAILED = 'ObjectsFailed',
  RECORDS_READ = 'RecordsRead',
  RECORDS_WRITTEN = 'RecordsWritten',
  RECORDS_REJECTED = 'RecordsRejected',
  FIELDS_REDACTED = 'FieldsRedacted',
  FIELDS_HASHED = 'FieldsHashed',
  BYTES_IN = 'BytesIn',
  BYTES_OUT = 'BytesOut',
  DURATION_MS = 'DurationMs',
  DEADLINE_REMAINING_MS = 'DeadlineRemainingMs',
}
