import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CliError } from './command';

/** What can be sent to the processor again. */
export interface Backlog {
  readonly name: string;
  readonly noun: string;
  count(tell: (count: number) => void): Promise<number>;
  /** Sends up to `limit`, and says how many were sent. */
  send(limit: number, tell: (count: number) => void): Promise<number>;
}

const BATCH = 10;
/** Long enough to send a batch; a message that was not deleted by then is seen again. */
const HIDDEN_SECONDS = 60;
/** Short polling asks a part of the queue's servers only, so that one empty answer says little. */
const WAIT_SECONDS = 2;

/**
 * Messages of the dead-letter queue. Each is sent before it is deleted: interrupted, a message is in both queues, which
 * the processor takes for a duplicate; never in none.
 */
export function deadLetters(sqs: SQSClient, from: string, to: string): Backlog {
  return {
    name: 'dead-letter queue',
    noun: 'message',
    count: async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: from, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
    // Bounded by what was counted: a message that fails again meanwhile must not go round for ever.
    send: async (limit, tell) => {
      let sent = 0;
      while (sent < limit) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: from,
            MaxNumberOfMessages: Math.min(BATCH, limit - sent),
            VisibilityTimeout: HIDDEN_SECONDS,
            WaitTimeSeconds: WAIT_SECONDS,
          }),
        );
        if (Messages.length === 0) break;
        await sendBatch(
          sqs,
          to,
          Messages.map(({ Body = '' }) => Body),
        );
        await deleteBatch(
          sqs,
          from,
          Messages.map(({ ReceiptHandle = '' }) => ReceiptHandle),
        );
        sent += Messages.length;
        tell(sent);
      }
      return sent;
    },
  };
}

/** The newest version of each object under a prefix, as S3 would announce it. */
export function objectsUnder(s3: S3Client, bucket: string, prefix: string, sqs: SQSClient, to: string): Backlog {
  async function* bodies(): AsyncGenerator<string> {
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key = '', Size = 0, ETag } of page.Contents ?? []) {
        if (Key.endsWith('/') && Size === 0) continue;
        yield announcement(bucket, Key, Size, ETag);
      }
    }
  }
  return {
    name: 'objects under the prefix',
    noun: 'object',
    count: async (tell) => {
      let count = 0;
      for await (const _ of bodies()) tell(++count);
      return count;
    },
    send: async (limit, tell) => {
      let sent = 0;
      let batch: string[] = [];
      const flush = async () => {
        if (batch.length === 0) return;
        await sendBatch(sqs, to, batch);
        sent += batch.length;
        batch = [];
        tell(sent);
      };
      for await (const body of bodies()) {
        if (sent + batch.length === limit) break;
        batch.push(body);
        if (batch.length === BATCH) await flush();
      }
      await flush();
      return sent;
    },
  };
}

/** An event as EventBridge delivers it; without a version id, so that the processor takes the version it finds. */
function announcement(bucket: string, key: string, size: number, eTag: string | undefined): string {
  return JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    time: new Date().toISOString(),
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag: eTag?.replaceAll('"', '') },
      reason: 'Replay',
    },
  });
}

async function sendBatch(sqs: SQSClient, to: string, bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: to, Entries }));
  if (Failed.length > 0) {
    throw new CliError(
      `the queue must take every message, got ${Failed.length} refused (${Failed[0].Code}); try again`,
    );
  }
}

async function deleteBatch(sqs: SQSClient, from: string, handles: string[]): Promise<void> {
  const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: from, Entries }));
  if (Failed.length > 0) {
    throw new CliError(
      `the dead-letter queue must let go of what was sent, got ${Failed.length} refused (${Failed[0].Code}); ` +
        'these will be sent twice, and processed once',
    );
  }
}
