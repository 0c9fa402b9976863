import path from 'node:path';

import { projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';
import { waitForManifest } from './objects.mjs';
import { depth } from './queues.mjs';

const command = path.join(projectRoot, 'assets/cli-src/main/cli.js');

/** What on-call does after a crash: mend the function, then send what failed through the queue again. */
export async function replay(screen, { check }, { clients, pipeline }, { source, mend, env, stack, log }) {
  await mend();
  const { manifest } = await screen.step('mend the function and replay the dead-letter queue', async () => {
    const args = [command, 'replay', '--stack', stack, '--yes'];
    await runProgram(process.execPath, args, { env, log, what: 'replaying the dead-letter queue' });
    return waitForManifest(clients, pipeline, source);
  });
  check('a replayed file is processed', manifest.status, 'COMPLETED_WITH_ERRORS');
  check('the replay emptied the dead-letter queue', (await depth(clients, pipeline.deadLetterQueueUrl)).waiting, 0);
}
