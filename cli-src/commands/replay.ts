import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PREFIX } from '../../src/processing/private/handler-contract';
import { CliError, UsageError, type Args, type Command } from '../command';
import { counted, Progress, table, type Io } from '../io';
import { deadLetters, objectsUnder, type Backlog } from '../replay-sources';
import { choosePipeline, DeployedStack } from '../stack';

export const replay: Command = {
  name: 'replay',
  summary: 'send failed messages, or objects, to the processor again',
  help: [
    'usage: cdk-hipaa-pipeline replay --stack NAME [--dlq | --prefix incoming/...] [--pipeline ID] [--region REGION]',
    '                                 [--max N] [--dry-run] [--yes] [--json]',
    '',
    'Moves the messages of the dead-letter queue back to the queue, or sends one for each object under a prefix. Counts',
    'first and asks. What was committed under the same policy, engine and key is not written again.',
    '',
    '  --stack NAME     the stack of the pipeline',
    '  --dlq            the messages of the dead-letter queue (this is the default)',
    '  --prefix PREFIX  the objects under this prefix of the data bucket; it begins with incoming/',
    '  --pipeline ID    which one, in a stack with several pipelines',
    '  --region REGION  region of the stack (default: that of the environment)',
    '  --max N          no more than N',
    '  --dry-run        count only',
    '  --yes            do not ask',
    '  --json           print the outcome as JSON',
  ].join('\n'),
  options: {
    stack: { type: 'string' },
    dlq: { type: 'boolean' },
    prefix: { type: 'string' },
    pipeline: { type: 'string' },
    region: { type: 'string' },
    max: { type: 'string' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: [],
  run,
};

async function run(args: Args, io: Io): Promise<number> {
  const name = args.required('stack');
  const prefix = args.text('prefix');
  const region = args.text('region');
  const max = args.count('max') ?? Infinity;
  if (prefix !== undefined && args.flag('dlq')) throw new UsageError('either --dlq or --prefix, got both');
  if (prefix !== undefined && !prefix.startsWith(PREFIX.incoming)) {
    throw new UsageError(`--prefix must begin with ${PREFIX.incoming}, got another; the processor takes nothing else`);
  }

  const stack = new DeployedStack(new CloudFormationClient({ region }), name);
  const source = prefix === undefined ? 'DeadLetterQueueUrl' : 'DataBucketName';
  const outputs = choosePipeline(await stack.pipelines(), ['QueueUrl', source], args.text('pipeline'));
  const sqs = new SQSClient({ region });
  const backlog: Backlog =
    prefix === undefined
      ? deadLetters(sqs, outputs.DeadLetterQueueUrl, outputs.QueueUrl)
      : objectsUnder(new S3Client({ region }), outputs.DataBucketName, prefix, sqs, outputs.QueueUrl);

  const progress = new Progress(io);
  const found = await backlog.count((count) => progress.show(`counted ${counted(count, backlog.noun)}`));
  progress.clear();
  const planned = Math.min(found, max);
  const dryRun = args.flag('dry-run');
  let sent = 0;
  if (!dryRun && planned > 0) {
    await confirm(`Send ${counted(planned, backlog.noun)} of ${found} to the queue?`, args.flag('yes'), io);
    sent = await backlog.send(planned, (count) => progress.show(`sent ${count} of ${planned}`));
    progress.clear();
  }
  if (args.flag('json')) {
    io.out(JSON.stringify({ source: backlog.name, found, sent, dryRun }));
  } else {
    table([
      [`found`, `${counted(found, backlog.noun)} (${backlog.name})`],
      ['sent', sent],
    ]).forEach((line) => io.out(line));
  }
  return 0;
}

async function confirm(question: string, yes: boolean, io: Io): Promise<void> {
  if (yes) return;
  if (!io.interactive) throw new UsageError('--yes is required where nobody can be asked, got none');
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw new CliError('the answer must be y to go on, got another; nothing was sent');
}
