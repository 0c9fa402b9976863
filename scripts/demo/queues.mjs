import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';

import { ACCOUNT, REGION } from '../local-aws/environment.mjs';

/** The pipeline's queue and its dead-letter queue, told apart by the redrive policy. */
export async function findQueues(clients, pipeline) {
  const urls = pipeline.resources.filter((item) => item.ResourceType === 'AWS::SQS::Queue');
  const queues = await Promise.all(
    urls.map(async ({ PhysicalResourceId: url }) => ({ url, ...(await attributes(clients, url)) })),
  );
  const queue =
    queues.find((item) => item.RedrivePolicy && item.url.includes('-processing-')) ??
    queues.find((item) => item.RedrivePolicy);
  const redrive = JSON.parse(queue.RedrivePolicy);
  const deadLetters = queues.find((item) => item.QueueArn === redrive.deadLetterTargetArn);
  return { queue, deadLetters, maxReceiveCount: Number(redrive.maxReceiveCount) };
}

async function attributes(clients, url) {
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return Attributes;
}

/** Messages waiting and messages in flight. */
export async function depth(clients, queue) {
  const found = await attributes(clients, queue.url);
  return {
    waiting: Number(found.ApproximateNumberOfMessages),
    inFlight: Number(found.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Makes failed messages come back sooner; on AWS the queue keeps six times the function's timeout. */
export async function shortenVisibility(clients, queue, seconds) {
  const Attributes = { VisibilityTimeout: String(seconds) };
  await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes }));
}

/** Looks at one message and lets it be seen again at once. */
export async function peek(clients, queue) {
  const { Messages } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      VisibilityTimeout: 0,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages?.[0];
}

/** Sends the event of an object as EventBridge sends it, with the version id that AWS puts in it. */
export async function sendEvent(clients, queue, pipeline, source) {
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [`arn:aws:s3:::${pipeline.dataBucket}`],
    detail: {
      version: '0',
      bucket: { name: pipeline.dataBucket },
      object: { key: source.key, size: source.size, etag: source.eTag, 'version-id': source.versionId },
      reason: 'PutObject',
    },
  };
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(event) }));
}
