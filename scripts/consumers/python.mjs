import path from 'node:path';

import { checkCommandLine } from './check-command-line.mjs';
import { onlyFile } from './tools.mjs';

export const name = 'python';
export const target = 'python';

export async function synthesize(context, tools) {
  const wheel = onlyFile(path.join(context.dist, 'python'), '.whl');
  tools.copyProgram('examples/python');
  await tools.run('venv', 'python3', ['-m', 'venv', 'venv']);
  // The wheel is named as a file, so that nothing of the same name can come from an index.
  await tools.run('install', 'venv/bin/python', [
    ...['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'],
    ...['-r', 'requirements.txt', wheel, `aws-cdk-lib==${context.cdkRelease}`],
  ]);
  return tools.synthesize('venv/bin/python', ['app.py']);
}

export async function checkInstallation(context, tools) {
  await checkCommandLine(context, tools, name, 'venv/bin/cdk-hipaa-pipeline', []);
}
