import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';
import { runProgram } from '../local-aws/run-program.mjs';

/** What every language needs: a folder of its own, programs run with a log, and where the assembly goes. */
export function createTools(context, name) {
  const folder = path.join(context.work, name);
  const log = path.join(context.work, `${name}.log`);
  const assembly = path.join(folder, 'cdk.out');
  mkdirSync(folder, { recursive: true });

  async function run(step, command, args, { cwd = folder, env = {} } = {}) {
    const start = Date.now();
    const output = await runProgram(command, args, {
      cwd,
      env: { ...process.env, ...env },
      log,
      what: `${step} (${path.basename(command)} ${args.join(' ')})`,
    });
    context.report.say(name, `${step} took ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return output;
  }

  return {
    folder,
    assembly,
    run,
    /** Runs the program as the CDK CLI would: it writes the assembly to the folder that it is told. */
    synthesize: async (command, args) => {
      await run('synth', command, args, { env: { CDK_OUTDIR: assembly } });
      return assembly;
    },
    copyProgram: (from) => cpSync(path.join(context.root, from), folder, { recursive: true }),
  };
}

/** The one file in a folder of dist/ with this ending. */
export function onlyFile(folder, ending) {
  const found = readdirSync(folder).filter((file) => file.endsWith(ending));
  if (found.length !== 1) {
    throw new Failure({ what: `${folder} must hold one file ending in ${ending}`, got: found.join(', ') || 'none' });
  }
  return path.join(folder, found[0]);
}
