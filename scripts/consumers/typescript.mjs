import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';
import { checkCommandLine } from './check-command-line.mjs';
import { onlyFile } from './tools.mjs';

export const name = 'typescript';
export const target = 'js';

/** The paths in a lockfile that an installation of CDK and the library may have. */
const OF_CDK_OR_OURS = /^(|node_modules\/(cdk-hipaa-pipeline|(aws-cdk-lib|constructs|@aws-cdk\/[^/]+)(\/.*)?))$/;

export async function synthesize(context, tools) {
  const tarball = onlyFile(path.join(context.dist, 'js'), '.tgz');
  tools.copyProgram('scripts/consumers/typescript');
  writeFileSync(path.join(tools.folder, 'app.ts'), startOfReadme(context.root));
  writeFileSync(path.join(tools.folder, 'package.json'), JSON.stringify({ name: 'claims', private: true }));
  await tools.run('install', 'npm', [
    'install',
    '--ignore-scripts',
    tarball,
    `aws-cdk-lib@${context.cdkRelease}`,
    `constructs@${context.constructsRelease}`,
  ]);
  // Not the checkout's settings: what a user's compiler says of the declarations in the package.
  await tools.run('compile', path.join(context.root, 'node_modules', '.bin', 'tsc'), ['-p', '.']);
  return tools.synthesize('node', ['app.js']);
}

export async function checkInstallation(context, tools) {
  await context.report.test(name, 'the package brings no other package along', async () => {
    const { packages } = JSON.parse(readFileSync(path.join(tools.folder, 'package-lock.json'), 'utf8'));
    const own = packages['node_modules/cdk-hipaa-pipeline'];
    const brought = Object.keys({ ...own.dependencies, ...own.optionalDependencies });
    const strangers = Object.keys(packages).filter((key) => !OF_CDK_OR_OURS.test(key));
    if (brought.length + strangers.length > 0) {
      throw new Failure({
        what: 'only CDK itself may be installed with the library',
        got: [...brought, ...strangers].join(', '),
      });
    }
  });
  await checkCommandLine(context, tools, name, 'npx', ['--no-install', 'cdk-hipaa-pipeline']);
}

/** The first example of the README, so that the programs in the other languages are held to what it shows. */
function startOfReadme(root) {
  const [, code] = /^```ts[^\n]*\n(.*?)^```$/ms.exec(readFileSync(path.join(root, 'README.md'), 'utf8')) ?? [];
  if (!code?.includes('new App(')) {
    throw new Failure({ what: 'the first TypeScript example of the README must be a whole program', got: code });
  }
  return code;
}
