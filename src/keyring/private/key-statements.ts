import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/*
 * Key-policy statements for the services that encrypt on the pipeline's behalf. CDK writes none of them, or writes
 * them without a condition. `*` as resource means "this key": a key policy knows no other form.
 */

/** Sid of the statement by which the account's IAM policies decide over a key. */
export const ACCOUNT_SID = 'AccountPoliciesDecide';

/**
 * AWS's own default for a key policy: without it a key can become unmanageable.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function accountPoliciesDecide(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: ACCOUNT_SID,
    principals: [new iam.AccountRootPrincipal()],
    actions: ['kms:*'],
    resources: ['*'],
  });
}

/**
 * AWS's page grants `Encrypt*`, `Decrypt*`, `ReEncrypt*`, `GenerateDataKey*` and `Describe*`; spelled out here.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logGroups(scope: Construct, logGroupArns: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'CloudWatchLogs',
    // The principal of this service carries region and suffix: `logs.cn-north-1.amazonaws.com.cn`.
    principals: [new iam.ServicePrincipal(`logs.${Stack.of(scope).region}.${Stack.of(scope).urlSuffix}`)],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    resources: ['*'],
    conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': logGroupArns } },
  });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export function trails(trailArns: string[]): iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  return [
    new iam.PolicyStatement({
      sid: 'CloudTrailEncrypt',
      principals,
      actions: ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceArn': trailArns, 'kms:EncryptionContext:aws:cloudtrail:arn': trailArns },
      },
    }),
    new iam.PolicyStatement({
      // CloudTrail decrypts because the trail's bucket has a bucket key.
      sid: 'CloudTrailDescribeAndBucketKey',
      principals,
      actions: ['kms:DescribeKey', 'kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceArn': trailArns } },
    }),
  ];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html */
export function eventRules(ruleArns: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'EventBridgeToQueue',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { ArnEquals: { 'aws:SourceArn': ruleArns } },
  });
}

/** Without it an alarm fires and nobody hears it. @see https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns */
export function alarms(scope: Construct): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'CloudWatchAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/** S3 delivers server access logs with its own principal. */
export function serverAccessLogs(scope: Construct): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'S3ServerAccessLogs',
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}
