import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetBucketLifecycleConfigurationCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CliError, type Args, type Command } from '../command';
import { table, type Io } from '../io';
import { DeployedStack } from '../stack';

/** What S3 says of one bucket. */
interface Protection {
  readonly bucket: string;
  readonly versioning: boolean;
  readonly mfaDelete: boolean;
  /** S3 refuses one on a bucket with MFA delete, and MFA delete on a bucket with one. */
  readonly lifecycle: boolean;
}

export const mfaDelete: Command = {
  name: 'mfa-delete',
  summary: 'check that versions of objects can be deleted with MFA only',
  help: [
    'usage: cdk-hipaa-pipeline mfa-delete --stack NAME [--region REGION] [--json]',
    '',
    'Asks S3 for each bucket of a stack whether MFA delete is on: no CloudFormation property turns it on, only the root',
    'user of the account can. Says what is in the way, and the command that turns it on. Changes nothing.',
    '',
    '  --stack NAME     the stack',
    '  --region REGION  its region (default: that of the environment)',
    '  --json           print the answer as JSON',
    '',
    'Exits with 1 where a bucket lacks it.',
  ].join('\n'),
  options: { stack: { type: 'string' }, region: { type: 'string' }, json: { type: 'boolean' } },
  positionals: [],
  run,
};

async function run(args: Args, io: Io): Promise<number> {
  const region = args.text('region');
  const stack = new DeployedStack(new CloudFormationClient({ region }), args.required('stack'));
  const buckets = await stack.buckets();
  if (buckets.length === 0) throw new CliError('the stack must have buckets, got none; there is nothing to check');
  const s3 = new S3Client({ region });
  const protections: Protection[] = [];
  for (const { name } of buckets) protections.push(await protectionOf(s3, name));
  const open = protections.filter(({ mfaDelete: on }) => !on);
  if (args.flag('json')) {
    io.out(JSON.stringify({ protected: open.length === 0, buckets: protections }));
  } else {
    table(protections.map((each): [string, string] => [each.bucket, inWords(each)])).forEach((line) => io.out(line));
    open.forEach(({ bucket }) => io.out(remedy(bucket)));
  }
  return Number(open.length > 0);
}

async function protectionOf(s3: S3Client, bucket: string): Promise<Protection> {
  const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  return {
    bucket,
    versioning: Status === 'Enabled',
    mfaDelete: Status === 'Enabled' && MFADelete === 'Enabled',
    lifecycle: await hasLifecycle(s3, bucket),
  };
}

async function hasLifecycle(s3: S3Client, bucket: string): Promise<boolean> {
  try {
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return Rules.length > 0;
  } catch (error) {
    if ((error as Error).name === 'NoSuchLifecycleConfiguration') return false;
    throw error;
  }
}

function inWords({ versioning, mfaDelete: on, lifecycle }: Protection): string {
  if (on) return 'MFA delete is on';
  if (!versioning) return 'open: versioning is off, turn it on first';
  return lifecycle
    ? 'open: MFA delete is off, and S3 refuses it while there is a lifecycle'
    : 'open: MFA delete is off';
}

function remedy(bucket: string): string {
  const configuration = '--versioning-configuration Status=Enabled,MFADelete=Enabled';
  return `as root: aws s3api put-bucket-versioning --bucket ${bucket} ${configuration} --mfa "ARN-OF-DEVICE CODE"`;
}
