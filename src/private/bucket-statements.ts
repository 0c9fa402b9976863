import { ArnFormat, Stack } from 'aws-cdk-lib';
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

const ALGORITHM = 's3:x-amz-server-side-encryption';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

function denyPuts(bucketArn: string, sid: string, conditions: Record<string, Record<string, string>>) {
  return new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    principals: ANYONE(),
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    conditions,
  });
}

/** A key of the caller's that S3 uses and forgets: nobody else could read the object. */
export function denyCustomerProvidedKey(bucketArn: string): iam.PolicyStatement {
  return denyPuts(bucketArn, 'DenyCustomerProvidedKey', { Null: { [CUSTOMER_ALGORITHM]: 'false' } });
}

/** Denies puts that ask for other encryption than `algorithm`. A put that asks for none gets the bucket's default. */
function denyOtherAlgorithm(bucketArn: string, algorithm: string): iam.PolicyStatement {
  return denyPuts(bucketArn, 'DenyOtherEncryption', {
    StringNotEquals: { [ALGORITHM]: algorithm },
    Null: { [ALGORITHM]: 'false' },
  });
}

/** For a bucket under keys of S3 (SSE-S3). */
export function denyOtherThanS3Keys(bucketArn: string): iam.PolicyStatement[] {
  return [denyOtherAlgorithm(bucketArn, 'AES256'), denyCustomerProvidedKey(bucketArn)];
}

/**
 * Denies puts that ask for other encryption than `aws:kms` under `keyArn`, named in full. A put without encryption
 * headers gets the bucket's default, which is that key: hence `Null`, since a negated operator is true where the header is absent.
 */
export function denyWrongEncryption(bucketArn: string, keyArn: string): iam.PolicyStatement[] {
  const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  return [
    denyOtherAlgorithm(bucketArn, 'aws:kms'),
    denyPuts(bucketArn, 'DenyOtherKey', { StringNotEquals: { [key]: keyArn }, Null: { [key]: 'false' } }),
    // S3 then takes its own key, `aws/s3`, not the bucket's default.
    denyPuts(bucketArn, 'DenyKmsWithoutKey', { StringEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [key]: 'true' } }),
    denyCustomerProvidedKey(bucketArn),
  ];
}

/** What destroys records, or the means to get them back. */
const DESTRUCTION = ['s3:DeleteObjectVersion', 's3:PutBucketVersioning', 's3:PutLifecycleConfiguration'];

/**
 * What needs a second factor. Only long-term credentials and sessions made with a factor carry the context key: absent
 * counts as false. The account's root is exempt, since MFA delete is turned on by root's own command, whose MFA is a
 * header of the request.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
 */
export function withoutMfa(scope: Construct): Record<string, Record<string, unknown>> {
  const root = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'root',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return {
    BoolIfExists: { 'aws:MultiFactorAuthPresent': false },
    ArnNotEquals: { 'aws:PrincipalArn': root },
  };
}

/** Denies deleting versions, suspending versioning and setting a lifecycle to everyone who came without a second factor. */
export function denyDestructionWithoutMfa(scope: Construct, bucketArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyDestructionWithoutMfa',
    effect: iam.Effect.DENY,
    principals: ANYONE(),
    actions: DESTRUCTION,
    resources: [bucketArn, `${bucketArn}/*`],
    conditions: withoutMfa(scope),
  });
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
