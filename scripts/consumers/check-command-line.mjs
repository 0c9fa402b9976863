import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';

/** The command that an installation brings must run where nothing but the installation is. */
export async function checkCommandLine(context, tools, part, command, args) {
  await context.report.test(part, 'the command line of the installation tells its commands', async () => {
    const help = await tools.run('help', command, [...args, '--help']);
    if (!help.includes('deidentify'))
      throw new Failure({ what: '--help must show the commands', got: help || 'nothing' });
  });
  await context.report.test(part, 'the command line of the installation de-identifies a file', async () => {
    const patient = { resourceType: 'Patient', id: 'p1', gender: 'female', name: [{ family: 'Doe' }] };
    writeFileSync(path.join(tools.folder, 'patients.ndjson'), `${JSON.stringify(patient)}\n`);
    await tools.run('deidentify', command, [...args, 'deidentify', 'patients.ndjson', 'out']);
    const written = readdirSync(path.join(tools.folder, 'out', 'processed'), { recursive: true });
    if (!written.some((file) => file.includes('manifest'))) {
      throw new Failure({
        what: 'a manifest must be written below out/processed',
        got: written.join(', ') || 'nothing',
      });
    }
  });
}
