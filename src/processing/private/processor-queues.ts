import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Deletion } from '../../private/deletion';
import type { Names } from '../../private/naming';

/** AWS's advice: a message stays hidden for six times the function's timeout. */
const VISIBILITY_TIMEOUTS = 6;

export interface ProcessorQueues {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
}

export interface ProcessorQueuesSpec {
  readonly names: Names;
  /** Bodies hold object keys, which may hold names: the data key. */
  readonly key: kms.IKey;
  readonly timeout: Duration;
  readonly maxReceiveCount: number;
  readonly deletion: Deletion;
}

export function createQueues(scope: Construct, spec: ProcessorQueuesSpec): ProcessorQueues {
  const encrypted = {
    encryption: sqs.QueueEncryption.KMS,
    encryptionMasterKey: spec.key,
    enforceSSL: true,
    removalPolicy: spec.deletion.policy,
  };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', {
    queueName: spec.names.regional('dead-letters'),
    retentionPeriod: Duration.days(14),
    ...encrypted,
  });
  const queue = new sqs.Queue(scope, 'Queue', {
    queueName: spec.names.regional('objects'),
    retentionPeriod: Duration.days(14),
    visibilityTimeout: Duration.seconds(spec.timeout.toSeconds() * VISIBILITY_TIMEOUTS),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: spec.maxReceiveCount },
    ...encrypted,
  });
  for (const made of [queue, deadLetterQueue]) {
    // A retained queue without its policy would accept plain HTTP. `enforceSSL` made the policy.
    (made.node.findChild('Policy') as sqs.QueuePolicy).applyRemovalPolicy(spec.deletion.policy);
  }
  return { queue, deadLetterQueue };
}

export interface ObjectRuleSpec extends ProcessorQueues {
  readonly ruleName: string;
  readonly ruleArn: string;
  readonly bucketName: string;
  readonly prefix: string;
}

/**
 * Sends "Object Created" events of one bucket and prefix to the queue; what cannot be delivered goes to the dead-letter
 * queue in the same shape, so that both can be replayed.
 *
 * The L1, since the L2's queue target grants EventBridge the key without a source.
 */
export function createObjectRule(scope: Construct, spec: ObjectRuleSpec): events.CfnRule {
  for (const queue of [spec.queue, spec.deadLetterQueue]) {
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowObjectEvents',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': spec.ruleArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
        },
      }),
    );
  }
  return new events.CfnRule(scope, 'ObjectCreatedRule', {
    name: spec.ruleName,
    description: 'New objects under the incoming prefix',
    state: 'ENABLED',
    eventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [spec.bucketName] }, object: { key: [{ prefix: spec.prefix }] } },
    },
    targets: [{ id: 'Queue', arn: spec.queue.queueArn, deadLetterConfig: { arn: spec.deadLetterQueue.queueArn } }],
  });
}
