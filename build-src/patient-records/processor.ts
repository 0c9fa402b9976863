import { Fn, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Choices } from './choices';
import { environmentOf } from './environment';
import { ARN, NAME } from './names';
import { keep, type Variant } from './variant';

const FOURTEEN_DAYS = 14 * 24 * 60 * 60;
const SIX_HOURS = 6 * 60 * 60;

/** Keeps the events of what could not be processed: they hold object keys, which may hold names. */
export function createFailureQueue(stack: Stack, key: kms.CfnKey, variant: Variant): sqs.CfnQueue {
  const queue = new sqs.CfnQueue(stack, 'FailureQueue', {
    queueName: NAME.failureQueue,
    kmsMasterKeyId: key.attrArn,
    messageRetentionPeriod: FOURTEEN_DAYS,
  });
  const policy = new sqs.CfnQueuePolicy(stack, 'FailureQueuePolicy', {
    queues: [queue.ref],
    policyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'DenyPlainHttp',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['sqs:*'],
          resources: [queue.attrArn],
          conditions: { Bool: { 'aws:SecureTransport': false } },
        }),
      ],
    }),
  });
  keep(variant, queue, policy);
  return queue;
}

/** Ours, before Lambda makes one that is not encrypted and never expires. */
export function createLogGroup(stack: Stack, key: kms.CfnKey, variant: Variant): logs.CfnLogGroup {
  const logGroup = new logs.CfnLogGroup(stack, 'LogGroup', {
    logGroupName: NAME.logGroup,
    kmsKeyId: key.attrArn,
    retentionInDays: 90,
  });
  keep(variant, logGroup);
  return logGroup;
}

export interface ProcessorSpec {
  readonly choices: Choices;
  readonly key: kms.CfnKey;
  readonly role: iam.CfnRole;
  readonly failureQueue: sqs.CfnQueue;
  readonly logGroup: logs.CfnLogGroup;
  readonly securityGroupId: string;
}

export function createProcessor(stack: Stack, spec: ProcessorSpec): lambda.CfnFunction {
  const { choices, key, role, failureQueue, logGroup } = spec;
  const fn = new lambda.CfnFunction(stack, 'Processor', {
    functionName: NAME.function,
    description: 'De-identifies new patient records',
    code: { s3Bucket: Fn.ref('CodeBucket'), s3Key: Fn.ref('CodeKey') },
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    architectures: ['arm64'],
    memorySize: 1024,
    timeout: 300,
    role: role.attrArn,
    kmsKeyArn: key.attrArn,
    environment: { variables: environmentOf(choices) },
    deadLetterConfig: { targetArn: failureQueue.attrArn },
    loggingConfig: { logGroup: logGroup.ref },
  });
  const unlessLeftOut = (id: string, value: unknown) => Fn.conditionIf(id, value, Fn.ref('AWS::NoValue'));
  fn.addPropertyOverride(
    'ReservedConcurrentExecutions',
    unlessLeftOut(choices.reservesConcurrency.logicalId, Fn.ref('ReservedConcurrentExecutions')),
  );
  fn.addPropertyOverride(
    'VpcConfig',
    unlessLeftOut(choices.hasVpc.logicalId, {
      SubnetIds: Fn.split(',', Fn.ref('SubnetIds')),
      SecurityGroupIds: [spec.securityGroupId],
    }),
  );
  new lambda.CfnEventInvokeConfig(stack, 'Retries', {
    functionName: fn.ref,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: SIX_HOURS,
  });
  return fn;
}

/** Lets S3 start the function, for one bucket of one account. */
export function permitNotifications(stack: Stack, processor: lambda.CfnFunction): lambda.CfnPermission {
  return new lambda.CfnPermission(stack, 'NotificationPermission', {
    functionName: processor.ref,
    action: 'lambda:InvokeFunction',
    principal: 's3.amazonaws.com',
    sourceArn: ARN.recordsBucket,
    sourceAccount: stack.account,
  });
}
