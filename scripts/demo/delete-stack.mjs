import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand } from '@aws-sdk/client-s3';

import { destroy } from '../local-aws/cdk-cli.mjs';
import { runLibraryCommand } from './library-command.mjs';

/** How a test stack is deleted: its buckets are emptied by the library's command, then `cdk destroy` goes through. */
export async function deleteStack(screen, { check }, { clients, pipeline }, { assembly, stack, env, session }) {
  const { folder, log } = session;
  await screen.step('delete the test stack: empty its buckets, cdk destroy', async () => {
    await runLibraryCommand(['empty', '--stack', stack, '--yes'], { env, log, what: 'emptying the buckets' });
    await destroy({ assembly: assembly.filtered, stack, env, cwd: folder, log });
  });
  const { Buckets } = await clients.s3.send(new ListBucketsCommand({}));
  const left = Buckets.filter(({ Name }) => [pipeline.dataBucket, pipeline.processedBucket].includes(Name));
  check('a test stack can be deleted with its buckets', [await exists(clients, stack), left.length], [false, 0]);
}

async function exists(clients, StackName) {
  try {
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks.some(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  } catch (error) {
    // CloudFormation's answer for a stack that is not there.
    if (error.name === 'ValidationError') return false;
    throw error;
  }
}
