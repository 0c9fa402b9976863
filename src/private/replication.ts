import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { PhiReplica } from '../phi-replica';
import { acknowledge, declareOpenItem, declareWildcard } from './declarations';
import type { Names } from './naming';

const REPLICATION_RULE = 'HIPAA.Security-S3BucketReplicationEnabled';

export interface ReplicationSource {
  readonly bucketArn: string;
  readonly key: kms.IKey;
}

/**
 * Makes the role by which S3 copies objects of `sources` to the replica.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
function createReplicationRole(
  scope: Construct,
  type: string,
  names: Names,
  replica: PhiReplica,
  sources: ReplicationSource[],
): iam.Role {
  const bucketArns = sources.map((source) => source.bucketArn);
  const policy = new iam.ManagedPolicy(scope, 'ReplicationPolicy', {
    managedPolicyName: names.global(type),
    statements: [
      new iam.PolicyStatement({
        sid: 'ReadReplicationConfiguration',
        actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        resources: bucketArns,
      }),
      new iam.PolicyStatement({
        sid: 'ReadVersionsToReplicate',
        actions: [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          's3:GetObjectRetention',
          's3:GetObjectLegalHold',
        ],
        resources: bucketArns.map((arn) => `${arn}/*`),
      }),
      new iam.PolicyStatement({
        sid: 'WriteReplicas',
        actions: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
        resources: [replica.bucket.arnForObjects('*')],
      }),
      new iam.PolicyStatement({
        sid: 'DecryptSources',
        actions: ['kms:Decrypt'],
        resources: [...new Set(sources.map((source) => source.key.keyArn))],
      }),
      new iam.PolicyStatement({
        sid: 'EncryptReplicas',
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [replica.key.keyArn],
      }),
    ],
  });
  const reason = 'object keys are not known in advance: every object of a named bucket is the narrowest form';
  declareWildcard(policy, 'ReadVersionsToReplicate', reason);
  declareWildcard(policy, 'WriteReplicas', reason);
  return new iam.Role(scope, 'ReplicationRole', {
    roleName: names.global(type),
    assumedBy: new iam.ServicePrincipal('s3.amazonaws.com'),
    managedPolicies: [policy],
  });
}

/** What a bucket is to say of its copies; nothing without a replica. */
export type Replicate = (prefixes: string[]) => s3.CfnBucket.ReplicationConfigurationProperty | undefined;

/** Makes the one role that copies `sources`, where there is a replica, and gives what their buckets say of it. */
export function createReplication(
  scope: Construct,
  type: string,
  names: Names,
  replica: PhiReplica | undefined,
  sources: ReplicationSource[],
): Replicate {
  if (!replica) return () => undefined;
  const role = createReplicationRole(scope, type, names, replica, sources);
  return (prefixes) => replicationConfiguration(role, replica, prefixes);
}

/** @param prefixes one rule each; `['']` copies the whole bucket */
function replicationConfiguration(
  role: iam.IRole,
  replica: PhiReplica,
  prefixes: string[],
): s3.CfnBucket.ReplicationConfigurationProperty {
  return {
    role: role.roleArn,
    rules: prefixes.map((prefix, index) => ({
      id: `replica-${index}`,
      status: 'Enabled',
      priority: index,
      filter: { prefix },
      deleteMarkerReplication: { status: 'Disabled' },
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
      destination: {
        bucket: replica.bucket.bucketArn,
        encryptionConfiguration: { replicaKmsKeyId: replica.key.keyArn },
        ...(replica.account && { account: replica.account, accessControlTranslation: { owner: 'Destination' } }),
      },
    })),
  };
}

/** Without a replica the rule of the pack cannot hold, and a safeguard stands open. */
export function declareNoReplica(part: Construct, buckets: s3.IBucket[]): void {
  for (const bucket of buckets) {
    acknowledge(
      bucket,
      REPLICATION_RULE,
      'no replica was given: replication needs a bucket outside this stack; the evidence shows it as open',
    );
  }
  declareOpenItem(part, {
    id: 'no-replica',
    controls: ['164.308(a)(7)(ii)(A)', '164.308(a)(7)(ii)(B)'],
    what: 'objects have versions but no copy outside this account and region',
    close: 'give `replica` a versioned bucket and its key, best in another region',
  });
}
