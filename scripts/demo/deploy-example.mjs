import path from 'node:path';

import { bootstrap, deploy, synthesize } from '../local-aws/cdk-cli.mjs';
import { localEnvironment } from '../local-aws/environment.mjs';
import { assertExpected, filterAssembly } from '../local-aws/filter-assembly.mjs';
import { installLocalAws } from '../local-aws/install.mjs';
import { projectRoot } from '../local-aws/paths.mjs';
import { startLocalAws } from '../local-aws/server.mjs';
import { connect, pipelineOf } from './deployment.mjs';

export const exampleFolder = path.join(projectRoot, 'examples/typescript');
// The id of the pipeline in its stack, with which its outputs begin.
const PIPELINE = 'Claims';
const expectedFolder = path.join(projectRoot, 'scripts/local-aws/expected');

/** Installs and starts local AWS. */
export async function provideLocalAws(screen, { folder, log, onEnd }) {
  const program = await screen.step('install local AWS (ministack)', () => installLocalAws({ log }));
  const server = await screen.step('start local AWS', () => startLocalAws({ program, folder }));
  onEnd(server.stop);
  return server;
}

/** Synthesizes one of the example apps and takes out of a copy what local AWS lacks. */
export async function prepareAssembly(screen, { folder, log }, { app, context, expected }) {
  const synthesized = path.join(folder, 'cdk.out');
  const filtered = path.join(folder, 'cdk.out.local');
  const env = localEnvironment('http://127.0.0.1:9', folder);
  await screen.step('synthesize the example app', () =>
    synthesize({ cwd: exampleFolder, output: synthesized, app, context, env, log }),
  );
  const gaps = await screen.step('take out what local AWS lacks', async () => {
    const found = filterAssembly(synthesized, filtered);
    assertExpected(found, path.join(expectedFolder, expected));
    return found;
  });
  return { synthesized, filtered, gaps };
}

/** Deploys the filtered assembly with the real CDK CLI. */
export async function deployPipeline(screen, { folder, log }, { server, assembly, stack }) {
  const { env } = server;
  await screen.step('cdk bootstrap', () => bootstrap({ env, cwd: folder, log }));
  const outputs = await screen.step('cdk deploy', () =>
    deploy({ assembly: assembly.filtered, stack, env, cwd: folder, log }),
  );
  return { clients: connect(server.endpoint), pipeline: pipelineOf(outputs, PIPELINE) };
}
