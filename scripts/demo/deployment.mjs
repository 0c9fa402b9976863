import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';

import { ACCOUNT, REGION } from '../local-aws/environment.mjs';
import { Failure } from '../local-aws/failure.mjs';

/** Clients bound to local AWS by hand: nothing of the reader's own configuration can lead them elsewhere. */
export function connect(endpoint) {
  const config = { endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    cloudformation: new CloudFormationClient(config),
  };
}

const OUTPUTS = {
  dataBucket: 'DataBucketName',
  processedBucket: 'ProcessedBucketName',
  functionArn: 'FunctionArn',
  queueUrl: 'QueueUrl',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
};

/** The names under which a pipeline was deployed, from the outputs of its stack. */
export function pipelineOf(outputs, prefix) {
  const missing = Object.values(OUTPUTS).filter((name) => !outputs[prefix + name]);
  if (missing.length > 0) {
    const got = Object.keys(outputs).join(', ') || 'none';
    throw new Failure({ what: `the stack must have outputs ${missing.map((name) => prefix + name).join(', ')}`, got });
  }
  const pipeline = Object.fromEntries(Object.entries(OUTPUTS).map(([key, name]) => [key, outputs[prefix + name]]));
  const functionName = pipeline.functionArn.split(':').at(-1);
  return { ...pipeline, functionName, logGroup: `/aws/lambda/${functionName}` };
}

/** Everything the function wrote to its log since `startTime`. */
export async function logLines(clients, pipeline, startTime = 0) {
  const lines = [];
  const query = { logGroupName: pipeline.logGroup, startTime };
  try {
    for await (const page of paginateFilterLogEvents({ client: clients.logs }, query)) {
      lines.push(...page.events.map((event) => event.message));
    }
  } catch (error) {
    // Lambda makes the streams with the first line; local AWS may not know the group before.
    if (error.name !== 'ResourceNotFoundException') throw error;
  }
  return lines;
}

/** Asks again until `probe` gives something; what it waited for is named in the error. */
export async function waitFor(what, probe, { timeoutMs = 60_000, everyMs = 300, fix } = {}) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      throw new Failure({ what: `waited ${timeoutMs / 1000} s for ${what}`, got: 'nothing', fix });
    await sleep(everyMs);
  }
}
