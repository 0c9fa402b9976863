import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Io } from './io';

export interface Command {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Names of the arguments, all of them required. */
  readonly positionals: readonly string[];
  /** @returns the exit code */
  run(args: Args, io: Io): Promise<number>;
}

export class Args {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    public readonly positionals: readonly string[],
  ) {}

  public text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  public required(name: string): string {
    const value = this.text(name);
    if (!value) throw new UsageError(`--${name} is required, got nothing; see --help`);
    return value;
  }

  public flag(name: string): boolean {
    return this.values[name] === true;
  }

  public count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`--${name} must be a whole number from 1, got ${value}`);
    return Number(value);
  }
}

/** The command line cannot be understood: exit code 2. */
export class UsageError extends Error {}

/** Something outside is not as the command needs it: exit code 1. The text is fit to be shown. */
export class CliError extends Error {}

export function parse(command: Command, argv: string[]): Args {
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options: command.options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's text names the option, which is what is needed; its first letter is upper case.
    const [text] = (error as Error).message.split('. ');
    throw new UsageError(`${text.charAt(0).toLowerCase()}${text.slice(1)}; see ${command.name} --help`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== command.positionals.length) {
    const expected = command.positionals.join(' ') || 'no arguments';
    throw new UsageError(
      `${command.name} takes ${expected}, got ${positionals.length} arguments; see ${command.name} --help`,
    );
  }
  const empty = positionals.indexOf('');
  if (empty >= 0) {
    // A variable of a script that is not set: a path of it would be the folder at hand.
    throw new UsageError(
      `arguments must not be empty, got an empty ${command.positionals[empty]}; see ${command.name} --help`,
    );
  }
  return new Args(values, positionals);
}
