import * as iam from 'aws-cdk-lib/aws-iam';

/*
 * What protects the pseudonym key, the object under `keys/` of the data bucket.
 */

/**
 * Keeps the pseudonym key for its readers: nobody else reads or writes it. Replication has actions of its own, by which
 * S3 reads and writes on behalf of a role.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export function denyKeyObjectToOthers(keyObjectsArn: string, readerArns: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyKeyObjectToOthers',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: [
      's3:GetObject',
      's3:GetObjectVersion',
      's3:GetObjectVersionForReplication',
      's3:PutObject',
      's3:ReplicateObject',
    ],
    resources: [keyObjectsArn],
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': readerArns } },
  });
}

/** A key is made once: a put that could overwrite it is denied to everyone. */
export function denyKeyObjectOverwrite(keyObjectsArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyKeyObjectOverwrite',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [keyObjectsArn],
    conditions: { Null: { 's3:if-none-match': 'true' } },
  });
}

/** A deleted key would be minted anew in silence, and every join between old and new records would break. */
export function denyKeyObjectDeletion(keyObjectsArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyKeyObjectDeletion',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete'],
    resources: [keyObjectsArn],
  });
}
