import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/*
 * Statements of bucket policies, each a pure function of ARNs. Denies name every principal and may name `s3:*`: a wider
 * deny protects more. Allows spell out action, resource and source.
 */

const ANYONE = () => [new iam.AnyPrincipal()];

/**
 * CDK writes the same deny with the string "false"; some rule packs look for the boolean. Both are one to IAM.
 */
export function denyPlainHttp(bucketArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyPlainHttp',
    effect: iam.Effect.DENY,
    principals: ANYONE(),
    actions: ['s3:*'],
    resources: [bucketArn, `${bucketArn}/*`],
    conditions: { Bool: { 'aws:SecureTransport': false } },
  });
}

/** As CDK writes it for buckets of its own (`minimumTLSVersion`). */
export function denyOldTls(bucketArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyOldTls',
    effect: iam.Effect.DENY,
    principals: ANYONE(),
    actions: ['s3:*'],
    resources: [bucketArn, `${bucketArn}/*`],
    conditions: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
  });
}

/**
 * Denies puts that ask for other encryption than `aws:kms` under `keyArn`, named in full. A put without encryption
 * headers gets the bucket's default, which is that key: hence `Null`, since a negated operator is true where the header is absent.
 */
export function denyWrongEncryption(bucketArn: string, keyArn: string): iam.PolicyStatement[] {
  const deny = (sid: string, conditions: Record<string, Record<string, string>>) =>
    new iam.PolicyStatement({
      sid,
      effect: iam.Effect.DENY,
      principals: ANYONE(),
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/*`],
      conditions,
    });
  const algorithm = 's3:x-amz-server-side-encryption';
  const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  const customerKey = 's3:x-amz-server-side-encryption-customer-algorithm';
  return [
    deny('DenyOtherEncryption', { StringNotEquals: { [algorithm]: 'aws:kms' }, Null: { [algorithm]: 'false' } }),
    deny('DenyOtherKey', { StringNotEquals: { [key]: keyArn }, Null: { [key]: 'false' } }),
    // S3 then takes its own key, `aws/s3`, not the bucket's default.
    deny('DenyKmsWithoutKey', { StringEquals: { [algorithm]: 'aws:kms' }, Null: { [key]: 'true' } }),
    deny('DenyCustomerProvidedKey', { Null: { [customerKey]: 'false' } }),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
export function allowServerAccessLogs(
  scope: Construct,
  logBucketArn: string,
  sourceBucketArns: string[],
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowServerAccessLogs',
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [`${logBucketArn}/*`],
    conditions: {
      ArnEquals: { 'aws:SourceArn': sourceBucketArns },
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    },
  });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
export function allowTrailDelivery(scope: Construct, bucketArn: string, trailArn: string): iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const source = { 'aws:SourceArn': trailArn };
  return [
    new iam.PolicyStatement({
      sid: 'AllowTrailAclCheck',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucketArn],
      conditions: { StringEquals: source },
    }),
    new iam.PolicyStatement({
      sid: 'AllowTrailWrite',
      principals,
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${Stack.of(scope).account}/*`],
      conditions: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
}
