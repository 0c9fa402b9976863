import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';

import { ACCOUNT, REGION } from '../local-aws/environment.mjs';

/** How often the queue delivers a message before it gives up. */
export async function maxReceiveCount(clients, queueUrl) {
  return Number(JSON.parse((await attributes(clients, queueUrl)).RedrivePolicy).maxReceiveCount);
}

async function attributes(clients, url) {
  const query = { QueueUrl: url, AttributeNames: ['All'] };
  return (await clients.sqs.send(new GetQueueAttributesCommand(query))).Attributes;
}

/** Messages waiting and messages in flight. */
export async function depth(clients, queueUrl) {
  const found = await attributes(clients, queueUrl);
  return {
    waiting: Number(found.ApproximateNumberOfMessages),
    inFlight: Number(found.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Makes failed messages come back sooner; on AWS the queue keeps six times the function's timeout. */
export async function shortenVisibility(clients, queueUrl, seconds) {
  const Attributes = { VisibilityTimeout: String(seconds) };
  await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }));
}

/** Looks at one message and lets it be seen again at once. */
export async function peek(clients, queueUrl) {
  const { Messages } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      VisibilityTimeout: 0,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages?.[0];
}

/** Sends the event of an object as EventBridge sends it, with the version id that AWS puts in it. */
export async function sendEvent(clients, pipeline, source) {
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
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: pipeline.queueUrl, MessageBody: JSON.stringify(event) }));
}
