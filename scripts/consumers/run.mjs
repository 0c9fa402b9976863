/**
 * Requirement X1: the library is packaged for TypeScript, Python, Go and Java, and a program in each of them gets the
 * same template. `node scripts/consumers/run.mjs [--packaged] [--cdk-release VERSION]`
 *
 * --packaged     take dist/ as it is, instead of compiling and packaging first
 * --cdk-release  the CDK release of all four programs (default: the one that the library is built against, which is
 *                the lowest it supports)
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeError } from '../local-aws/failure.mjs';
import { stopPrograms } from '../local-aws/run-program.mjs';
import { checkTarball } from './check-tarball.mjs';
import { compareAssemblies } from './compare-assemblies.mjs';
import * as go from './go.mjs';
import * as java from './java.mjs';
import * as python from './python.mjs';
import { createReport } from './report.mjs';
import { createTools } from './tools.mjs';
import * as typescript from './typescript.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const REQUIREMENT = 'X1';

async function main() {
  const { values } = parseArgs({ options: { packaged: { type: 'boolean' }, 'cdk-release': { type: 'string' } } });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const report = createReport(REQUIREMENT);
  const context = {
    root,
    dist: path.join(root, 'dist'),
    work: path.join(root, '.ci', 'work', 'consumers'),
    cdkRelease: values['cdk-release'] ?? manifest.devDependencies['aws-cdk-lib'],
    constructsRelease: manifest.devDependencies.constructs,
    version: manifest.version,
    report,
  };
  rmSync(context.work, { recursive: true, force: true });
  mkdirSync(context.work, { recursive: true });
  report.say('all', `aws-cdk-lib ${context.cdkRelease} in every language; output of each step in .ci/work/consumers`);

  if (!values.packaged) {
    rmSync(context.dist, { recursive: true, force: true });
    const tools = createTools(context, 'library');
    // The last of them writes API.md and translates the examples, both of which are packaged.
    for (const task of ['pre-compile', 'compile', 'post-compile']) {
      await tools.run(task, 'npx', ['projen', task], { cwd: root });
    }
  }

  // Two at a time: each is a download, then a compiler, and more would only wait for the cores.
  const queue = [typescript, java, python, go];
  const assemblies = {};
  const lane = async () => {
    for (let language = queue.shift(); language; language = queue.shift()) {
      assemblies[language.name] = await packageAndSynthesize(language, context, !values.packaged);
    }
  };
  await Promise.all([lane(), lane()]);

  await report.test('tarball', 'it was made', () => checkTarball(context));
  for (const language of [python, go, java]) {
    await compareAssemblies(context, typescript.name, language.name, assemblies);
  }
  return report.end();
}

/** A language that fails is a failed test, and the others go on. */
async function packageAndSynthesize(language, context, packageFirst) {
  const tools = createTools(context, language.name);
  let assembly;
  await context.report.test(language.name, 'a program that uses the package synthesizes the example', async () => {
    if (packageFirst) {
      // Without its scripts: npm would make the assets once more, while the other lane packs them.
      const env = { npm_config_ignore_scripts: 'true' };
      await tools.run('package', 'npx', ['projen', `package:${language.target}`], { cwd: context.root, env });
    }
    assembly = await language.synthesize(context, tools);
  });
  if (assembly) await language.checkInstallation?.(context, tools);
  return assembly;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopPrograms();
    process.exit(1);
  });
}

main().then(
  (failed) => {
    process.exitCode = failed > 0 ? 1 : 0;
  },
  (error) => {
    stopPrograms();
    console.error(describeError(error).join('\n'));
    console.log('0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
  },
);
