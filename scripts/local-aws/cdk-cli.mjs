import { readFileSync } from 'node:fs';
import path from 'node:path';

import { ACCOUNT, REGION } from './environment.mjs';
import { localBin } from './paths.mjs';
import { runProgram } from './run-program.mjs';

const QUIET = ['--no-notices', '--no-version-reporting', '--ci'];

/** Synthesizes the app in `cwd` into `output`. */
export async function synthesize({ cwd, output, context = {}, app, env, log }) {
  const contexts = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  const args = ['synth', '--quiet', '--output', output, ...(app ? ['--app', app] : []), ...contexts, ...QUIET];
  await runProgram(localBin('cdk'), args, { cwd, env, log, what: 'cdk synth' });
}

/** Makes the CDK toolkit stack in local AWS. */
export async function bootstrap({ env, cwd, log }) {
  const args = ['bootstrap', `aws://${ACCOUNT}/${REGION}`, ...QUIET];
  await runProgram(localBin('cdk'), args, { cwd, env, log, what: 'cdk bootstrap on local AWS' });
}

/** Deploys one stack of an assembly and returns its outputs. */
export async function deploy({ assembly, stack, env, cwd, log }) {
  const outputs = path.join(path.dirname(assembly), `${stack}.outputs.json`);
  const approval = ['--require-approval', 'never', '--outputs-file', outputs];
  const args = ['deploy', stack, '--app', assembly, '--output', `${assembly}.deploy`, ...approval, ...QUIET];
  await runProgram(localBin('cdk'), args, { cwd, env, log, what: `cdk deploy ${stack} on local AWS` });
  return JSON.parse(readFileSync(outputs, 'utf8'))[stack] ?? {};
}

/** Deletes a stack. */
export async function destroy({ assembly, stack, env, cwd, log }) {
  const args = ['destroy', stack, '--app', assembly, '--force', ...QUIET];
  await runProgram(localBin('cdk'), args, { cwd, env, log, what: `cdk destroy ${stack} on local AWS` });
}
