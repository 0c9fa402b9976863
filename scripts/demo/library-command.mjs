import path from 'node:path';

import { projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';

/** Runs the library's own command as it is bundled. */
export async function runLibraryCommand(args, options) {
  const command = path.join(projectRoot, 'assets/cli-src/main/cli.js');
  return runProgram(process.execPath, [command, ...args], options);
}
