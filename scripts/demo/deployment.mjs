import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
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

/** The names under which the pipeline of a stack was deployed. */
export async function findPipeline(clients, stack) {
  const resources = [];
  for await (const page of paginateListStackResources({ client: clients.cloudformation }, { StackName: stack })) {
    resources.push(...page.StackResourceSummaries);
  }
  const named = (type, part) => {
    const found = resources.filter((item) => item.ResourceType === type && item.PhysicalResourceId.includes(part));
    if (found.length !== 1) {
      const got = found.map((item) => item.PhysicalResourceId).join(', ') || 'none';
      throw new Failure({ what: `stack ${stack} must have one ${type} named *${part}*`, got });
    }
    return found[0].PhysicalResourceId;
  };
  const functionName = named('AWS::Lambda::Function', '-data-processing-');
  return {
    stack,
    functionName,
    logGroup: `/aws/lambda/${functionName}`,
    dataBucket: named('AWS::S3::Bucket', '-data-'),
    processedBucket: named('AWS::S3::Bucket', '-processed-'),
    resourceCount: resources.length,
    resources,
  };
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
