import { version } from '../package.json';
import { CliError, parse, UsageError, type Command } from './command';
import { deidentify } from './commands/deidentify';
import { empty } from './commands/empty';
import { mfaDelete } from './commands/mfa-delete';
import { policy } from './commands/policy';
import { replay } from './commands/replay';
import type { Io } from './io';
import { describeError } from '../lambda-src/phi-processor/report';

const NAME = 'cdk-hipaa-pipeline';
const COMMANDS: readonly Command[] = [deidentify, empty, mfaDelete, policy, replay];

const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** @returns the exit code: 0 ok, 1 failure, 2 usage */
export async function run(argv: string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    io.out(version);
    return EXIT.ok;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(overview());
    return EXIT.ok;
  }
  try {
    const command = COMMANDS.find((each) => each.name === name);
    if (!command) {
      const got = name === undefined ? 'nothing' : 'another word';
      throw new UsageError(`a command is required, got ${got}; use one of ${COMMANDS.map((c) => c.name).join(', ')}`);
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(command.help);
      return EXIT.ok;
    }
    return await command.run(parse(command, rest), io);
  } catch (error) {
    io.err(`error: ${describe(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  }
}

function describe(error: unknown): string {
  if (error instanceof CliError || error instanceof UsageError) return error.message;
  // Any other text may quote a record, or the name of a file or an object.
  const { code, requestId } = describeError(error);
  if (code === 'CredentialsProviderError') {
    return 'AWS credentials are required, got none; set AWS_PROFILE or the AWS_ACCESS_KEY_ID pair';
  }
  if (error instanceof Error && error.message === 'Region is missing') {
    return 'an AWS region is required, got none; set AWS_REGION or --region';
  }
  if (requestId) return `${code} (AWS request ${requestId})`;
  const place = error instanceof Error ? /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim() : undefined;
  return `${code}${place ? ` ${place}` : ''}; its text is not shown, since it may quote a record`;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    `usage: ${NAME} COMMAND [options]`,
    '',
    'commands:',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    `${NAME} COMMAND --help tells more of each; --version the version.`,
    'Exit codes: 0 ok, 1 failure, 2 usage.',
  ].join('\n');
}
