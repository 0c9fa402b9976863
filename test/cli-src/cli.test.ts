import { ListeningIo } from './listening-io';
import { run } from '../../cli-src/cli';
import { version } from '../../package.json';

async function cli(...argv: string[]): Promise<{ code: number; io: ListeningIo }> {
  const io = new ListeningIo();
  return { code: await run(argv, io), io };
}

test('--version is that of the package', async () => {
  const { code, io } = await cli('--version');
  expect([code, ...io.lines]).toEqual([0, version]);
});

test('--help lists every command, and every command has a help of its own that names its options', async () => {
  const { code, io } = await cli('--help');
  expect(code).toBe(0);
  for (const command of ['deidentify', 'empty', 'replay']) {
    expect(io.everything).toContain(`  ${command}`);
    const own = await cli(command, '--help');
    expect(own.code).toBe(0);
    expect(own.io.everything).toMatch(new RegExp(`^usage: cdk-hipaa-pipeline ${command} `));
    expect(own.io.everything).toContain('--json');
    expect(own.io.errors).toBe('');
  }
});

test.each([
  [[], /a command is required, got nothing; use one of/],
  [['Wilhelmina'], /a command is required, got another word; use one of/],
  [['deidentify', 'only-one'], /deidentify takes IN OUT_DIR, got 1 arguments/],
  [['deidentify', 'a', ''], /must not be empty, got an empty OUT_DIR; see deidentify --help/],
  [['deidentify', 'a', 'b', '--nonsense'], /unknown option '--nonsense'; see deidentify --help/],
  [['empty'], /--stack is required/],
  [['empty', '--stack', 's', 'more'], /empty takes no arguments, got 1/],
  [['replay', '--stack', 's', '--max', '0'], /--max must be a whole number from 1, got 0/],
  [['replay', '--stack', 's', '--dlq', '--prefix', 'incoming/'], /either --dlq or --prefix/],
  [['replay', '--stack', 's', '--prefix', 'rejected/'], /--prefix must begin with incoming\//],
])('%p is a wrong usage: exit code 2 and what to do', async (argv, said) => {
  const { code, io } = await cli(...argv);
  expect(code).toBe(2);
  expect(io.errors).toMatch(said);
  expect(io.errors).toMatch(/^error: [^A-Z]/);
  expect(io.lines).toEqual([]);
});
