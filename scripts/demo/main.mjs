/** The main job from one command: `npm run demo`. What it does reads from top to bottom in demo.mjs. */
import { describeError } from '../local-aws/failure.mjs';
import { checkPrerequisites } from './build.mjs';
import { createConsole } from './console.mjs';
import { HELP, readOptions } from './options.mjs';
import { runSession } from './session.mjs';

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return;
  }
  checkPrerequisites();
  // A warning in the middle of the progress; it says nothing about this project.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // Only now: without the project's packages its imports fail.
  const { demo } = await import('./demo.mjs');
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
