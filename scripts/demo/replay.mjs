import { runLibraryCommand } from './library-command.mjs';
import { waitForManifest } from './objects.mjs';
import { depth } from './queues.mjs';

/** What on-call does after a crash: mend the function, then send what failed through the queue again. */
export async function replay(screen, { check }, { clients, pipeline }, { source, mend, stack, env, session }) {
  await mend();
  const { manifest } = await screen.step('mend the function and replay the dead-letter queue', async () => {
    const args = ['replay', '--stack', stack, '--yes'];
    await runLibraryCommand(args, { env, log: session.log, what: 'replaying the dead-letter queue' });
    return waitForManifest(clients, pipeline, source);
  });
  check('a replayed file is processed', manifest.status, 'COMPLETED_WITH_ERRORS');
  check('the replay emptied the dead-letter queue', await depth(clients, pipeline.deadLetterQueueUrl), {
    waiting: 0,
    inFlight: 0,
  });
}
