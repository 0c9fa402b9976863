import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readGuide } from './guide';

/** What a shell did, with a program in place of the AWS CLI. */
export interface Session {
  readonly ok: boolean;
  /** Each command that went to AWS, in order. */
  readonly calls: string[];
  /** A file that was written; undefined where there is none. */
  readonly file: (name: string) => string | undefined;
}

/** The shell block of the guide that holds these words. */
export function block(words: string): string {
  const blocks = [...readGuide().matchAll(/^```sh.*\n([^]*?)^```$/gm)].map(([, text]) => text);
  const found = blocks.filter((text) => text.includes(words));
  if (found.length !== 1) throw new Error(`one block of the guide must hold ${words}, got ${found.length}`);
  return found[0];
}

/**
 * Runs commands of the guide.
 *
 * @param aws body of a shell script, in whose folder the commands run
 */
export function session(commands: string, aws: string, options: { env?: Record<string, string>; input?: string } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guide-'));
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'aws'), `#!/bin/bash\necho "$*" >> calls\n${aws}\n`, { mode: 0o755 });
  try {
    const { status } = spawnSync('bash', ['-c', commands], {
      cwd: folder,
      env: { PATH: `${bin}:${process.env.PATH}`, ...options.env },
      input: options.input ?? '',
    });
    const files = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = new Map(files.map(({ name }) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
    const calls = (texts.get('calls') ?? '').split('\n').filter((line) => line !== '');
    return { ok: status === 0, calls, file: (name: string) => texts.get(name) } satisfies Session;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
