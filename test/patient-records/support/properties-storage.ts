import { lacking, unless } from './compare';
import { ACCOUNT, type Deployment, type Properties } from './deploy';
import type { Places } from './places';

const GUARDS = {
  VersioningConfiguration: { Status: 'Enabled' },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  // MFA delete refuses a bucket with a lifecycle.
  LifecycleConfiguration: undefined,
};

const of = ({ resources }: Deployment, id: string): Properties | undefined => resources[id]?.properties;

/** B1 B3 B10 B13: both buckets, and what the records bucket starts. */
export function storageProperties(deployment: Deployment, suffix: string, { fn }: Places): string[] {
  const records = of(deployment, 'RecordsBucket');
  const logs = of(deployment, 'AccessLogBucket');
  return [
    ...lacking('B1 records bucket', records, {
      ...GUARDS,
      BucketName: `patient-records-${ACCOUNT}-${suffix}`,
      LoggingConfiguration: { DestinationBucketName: logs?.BucketName, LogFilePrefix: 'records/' },
    }),
    ...lacking('B13 access-log bucket', logs, { ...GUARDS, BucketName: `patient-records-logs-${ACCOUNT}-${suffix}` }),
    ...lacking('B3 notification', records, {
      NotificationConfiguration: {
        LambdaConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'incoming/' }] } },
            Function: fn,
          },
        ],
      },
    }),
  ];
}

/** B3: what the function writes starts nothing. */
export function noLoop(deployment: Deployment): string[] {
  const environment = (of(deployment, 'Processor')?.Environment as Properties | undefined)?.Variables as Record<
    string,
    string
  >;
  const written = ['REJECTED_PREFIX', 'KEYS_PREFIX', 'DEIDENTIFIED_PREFIX', 'MANIFESTS_PREFIX'];
  return written.flatMap((name) =>
    unless(
      /^[a-z]+\/([a-z]+\/)?$/.test(environment?.[name] ?? '') && !environment[name].startsWith('incoming/'),
      `B3 ${name} starts the function`,
    ),
  );
}
