import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { gzipSync } from 'node:zlib';

import { logLines, waitFor } from './deployment.mjs';
import { deliver, inventory, under, waitForManifest } from './objects.mjs';
import { depth, maxReceiveCount, peek, shortenVisibility } from './queues.mjs';

const VISIBILITY_SECONDS = 3;

/** A file that no retry can mend: a FAILED manifest, no data, nothing in the dead-letter queue. */
export async function processPoison(screen, { check }, { clients, pipeline, file }) {
  const zipped = gzipSync(file.body);
  const results = async () =>
    under(await inventory(clients, pipeline), pipeline.processedBucket, 'deidentified/').length;
  const before = await results();
  const { manifest } = await screen.step('put a poison file (gzip, cut in half) into incoming/', async () => {
    const source = await deliver(clients, pipeline, 'incoming/cut.ndjson.gz', zipped.subarray(0, zipped.length / 2));
    return waitForManifest(clients, pipeline, source);
  });
  const { counts } = manifest;
  screen.table(
    ['status', 'code', 'read', 'written', 'rejected'],
    [[manifest.status, manifest.code, counts.read, counts.written, counts.rejected]],
  );
  check('a poison file gets a FAILED manifest', [manifest.status, manifest.code], ['FAILED', 'SRC_TRUNCATED']);
  check('a failed file leaves no data behind', [manifest.output, await results()], [[], before]);
  await waitFor('the queue to be empty', async () => isEmpty(await depth(clients, pipeline.queueUrl)));
  check(
    'a poison file is not tried again: the dead-letter queue is empty',
    await depth(clients, pipeline.deadLetterQueueUrl),
    {
      waiting: 0,
      inFlight: 0,
    },
  );
}

/**
 * A run that crashes: the function loses an environment variable, as by a deployment gone wrong, and cannot start. The
 * message is retried and then kept in the dead-letter queue. Returns what mends the function again.
 */
export async function processCrash(screen, { check }, { clients, pipeline, file }) {
  const mend = await breakFunction(clients, pipeline);
  // Six times the timeout of five minutes, three times over, would outlast the demo.
  await shortenVisibility(clients, pipeline.queueUrl, VISIBILITY_SECONDS);
  const source = await deliver(clients, pipeline, 'incoming/crash.ndjson', file.body);
  const title = `crash: every run dies at its start (visibility shortened to ${VISIBILITY_SECONDS} s)`;
  await screen.step(title, () =>
    waitFor(
      'the message to reach the dead-letter queue',
      async () => (await depth(clients, pipeline.deadLetterQueueUrl)).waiting === 1,
      { timeoutMs: 90_000 },
    ),
  );
  const message = await peek(clients, pipeline.deadLetterQueueUrl);
  const objects = await inventory(clients, pipeline);
  const tries = await maxReceiveCount(clients, pipeline.queueUrl);
  screen.text(`the event waits in the dead-letter queue after ${tries} deliveries; the file is where it was`);
  const starts = (await logLines(clients, pipeline)).filter((line) => line.includes('"code":"CONFIG_INVALID"'));
  check(`a crashing run is tried ${tries} times`, starts.length, tries);
  check(
    'a crashing run ends in the dead-letter queue',
    JSON.parse(message?.Body ?? '{}').detail?.object?.key,
    source.key,
  );
  check('the source of a crashed run is still there', objects.filter(({ key }) => key === source.key).length, 1);
  return { source, mend };
}

/** Takes a variable away and returns a function that gives it back. */
async function breakFunction(clients, pipeline) {
  const FunctionName = pipeline.functionName;
  const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const configure = (Variables) =>
    clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  const { PROCESSED_BUCKET: _lost, ...rest } = Environment.Variables;
  await configure(rest);
  return () => configure(Environment.Variables);
}

function isEmpty({ waiting, inFlight }) {
  return waiting + inFlight === 0;
}
