import { buildAssets } from './build.mjs';
import { createChecks } from './checks.mjs';
import { deleteStack } from './delete-stack.mjs';
import { deployPipeline, prepareAssembly, provideLocalAws } from './deploy-example.mjs';
import { showEvidence } from './evidence.mjs';
import { processCrash, processPoison } from './failures.mjs';
import { checkNothingLeaks } from './leaks.mjs';
import { showGaps, showLimits } from './limits.mjs';
import { deliverTwice, processFile } from './process-file.mjs';
import { replay } from './replay.mjs';
import { makeSyntheticFile } from './synthetic-file.mjs';

const STACK = 'Claims';

/** The main job, from an empty machine to a de-identified record and everything that can go wrong on the way. */
export async function demo(screen, options, session) {
  const checks = createChecks(screen);
  const server = await provideLocalAws(screen, session);
  await screen.step('bundle the function', () => buildAssets(session));
  const assembly = await prepareAssembly(screen, session, { expected: 'claims.json' });
  showGaps(screen, assembly.gaps);

  const { clients, pipeline } = await deployPipeline(screen, session, { server, assembly, stack: STACK });
  const file = await screen.step(`generate ${options.patients} synthetic patients`, () =>
    makeSyntheticFile(session, { patients: options.patients }),
  );
  const account = { stack: STACK, env: server.env, session };
  const world = { clients, pipeline, file };

  const first = await processFile(screen, checks, world);
  await deliverTwice(screen, checks, world, first);
  await processPoison(screen, checks, world);
  const crash = await processCrash(screen, checks, world);
  await replay(screen, checks, world, { ...crash, ...account });
  await checkNothingLeaks(checks, world, first);
  const evidence = showEvidence(screen, checks, assembly.synthesized);
  showLimits(screen);

  if (options.keep) await keepRunning(screen, server);
  await deleteStack(screen, checks, world, { assembly, ...account });
  return { checks, evidence, gaps: assembly.gaps };
}

async function keepRunning(screen, server) {
  screen.heading('Local AWS keeps running; Ctrl-C ends it');
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION']) {
    screen.always(`  export ${name}=${server.env[name]}`);
  }
  await new Promise(() => {});
}
