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
  /** Prefix in the data bucket that holds the pipeline's pseudonym key. */
  keysPrefix: 'KEYS_PREFIX',
  /** Prefix in the processed bucket for de-identified records. */
  deidentifiedPrefix: 'DEIDENTIFIED_PREFIX',
  /** Prefix in the processed bucket for manifests. */
  manifestsPrefix: 'MANIFESTS_PREFIX',
  /** CloudWatch namespace of the processor's metrics. */
  metricsNamespace: 'METRICS_NAMESPACE',
  /** Value of the `Processor` dimension: the function's name. */
  processorName: 'PROCESSOR_NAME',
} as const;

/** The object under `keys/` that holds the pipeline's 256-bit pseudonym key. */
export const PSEUDONYM_KEY_OBJECT = `${PREFIX.keys}pseudonym-key`;

export const METRICS_NAMESPACE = 'HipaaPipeline';

/** Metrics that the processor emits (embedded metric format), dimension sets `[Processor]` and `[Processor, Format]`. */
export const PROCESSOR_METRIC = {
  objectsProcessed: 'ObjectsProcessed',
  objectsDuplicate: 'ObjectsDuplicate',
  objectsFailed: 'ObjectsFailed',
  recordsRead: 'RecordsRead',
  recordsWritten: 'RecordsWritten',
  recordsRejected: 'RecordsRejected',
  fieldsRedacted: 'FieldsRedacted',
  fieldsHashed: 'FieldsHashed',
  bytesIn: 'BytesIn',
  bytesOut: 'BytesOut',
  durationMs: 'DurationMs',
  deadlineRemainingMs: 'DeadlineRemainingMs',
} as const;
