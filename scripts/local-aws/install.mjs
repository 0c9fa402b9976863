import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { venvFolder } from './paths.mjs';
import { runProgram } from './run-program.mjs';

/** Pinned: the list of resources that it lacks is asserted, and changes with its version. */
export const MINISTACK_VERSION = '1.5.33';

const MIN_PYTHON = [3, 10];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** Installs local AWS into a folder of the project, once, and returns the path of its program. */
export async function installLocalAws({ log }) {
  const program = path.join(venvFolder, 'bin', 'ministack');
  const stamp = path.join(venvFolder, '.installed');
  const isInstalled = () =>
    existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === MINISTACK_VERSION;
  if (!isInstalled()) {
    await withLock('install', async () => {
      if (isInstalled()) return;
      await install({ log });
      // Last, so that an install that was stopped half-way is made again.
      writeFileSync(stamp, MINISTACK_VERSION);
    });
  }
  return program;
}

async function install({ log }) {
  const python = findPython();
  rmSync(venvFolder, { recursive: true, force: true });
  mkdirSync(path.dirname(venvFolder), { recursive: true });
  await runProgram(python, ['-m', 'venv', venvFolder], {
    log,
    what: 'making a Python environment',
    fix: 'install the venv module of this Python (Debian and Ubuntu: apt-get install python3-venv)',
  });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `ministack==${MINISTACK_VERSION}`];
  await runProgram(path.join(venvFolder, 'bin', 'python'), pip, {
    log,
    what: `installing ministack ${MINISTACK_VERSION}`,
    fix: 'make PyPI (or your mirror of it: pip config set global.index-url URL) reachable and try again',
  });
}

function findPython() {
  const seen = [];
  for (const candidate of CANDIDATES) {
    const answer = spawnSync(candidate, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    if (answer.status !== 0) continue;
    const version = answer.stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === MIN_PYTHON[0] && minor >= MIN_PYTHON[1]) return candidate;
    seen.push(`${candidate} is Python ${version}`);
  }
  throw new Failure({
    what: `local AWS needs Python ${MIN_PYTHON.join('.')} or later`,
    got: seen.join(', ') || `none of ${CANDIDATES.join(', ')} on the PATH`,
    fix: 'install Python 3 with its venv module (Debian and Ubuntu: apt-get install python3 python3-venv)',
  });
}
