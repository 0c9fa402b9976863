/**
 * Proves that a team's own function in Go runs under the contract: builds it, deploys it with the pipeline to local
 * AWS and checks what it wrote. `node scripts/demo/go-function.mjs`; without Go it says so and passes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../local-aws/paths.mjs';
import { runProgram } from '../local-aws/run-program.mjs';
import { checkPrerequisites } from './build.mjs';
import { createChecks } from './checks.mjs';
import { createConsole } from './console.mjs';
import { runSession } from './session.mjs';

const STACK = 'GoClaims';
const source = path.join(projectRoot, 'examples/go-function');
// Local AWS runs the binary on this machine.
const [goArch, architecture] = process.arch === 'arm64' ? ['arm64', 'arm64'] : ['amd64', 'x86_64'];

async function proveGoFunction(screen, { check, skip }, session) {
  if (spawnSync('go', ['version']).status !== 0) {
    skip('a function in Go runs as the processor', 'Go is not installed');
    return;
  }
  const { deployPipeline, prepareAssembly, provideLocalAws } = await import('./deploy-example.mjs');
  const binary = await screen.step('build the Go function', () => buildFunction(session));
  const server = await provideLocalAws(screen, session);
  const assembly = await prepareAssembly(screen, session, {
    app: 'npx tsx go-function.ts',
    context: { goFunction: path.dirname(binary), goArchitecture: architecture },
    expected: 'go-claims.json',
  });
  const { clients, pipeline } = await deployPipeline(screen, session, { server, assembly, stack: STACK });
  await processLines(screen, { check }, { clients, pipeline });
}

async function buildFunction({ folder, log }) {
  const binary = path.join(folder, 'go-function', 'bootstrap');
  mkdirSync(path.dirname(binary), { recursive: true });
  const args = ['build', '-tags', 'lambda.norpc', '-trimpath', '-ldflags', '-s -w', '-o', binary, '.'];
  const env = { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH: goArch };
  await runProgram('go', args, { cwd: source, env, log, what: 'building the Go function' });
  return binary;
}

/** Three lines in, a manifest that counts three out; the same event again writes nothing. */
async function processLines(screen, { check }, { clients, pipeline }) {
  const { waitFor } = await import('./deployment.mjs');
  const { deliver, inventory, read, under } = await import('./objects.mjs');
  const { depth, sendEvent } = await import('./queues.mjs');
  const manifests = async () => under(await inventory(clients, pipeline), pipeline.processedBucket, 'manifests/');

  const delivered = await deliver(clients, pipeline, 'incoming/three lines.txt', Buffer.from('one\ntwo\nthree\n'));
  const [{ key }] = await screen.step('put a file of three lines, wait for its manifest', () =>
    waitFor('the manifest', async () => {
      const found = await manifests();
      return found.length > 0 && found;
    }),
  );
  const { lines } = JSON.parse(await read(clients, pipeline.processedBucket, key));
  check('a function in Go counts the lines of a new object', lines, 3);

  const before = await inventory(clients, pipeline);
  await screen.step('deliver the same event a second time', async () => {
    await sendEvent(clients, pipeline, delivered);
    await waitFor('the queue to be empty', async () => {
      const { waiting, inFlight } = await depth(clients, pipeline.queueUrl);
      return waiting + inFlight === 0;
    });
  });
  check('its second delivery writes nothing', await inventory(clients, pipeline), before);
  check('nothing is in its dead-letter queue', (await depth(clients, pipeline.deadLetterQueueUrl)).waiting, 0);
}

checkPrerequisites();
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const screen = createConsole({ quiet: true });
await runSession(screen, async (session) => {
  const checks = createChecks(screen);
  await proveGoFunction(screen, checks, session);
  const { passed, failed, skipped } = checks.summary();
  screen.always(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
});
