import * as readline from 'node:readline/promises';

/** What a command says and asks; a test listens in its place. */
export interface Io {
  /** Whether someone watches and can answer. */
  readonly interactive: boolean;
  /** Results, one line. */
  out(line: string): void;
  /** Everything else, as it is: a line end is the caller's. */
  err(text: string): void;
  ask(question: string): Promise<string>;
}

export function terminal(): Io {
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (text) => void process.stderr.write(text),
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    ask: async (question) => askOn(process.stdin, process.stderr, question),
  };
}

/**
 * The end of the input, and Ctrl-C, are an empty answer: a question that waits for ever would end the process as if all
 * were well.
 */
export async function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
): Promise<string> {
  const asked = readline.createInterface({ input, output });
  // Later, since the last line and the end may come at once.
  const closed = new Promise<string>((resolve) => asked.once('close', () => setImmediate(resolve, '')));
  try {
    return (await Promise.race([asked.question(question), closed])).trim();
  } finally {
    asked.close();
  }
}

/** Whoever reads the output may stop before its end, as `head` does; any other failure to write is one of the command. */
export function unlessRead(stream: NodeJS.EventEmitter, fail: (code: string) => void): void {
  stream.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') fail(code);
  });
}

/** How far a long job is: a line on the terminal that is written over; nothing where nobody watches. */
export class Progress {
  private shownAt = 0;
  private width = 0;

  constructor(
    private readonly io: Io,
    private readonly now: () => number = Date.now,
  ) {}

  public show(text: string): void {
    if (!this.io.interactive || this.now() - this.shownAt < 100) return;
    this.shownAt = this.now();
    this.io.err(`\r${text.padEnd(this.width)}`);
    this.width = text.length;
  }

  public clear(): void {
    if (this.width > 0) this.io.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}

/** Two columns, the second one as it comes. */
export function table(rows: ReadonlyArray<readonly [string, string | number]>): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** `1 object`, `2 objects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
