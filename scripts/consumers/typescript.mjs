import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';
import { checkCommandLine } from './check-command-line.mjs';
import { onlyFile } from './tools.mjs';

export const name = 'typescript';
export const target = 'js';

export async function synthesize(context, tools) {
  const tarball = onlyFile(path.join(context.dist, 'js'), '.tgz');
  tools.copyProgram('scripts/consumers/typescript');
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
    const nested = Object.keys(packages).filter((key) => key.startsWith('node_modules/cdk-hipaa-pipeline/'));
    const strangers = Object.keys(packages).filter((key) => !/^(|node_modules\/(cdk-hipaa-pipeline|aws-cdk-lib|constructs|@aws-cdk\/.*))(\/node_modules\/.*)?$/.test(key));
    if (brought.length + nested.length + strangers.length > 0) {
      throw new Failure({
        what: 'only CDK itself may be installed with the library',
        got: [...brought, ...nested, ...strangers].join(', '),
      });
    }
  });
  await checkCommandLine(context, tools, name, 'npx', ['--no-install', 'cdk-hipaa-pipeline']);
}
