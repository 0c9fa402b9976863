/**
 * Runs the commands of docs/patient-records.md against local AWS, in their order and in one shell, and checks what the
 * page promises. Ends with `N passed, N failed, N skipped`. Blocks marked `sh aws` are for AWS only: the page says why.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { createChecks } from '../demo/checks.mjs';
import { createConsole } from '../demo/console.mjs';
import { runSession } from '../demo/session.mjs';
import { Failure } from '../local-aws/failure.mjs';
import { installLocalAws } from '../local-aws/install.mjs';
import { withLock } from '../local-aws/lock.mjs';
import { localBin, projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';
import { startLocalAws } from '../local-aws/server.mjs';
import { installAwsCli } from './aws-cli.mjs';
import { readBlocks } from './guide.mjs';
import { PROMISES } from './promises.mjs';
import { openShell } from './shell.mjs';

const FILES = ['patient-records.json', 'patient-records-test.json', 'patient-records-import.json', 'patient-records-function.zip'];

/**
 * Version 1 of the CLI asks for queues at AWS whatever the environment says. And it names a change set by the second in
 * which it is made: local AWS is quick enough for two in one, and the second would fail.
 */
const AWS = `aws() {
  [ "$2" != deploy ] || sleep 1
  command aws --endpoint-url $AWS_ENDPOINT_URL "$@"
}`;

const screen = createConsole();
const { check, summary, list } = createChecks(screen);

await runSession(screen, async ({ folder, log, onEnd }) => {
  const program = await screen.step('Installing local AWS', () => installLocalAws({ log }));
  const cli = await screen.step('Installing the AWS CLI', () => installAwsCli({ log }));
  const make = () => runProgram(localBin('projen'), ['patient-records'], { cwd: projectRoot, log, what: 'projen patient-records' });
  await screen.step('Making templates and function', () => withLock('build', make));
  const server = await screen.step('Starting local AWS', () => startLocalAws({ program, folder }));
  onEnd(server.stop);

  const cwd = path.join(folder, 'templates');
  mkdirSync(cwd, { recursive: true });
  for (const file of FILES) copyFileSync(path.join(projectRoot, 'templates', file), path.join(cwd, file));
  const shell = openShell({ cwd, env: { ...server.env, PATH: `${cli}:${process.env.PATH}` } });
  onEnd(shell.close);

  await shell.run(AWS);
  await followGuide(shell, cwd);
  const { passed, failed, skipped } = summary();
  screen.always(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 ? 0 : 1;
});

async function followGuide(shell, folder) {
  const blocks = readBlocks();
  const kept = new Set();
  for (const { heading, text, onAwsOnly } of blocks) {
    if (onAwsOnly) {
      screen.note(`${heading}: on AWS only`);
      continue;
    }
    const promises = PROMISES.filter(({ words, unless }) => text.includes(words) && !(unless && text.includes(unless)));
    for (const { before } of promises) if (before) await before({ shell, folder });
    const { ok, output } = await shell.run(text);
    check(`${heading}: ${text.trim().split('\n').at(-1)}`, ok);
    if (!ok) throw new Failure({ what: `commands of the guide failed under "${heading}"`, got: output, fix: 'mend the page or what it deploys' });
    for (const promise of promises) {
      kept.add(promise);
      await promise.check({ check, output, shell, folder });
    }
  }
  check('every promise of the page was looked at', PROMISES.filter((promise) => !kept.has(promise)).map(({ words }) => words), []);
  check('some commands ran', list.length > 20);
}
