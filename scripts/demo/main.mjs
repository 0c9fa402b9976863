/** The main job from one command: `npm run demo`. What it does reads from top to bottom in `demo()`. */
import { describeError } from '../local-aws/failure.mjs';
import { buildAssets, checkPrerequisites } from './build.mjs';
import { createChecks } from './checks.mjs';
import { createConsole } from './console.mjs';
import { deployPipeline, prepareAssembly, provideLocalAws } from './deploy-example.mjs';
import { showEvidence } from './evidence.mjs';
import { processCrash, processPoison } from './failures.mjs';
import { showGaps, showLimits } from './limits.mjs';
import { HELP, readOptions } from './options.mjs';
import { deliverTwice, processFile } from './process-file.mjs';
import { findQueues, sendEvent } from './queues.mjs';
import { replay } from './replay.mjs';
import { runSession } from './session.mjs';
import { makeSyntheticFile } from './synthetic-file.mjs';

const STACK = 'Claims';

async function demo(screen, options, session) {
  const checks = createChecks(screen);
  checkPrerequisites();
  const server = await provideLocalAws(screen, session);
  await screen.step('bundle the function', () => buildAssets(session));
  const assembly = await prepareAssembly(screen, session, { expected: 'claims.json' });
  showGaps(screen, assembly.gaps);

  const deployed = await deployPipeline(screen, session, { server, assembly: assembly.filtered, stack: STACK });
  const { clients, pipeline } = deployed;
  const queues = await findQueues(clients, pipeline);
  const file = await screen.step(`generate ${options.patients} synthetic patients`, () =>
    makeSyntheticFile(session, { patients: options.patients }),
  );
  const world = { clients, pipeline, queues, file, sendEvent };

  const first = await processFile(screen, checks, world);
  await deliverTwice(screen, checks, world, first);
  await processPoison(screen, checks, world);
  const crash = await processCrash(screen, checks, world);
  await replay(screen, checks, world, { ...crash, env: server.env, stack: STACK });
  const evidence = showEvidence(screen, checks, assembly.synthesized);
  showLimits(screen);

  if (options.keep) await keepRunning(screen, server, session);
  return { checks, evidence, gaps: assembly.gaps };
}

async function keepRunning(screen, server) {
  screen.heading('Local AWS keeps running; Ctrl-C ends it');
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION']) {
    screen.always(`  export ${name}=${server.env[name]}`);
  }
  await new Promise(() => {});
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return;
  }
  // With --json, standard output holds the document alone.
  const screen = createConsole({
    stream: options.json ? process.stderr : process.stdout,
    quiet: options.headless || options.json,
  });
  await runSession(screen, async (session) => {
    const { checks, evidence, gaps } = await demo(screen, options, session);
    const { passed, failed, skipped } = checks.summary();
    if (options.json) console.log(JSON.stringify({ checks: checks.list, gaps, evidence }, undefined, 2));
    screen.always('');
    screen.always(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 ? 1 : 0;
  });
}

main().catch((error) => {
  console.error(describeError(error).join('\n'));
  process.exitCode = 1;
});
