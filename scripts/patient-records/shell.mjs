import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const LIMIT_MS = 120_000;

/**
 * One shell in which commands run one after the other, as somebody types them: variables and functions stay. A command
 * that fails ends it.
 */
export function openShell({ cwd, env }) {
  const child = spawn('bash', ['-euo', 'pipefail'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let output = '';
  let wake = () => {};
  const hear = (chunk) => {
    output += chunk;
    wake();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.stdin.on('error', () => {});
  let ended = false;
  child.once('exit', () => {
    ended = true;
    wake();
  });

  /** What the commands wrote, and whether they ended well and in time. */
  async function run(text) {
    const mark = `end-${randomUUID()}`;
    const deadline = Date.now() + LIMIT_MS;
    output = '';
    child.stdin.write(`${text}\necho ${mark}\n`);
    while (!output.includes(mark) && !ended && Date.now() < deadline) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return { ok: output.includes(mark), output: output.replace(mark, '').trim() };
  }

  const close = () => {
    if (!ended) process.kill(-child.pid, 'SIGKILL');
  };
  return { run, close };
}
