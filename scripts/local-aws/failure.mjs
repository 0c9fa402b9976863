/** An error that a reader can act on: what went wrong, what was seen, how to fix it. */
export class Failure extends Error {
  constructor({ what, got, fix }) {
    super(what);
    this.name = 'Failure';
    this.got = got;
    this.fix = fix;
  }
}

/** Lines to print for any error; a stack only where nobody foresaw the error. */
export function describeError(error) {
  if (!(error instanceof Failure)) {
    return [error?.stack ?? String(error)];
  }
  const lines = [`error: ${error.message}`];
  if (error.got) {
    lines.push(`  got: ${String(error.got).trim().split('\n').join('\n       ')}`);
  }
  if (error.fix) {
    lines.push(`  fix: ${error.fix}`);
  }
  return lines;
}
