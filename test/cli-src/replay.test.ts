import { ListeningIo } from './listening-io';
import { StandInAws } from './stand-in-aws';
import { run } from '../../cli-src/cli';
import { parseMessage } from '../../lambda-src/phi-processor/message';

const OUTPUTS = {
  ClaimsQueueUrl0A1B2C3D: 'queue',
  ClaimsDeadLetterQueueUrl: 'dlq',
  ClaimsDataBucketName: 'data',
  ClaimsTrailArn: 'arn',
};

let aws: StandInAws;
beforeEach(() => {
  aws = new StandInAws();
  aws.install();
  aws.stacks.prod = { outputs: OUTPUTS, buckets: {} };
  aws.queues.queue = [];
  aws.queues.dlq = [...Array(23).keys()].map((n) => `{"Wilhelmina":${n}}`);
  aws.versions.data = ['incoming/a', 'incoming/b/', 'incoming/b/Wilhelmina 100%25', 'incoming/c', 'rejected/x'].map(
    (Key) => ({
      Key,
      VersionId: 'v',
      Size: Key.endsWith('/') ? 0 : 5,
    }),
  );
});
afterEach(() => jest.restoreAllMocks());

async function replay(io: ListeningIo, ...more: string[]): Promise<{ code: number; io: ListeningIo }> {
  return { code: await run(['replay', '--stack', 'prod', ...more], io), io };
}

test('A12 moves every message of the dead-letter queue to the queue, as it is', async () => {
  const dead = [...aws.queues.dlq];
  const { code, io } = await replay(new ListeningIo(), '--yes', '--json');
  expect(code).toBe(0);
  expect(io.json).toMatchObject({ found: 23, sent: 23 });
  expect(aws.queues).toEqual({ queue: dead, dlq: [] });
  expect(io.everything).not.toContain('Wilhelmina');
});

test('A12 sends a message before it deletes it: interrupted, it is in both queues, never in none', async () => {
  await replay(new ListeningIo(), '--yes', '--max', '1');
  expect(aws.changes).toEqual(['SendMessageBatchCommand', 'DeleteMessageBatchCommand']);
});

test('a message that keeps failing does not go round for ever', async () => {
  // Whatever is sent comes back at once.
  aws.queues.queue = aws.queues.dlq;
  const { io } = await replay(new ListeningIo(), '--yes', '--json');
  expect(io.json).toMatchObject({ found: 23, sent: 23 });
});

test('A12 announces every object under a prefix as S3 would, in a form that the processor takes', async () => {
  const { io } = await replay(new ListeningIo(), '--prefix', 'incoming/', '--yes', '--json');
  expect(io.json).toMatchObject({ found: 3, sent: 3 });
  const messages = aws.queues.queue.map((body) => parseMessage(body, 'data', 'incoming/'));
  expect(messages).toEqual(
    ['incoming/a', 'incoming/b/Wilhelmina 100%25', 'incoming/c'].map((key) => ({ kind: 'object', source: { key } })),
  );
  expect(io.everything).not.toContain('Wilhelmina');
});

test('counts before it acts, asks, and sends nothing unless the answer is yes', async () => {
  const no = new ListeningIo(true, 'n');
  expect((await replay(no)).code).toBe(1);
  expect(no.asked).toEqual(['Send 23 messages of 23 to the queue? [y/N] ']);
  expect(aws.changes).toEqual([]);
  expect((await replay(new ListeningIo(true, 'y'))).code).toBe(0);
  expect(aws.queues.queue).toHaveLength(23);
});

test('sends nothing unasked where nobody can be asked, nor in a dry run', async () => {
  expect((await replay(new ListeningIo())).code).toBe(2);
  const dry = await replay(new ListeningIo(), '--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.io.everything).toMatch(/found +23 messages/);
  expect(aws.changes).toEqual([]);
});

test('--max bounds what is sent', async () => {
  await replay(new ListeningIo(), '--yes', '--max', '12');
  expect([aws.queues.queue.length, aws.queues.dlq.length]).toEqual([12, 11]);
  await replay(new ListeningIo(), '--prefix', 'incoming/', '--yes', '--max', '2');
  expect(aws.queues.queue).toHaveLength(14);
});

test('with nothing to send it asks nothing', async () => {
  aws.queues.dlq = [];
  const io = new ListeningIo(true);
  expect((await replay(io)).code).toBe(0);
  expect(io.asked).toEqual([]);
});

describe('of several pipelines in a stack', () => {
  beforeEach(() => {
    aws.stacks.prod = {
      outputs: { ...OUTPUTS, LabsQueueUrl: 'queue2', LabsDeadLetterQueueUrl: 'dlq2', LabsDataBucketName: 'data2' },
      buckets: {},
    };
    aws.queues.queue2 = [];
    aws.queues.dlq2 = ['one'];
  });

  test('one must be chosen: the error lists them', async () => {
    const { code, io } = await replay(new ListeningIo(), '--yes');
    expect([code, io.errors]).toEqual([1, expect.stringContaining('choose with --pipeline one of Claims, Labs')]);
    expect(aws.changes).toEqual([]);
  });

  test('the chosen one is replayed, and no other', async () => {
    await replay(new ListeningIo(), '--yes', '--pipeline', 'Labs');
    expect(aws.queues.queue2).toEqual(['one']);
    expect(aws.queues.queue).toEqual([]);
  });

  test('another is refused', async () => {
    const { code, io } = await replay(new ListeningIo(), '--yes', '--pipeline', 'Billing');
    expect([code, io.errors]).toEqual([1, expect.stringContaining('--pipeline must be one of Claims, Labs')]);
  });
});

test('a stack without a pipeline is refused', async () => {
  aws.stacks.prod = { outputs: { Other: 'x' }, buckets: {} };
  const { code, io } = await replay(new ListeningIo(), '--yes');
  expect([code, io.errors]).toEqual([1, expect.stringContaining('outputs that end in QueueUrl, DeadLetterQueueUrl')]);
});
