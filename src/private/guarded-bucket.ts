import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { denyPlainHttp } from './bucket-statements';
import type { Deletion } from './deletion';

export interface GuardedBucketSpec {
  readonly name: string;
  /** Customer-managed key; keys of S3 when left out. */
  readonly key?: kms.IKey;
  readonly lifecycleRules: s3.LifecycleRule[];
  readonly accessLogs?: { readonly bucket: s3.IBucket; readonly prefix: string };
  readonly objectLockRetention?: s3.ObjectLockRetention;
  readonly replication?: s3.CfnBucket.ReplicationConfigurationProperty;
  readonly deletion: Deletion;
}

/** A bucket with the guards that every bucket of the library has, whatever it holds. */
export function createGuardedBucket(scope: Construct, id: string, spec: GuardedBucketSpec): s3.Bucket {
  const bucket = new s3.Bucket(scope, id, {
    bucketName: spec.name,
    ...(spec.key
      ? { encryption: s3.BucketEncryption.KMS, encryptionKey: spec.key, bucketKeyEnabled: true }
      : { encryption: s3.BucketEncryption.S3_MANAGED }),
    versioned: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: spec.lifecycleRules,
    objectLockDefaultRetention: spec.objectLockRetention,
    removalPolicy: spec.deletion.policy,
  });
  bucket.addToResourcePolicy(denyPlainHttp(bucket.bucketArn));
  // A retained bucket without its policy would be an unguarded one.
  bucket.policy?.applyRemovalPolicy(spec.deletion.policy);

  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.replicationConfiguration = spec.replication;
  if (spec.accessLogs) {
    // The L2's prop throws with ACLs off unless the app sets a feature flag, which a library cannot.
    resource.loggingConfiguration = {
      destinationBucketName: spec.accessLogs.bucket.bucketName,
      logFilePrefix: spec.accessLogs.prefix,
    };
    if (spec.accessLogs.bucket.policy) bucket.node.addDependency(spec.accessLogs.bucket.policy);
  }
  return bucket;
}

/** By name, so that policies and buckets do not wait for each other. */
export function bucketArnOf(scope: Construct, bucketName: string): string {
  return Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
}
