import { ListeningIo } from './listening-io';
import { StandInAws } from './stand-in-aws';
import { run } from '../../cli-src/cli';

const aws = new StandInAws();
beforeAll(() => aws.install());
afterAll(() => jest.restoreAllMocks());

async function ask(versioning: Record<string, object>, lifecycles: string[] = []): Promise<[number, ListeningIo]> {
  const buckets = Object.fromEntries(Object.keys(versioning).map((name) => [name, { name }]));
  aws.stacks.Records = { outputs: {}, buckets };
  Object.assign(aws, { versioning, lifecycles });
  const io = new ListeningIo();
  return [await run(['mfa-delete', '--stack', 'Records'], io), io];
}

test('B1 buckets with MFA delete are told as protected', async () => {
  const [code, io] = await ask({ records: { Status: 'Enabled', MFADelete: 'Enabled' } });
  expect([code, io.lines]).toEqual([0, ['records  MFA delete is on']]);
});

test.each([
  ['no versioning', {}, [], 'open: versioning is off'],
  ['versioning suspended', { Status: 'Suspended', MFADelete: 'Enabled' }, [], 'open: versioning is off'],
  ['versioning alone', { Status: 'Enabled', MFADelete: 'Disabled' }, [], 'open: MFA delete is off'],
  ['a lifecycle', { Status: 'Enabled' }, ['records'], 'S3 refuses it while there is a lifecycle'],
])('B1 a bucket with %s is open, and the command says how to close it', async (_, versioning, lifecycles, said) => {
  const [code, io] = await ask({ records: versioning, logs: { Status: 'Enabled', MFADelete: 'Enabled' } }, lifecycles);
  expect(code).toBe(1);
  expect(io.lines[0]).toContain(said);
  expect(io.lines).toContain(
    'as root: aws s3api put-bucket-versioning --bucket records --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "ARN-OF-DEVICE CODE"',
  );
  expect(aws.changes).toEqual([]);
});

test('B1 a stack without buckets is an error, not a pass', async () => {
  const [code, io] = await ask({});
  expect([code, io.errors]).toEqual([1, expect.stringContaining('the stack must have buckets, got none')]);
});
