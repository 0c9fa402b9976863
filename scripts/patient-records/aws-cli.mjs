import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { withLock } from '../local-aws/lock.mjs';
import { projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';

/** The last major version that PyPI has; the guide's commands are the same in version 2. */
const VERSION = '1.46.3';
const venv = path.join(projectRoot, '.venv-aws-cli');

/** Installs the AWS CLI into a folder of the project, once, and returns the folder of its program. */
export async function installAwsCli({ log }) {
  const stamp = path.join(venv, '.installed');
  await withLock('install', async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === VERSION) return;
    await runProgram('python3', ['-m', 'venv', '--clear', venv], { log, what: 'making a Python environment' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `awscli==${VERSION}`];
    await runProgram(path.join(venv, 'bin', 'python'), pip, { log, what: `installing awscli ${VERSION}` });
    writeFileSync(stamp, VERSION);
  });
  return path.join(venv, 'bin');
}
