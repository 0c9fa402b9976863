import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ARN, NAME, PREFIXES } from './names';
import { keep, type Variant } from './variant';
import {
  allowServerAccessLogs,
  denyCustomerProvidedKey,
  denyDestructionWithoutMfa,
  denyOldTls,
  denyOtherThanS3Keys,
  denyPlainHttp,
} from '../../src/private/bucket-statements';
import {
  denyKeyObjectDeletion,
  denyKeyObjectOverwrite,
  denyKeyObjectToOthers,
} from '../../src/storage/private/key-object-statements';

/** What every bucket has: versions, keys of S3, no public access, no ACLs. No lifecycle: MFA delete refuses one. */
const GUARDS: s3.CfnBucketProps = {
  versioningConfiguration: { status: 'Enabled' },
  bucketEncryption: {
    serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  },
  publicAccessBlockConfiguration: {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
  ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
};

export interface AccessLogs {
  readonly bucket: s3.CfnBucket;
  readonly policy: s3.CfnBucketPolicy;
}

export function createAccessLogBucket(stack: Stack, variant: Variant): AccessLogs {
  const bucket = new s3.CfnBucket(stack, 'AccessLogBucket', { bucketName: NAME.accessLogBucket, ...GUARDS });
  const policy = new s3.CfnBucketPolicy(stack, 'AccessLogBucketPolicy', {
    bucket: bucket.ref,
    policyDocument: new iam.PolicyDocument({
      statements: [
        ...guard(stack, bucket.attrArn, variant),
        denyCustomerProvidedKey(bucket.attrArn),
        allowServerAccessLogs(stack, bucket.attrArn, [ARN.recordsBucket]),
      ],
    }),
  });
  keep(variant, bucket, policy);
  return { bucket, policy };
}

export interface RecordsBucketSpec {
  readonly accessLogs: AccessLogs;
  readonly processorArn: string;
  readonly variant: Variant;
}

/** One bucket for records and results. A new object under `incoming/` starts the processor, which writes elsewhere. */
export function createRecordsBucket(stack: Stack, spec: RecordsBucketSpec): s3.CfnBucket {
  const { variant } = spec;
  const bucket = new s3.CfnBucket(stack, 'RecordsBucket', {
    bucketName: NAME.recordsBucket,
    ...GUARDS,
    loggingConfiguration: { destinationBucketName: spec.accessLogs.bucket.ref, logFilePrefix: 'records/' },
    notificationConfiguration: {
      lambdaConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          function: spec.processorArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: PREFIXES.incoming }] } },
        },
      ],
    },
  });
  // Logs are delivered from the first request on.
  bucket.addResourceDependency(spec.accessLogs.policy);
  const keyObjects = `${bucket.attrArn}/${PREFIXES.keys}*`;
  const policy = new s3.CfnBucketPolicy(stack, 'RecordsBucketPolicy', {
    bucket: bucket.ref,
    policyDocument: new iam.PolicyDocument({
      statements: [
        ...guard(stack, bucket.attrArn, variant),
        ...denyOtherThanS3Keys(bucket.attrArn),
        denyKeyObjectToOthers(keyObjects, [ARN.processorRole]),
        denyKeyObjectOverwrite(keyObjects),
        // A test stack must be emptied, its key included.
        ...(variant.retain ? [denyKeyObjectDeletion(keyObjects)] : []),
      ],
    }),
  });
  keep(variant, bucket, policy);
  return bucket;
}

function guard(stack: Stack, bucketArn: string, { retain }: Variant): iam.PolicyStatement[] {
  return [
    denyPlainHttp(bucketArn),
    denyOldTls(bucketArn),
    ...(retain ? [denyDestructionWithoutMfa(stack, bucketArn)] : []),
  ];
}
