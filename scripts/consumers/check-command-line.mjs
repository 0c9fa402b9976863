import { Failure } from '../local-aws/failure.mjs';

/** The command that an installation brings must run where nothing but the installation is. */
export async function checkCommandLine(context, tools, part, command, args) {
  await context.report.test(part, 'the command line runs from the installation', async () => {
    const help = await tools.run('command line', command, [...args, '--help']);
    if (!help.includes('deidentify')) throw new Failure({ what: '--help must show the commands', got: help || 'nothing' });
  });
}
