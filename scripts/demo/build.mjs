import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';
import { withLock } from '../local-aws/lock.mjs';
import { localBin, projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';

const MIN_NODE = [20, 16];
const BUNDLES = ['assets/lambda-src', 'assets/cli-src', 'assets/deidentification'];
const SOURCES = ['lambda-src', 'cli-src', 'build-src', 'src/deidentification', 'src/processing'];

export function checkPrerequisites() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    const what = `the demo needs Node.js ${MIN_NODE.join('.')} or later`;
    throw new Failure({ what, got: process.version, fix: 'install a current Node.js' });
  }
  const missing = ['cdk', 'tsx', 'projen', 'esbuild'].filter((name) => !existsSync(localBin(name)));
  if (missing.length > 0) {
    const what = "the project's packages are not installed";
    throw new Failure({ what, got: `no ${missing.join(', ')} in node_modules`, fix: 'npm ci' });
  }
  if (process.platform === 'win32') {
    throw new Failure({ what: 'the demo needs Linux or macOS', got: process.platform, fix: 'run it in WSL' });
  }
}

/** Bundles the function and the command, unless that was done after the last change of their sources. */
export async function buildAssets({ log }) {
  await withLock('build', () => buildIfChanged({ log }));
}

async function buildIfChanged({ log }) {
  const built = BUNDLES.map((folder) => newest(path.join(projectRoot, folder)));
  const changed = Math.max(...SOURCES.map((folder) => newest(path.join(projectRoot, folder))));
  if (Math.min(...built) >= changed) return;
  await runProgram(localBin('projen'), ['assets'], { cwd: projectRoot, log, what: 'bundling the function' });
}

/** Time of the last change under a folder; 0 where there is no file. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(0, ...files.map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}
