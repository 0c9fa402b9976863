import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { CliError, UsageError, type Args, type Command } from '../command';
import { counted, Progress, table, type Io } from '../io';
import { DeployedStack } from '../stack';

export const empty: Command = {
  name: 'empty',
  summary: 'empty the buckets of a test stack, so that it can be deleted',
  help: [
    'usage: cdk-hipaa-pipeline empty --stack NAME [--region REGION] [--yes] [--json]',
    '',
    'Deletes every object, version, delete marker and unfinished upload in the buckets of a stack. Only for test stacks:',
    'refuses a stack that was not deployed with removalPolicy DESTROY and the context key',
    'cdk-hipaa-pipeline:allow-destroy.',
    '',
    '  --stack NAME     the stack',
    '  --region REGION  its region (default: that of the environment)',
    '  --yes            do not ask for the name of the stack to be typed',
    '  --json           print the outcome as JSON',
  ].join('\n'),
  options: {
    stack: { type: 'string' },
    region: { type: 'string' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: [],
  run,
};

async function run(args: Args, io: Io): Promise<number> {
  const name = args.required('stack');
  const region = args.text('region');
  const stack = new DeployedStack(new CloudFormationClient({ region }), name);
  await refuseUnlessTestStack(stack);
  const buckets = (await stack.buckets()).map((bucket) => bucket.name);
  if (buckets.length === 0) throw new CliError('the stack must have buckets, got none; there is nothing to empty');
  await confirm(name, buckets, args.flag('yes'), io);

  const s3 = new S3Client({ region });
  const progress = new Progress(io);
  const emptied: Emptied[] = [];
  for (const bucket of buckets) {
    emptied.push(await emptyBucket(s3, bucket, (deleted) => progress.show(`${bucket}: ${deleted} deleted`)));
    progress.clear();
  }
  report(emptied, args.flag('json'), io);
  return emptied.every(({ refused }) => refused === 0) ? 0 : 1;
}

/** Both keys leave a trace: an output says so, and no bucket is to be kept. */
async function refuseUnlessTestStack(stack: DeployedStack): Promise<void> {
  const allowed = (await stack.pipelines()).map(({ values }) => values.AllowDestroy).filter((value) => value);
  if (allowed.length === 0 || allowed.some((value) => value !== 'true')) {
    throw new CliError(
      'only a stack deployed with both deletion keys can be emptied, got one without the output AllowDestroy; ' +
        'deploy it with removalPolicy DESTROY and the context key cdk-hipaa-pipeline:allow-destroy',
    );
  }
  const retained = await stack.retainedBuckets();
  if (retained.length > 0) {
    throw new CliError(
      `only buckets that are deleted with their stack can be emptied, got some to be kept: ${retained.join(', ')}; ` +
        'deploy the stack with removalPolicy DESTROY for all of them',
    );
  }
}

async function confirm(stack: string, buckets: string[], yes: boolean, io: Io): Promise<void> {
  if (yes) return;
  if (!io.interactive) throw new UsageError('--yes is required where nobody can be asked, got none');
  io.err(`All objects and all their versions will be deleted from:\n${buckets.map((name) => `  ${name}\n`).join('')}`);
  const answer = await io.ask(`Type the name of the stack to go on: `);
  if (answer !== stack) {
    throw new CliError('the name of the stack must be typed, got another answer; nothing was deleted');
  }
}

interface Emptied {
  readonly bucket: string;
  readonly deleted: number;
  readonly uploads: number;
  readonly refused: number;
}

async function emptyBucket(s3: S3Client, bucket: string, tell: (deleted: number) => void): Promise<Emptied> {
  const uploads = await abortUploads(s3, bucket);
  let deleted = 0;
  let refused = 0;
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, KeyMarker, VersionIdMarker }));
    const listed = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    const objects: ObjectIdentifier[] = listed.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (objects.length > 0) {
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
      );
      refused += Errors.length;
      deleted += objects.length - Errors.length;
      tell(deleted);
    }
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    VersionIdMarker = page.IsTruncated ? page.NextVersionIdMarker : undefined;
  } while (KeyMarker !== undefined);
  return { bucket, deleted, uploads, refused };
}

async function abortUploads(s3: S3Client, bucket: string): Promise<number> {
  let aborted = 0;
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const page = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, KeyMarker, UploadIdMarker }));
    for (const { Key, UploadId } of page.Uploads ?? []) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      aborted++;
    }
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    UploadIdMarker = page.IsTruncated ? page.NextUploadIdMarker : undefined;
  } while (KeyMarker !== undefined);
  return aborted;
}

function report(emptied: Emptied[], json: boolean, io: Io): void {
  if (json) {
    io.out(JSON.stringify({ buckets: emptied }));
    return;
  }
  const rows = emptied.map(({ bucket, deleted, uploads, refused }): [string, string] => {
    const more = [uploads > 0 && counted(uploads, 'unfinished upload'), refused > 0 && `${refused} refused`];
    return [bucket, [`${counted(deleted, 'version')} deleted`, ...more.filter(Boolean)].join(', ')];
  });
  table(rows).forEach((line) => io.out(line));
  io.out('Logs arrive late: should a bucket not be empty when the stack is deleted, run this again.');
}
