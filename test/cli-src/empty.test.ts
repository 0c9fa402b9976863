import { ListeningIo } from './listening-io';
import { StandInAws, type StandInStack } from './stand-in-aws';
import { run } from '../../cli-src/cli';

const BUCKETS = { Data: { name: 'data', deletionPolicy: 'Delete' }, Logs: { name: 'logs', deletionPolicy: 'Delete' } };

let aws: StandInAws;
beforeEach(() => {
  aws = new StandInAws();
  aws.install();
  aws.versions.data = [...'abcdefgh'].map((letter) => ({ Key: `incoming/Wilhelmina-${letter}`, VersionId: 'v' }));
  aws.versions.logs = [{ Key: 'log', VersionId: 'v1' }];
  aws.uploads.data = ['u1', 'u2'];
});
afterEach(() => jest.restoreAllMocks());

function deploy(stack: Partial<StandInStack>): void {
  aws.stacks.test = { outputs: { ClaimsAllowDestroy: 'true' }, buckets: BUCKETS, ...stack };
}

async function empty(io = new ListeningIo(), ...more: string[]): Promise<{ code: number; io: ListeningIo }> {
  return { code: await run(['empty', '--stack', 'test', ...more], io), io };
}

test('A26 deletes every version, delete marker and unfinished upload in the buckets of a test stack', async () => {
  deploy({});
  const { code, io } = await empty(new ListeningIo(), '--yes', '--json');
  expect(code).toBe(0);
  expect(aws.versions).toEqual({ data: [], logs: [] });
  expect(aws.uploads.data).toEqual([]);
  expect(io.json).toEqual({
    buckets: [
      { bucket: 'data', deleted: 8, uploads: 2, refused: 0 },
      { bucket: 'logs', deleted: 1, uploads: 0, refused: 0 },
    ],
  });
  expect(io.everything).not.toContain('Wilhelmina');
});

test.each<[string, Partial<StandInStack>, RegExp]>([
  ['without the output', { outputs: {} }, /only a stack deployed with both deletion keys/],
  ['whose output says false', { outputs: { ClaimsAllowDestroy: 'false' } }, /only a stack deployed with both/],
  [
    'of which one of two pipelines says false',
    { outputs: { AAllowDestroy: 'true', BAllowDestroy: 'false' } },
    /only a stack deployed with both/,
  ],
  [
    'that keeps a bucket',
    { buckets: { ...BUCKETS, Trail: { name: 'trail', deletionPolicy: 'Retain' } } },
    /got some to be kept: Trail;/,
  ],
  [
    'that keeps a bucket after its first deployment',
    { buckets: { Trail: { name: 'trail', deletionPolicy: 'RetainExceptOnCreate' } } },
    /got some to be kept: Trail;/,
  ],
  ['without buckets', { buckets: {} }, /the stack must have buckets, got none/],
])('A26 refuses a stack %s, even with --yes, and changes nothing', async (_, stack, said) => {
  deploy(stack);
  const { code, io } = await empty(new ListeningIo(), '--yes');
  expect(code).toBe(1);
  expect(io.errors).toMatch(said);
  expect(aws.changes).toEqual([]);
});

test('a stack that is not there is an error that says what to check', async () => {
  const { code, io } = await empty(new ListeningIo(), '--yes');
  expect([code, io.errors]).toEqual([1, expect.stringContaining('--stack must name a deployed stack')]);
});

test('A26 asks for the name of the stack, and goes on with nothing else', async () => {
  deploy({});
  const wrong = await empty(new ListeningIo(true, 'yes'));
  expect([wrong.code, aws.changes]).toEqual([1, []]);
  expect(wrong.io.errors).toContain('  data\n  logs\n');
  expect((await empty(new ListeningIo(true, 'test'))).code).toBe(0);
  expect(aws.versions.data).toEqual([]);
});

test('A26 deletes nothing unasked where nobody can be asked', async () => {
  deploy({});
  const { code, io } = await empty();
  expect([code, aws.changes]).toEqual([2, []]);
  expect(io.errors).toContain('--yes is required');
});

test('what may not be deleted is counted, and is a failure', async () => {
  deploy({});
  aws.versions.logs = [{ Key: 'log', VersionId: 'v1', locked: true }];
  const { code, io } = await empty(new ListeningIo(), '--yes');
  expect(code).toBe(1);
  expect(io.everything).toMatch(/logs +0 versions deleted, 1 refused/);
});
