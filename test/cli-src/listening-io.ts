import type { Io } from '../../cli-src/io';

/** A stand-in for the terminal: keeps what is said, and answers questions with what it was given. */
export class ListeningIo implements Io {
  public readonly lines: string[] = [];
  public readonly asked: string[] = [];
  public errors = '';

  constructor(
    public readonly interactive = false,
    private readonly answer = '',
  ) {}

  public out(line: string): void {
    this.lines.push(line);
  }

  public err(text: string): void {
    this.errors += text;
  }

  public async ask(question: string): Promise<string> {
    this.asked.push(question);
    return this.answer;
  }

  /** All that was said, for a search. */
  public get everything(): string {
    return this.lines.join('\n') + this.errors;
  }

  public get json(): Record<string, unknown> {
    return JSON.parse(this.lines.join(''));
  }
}
