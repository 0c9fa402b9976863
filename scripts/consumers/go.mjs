import { readFileSync } from 'node:fs';
import path from 'node:path';

export const name = 'go';
export const target = 'go';

const LIBRARY = 'github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline-go/cdkhipaapipeline';
const CDK = 'github.com/aws/aws-cdk-go/awscdk/v2';

export async function synthesize(context, tools) {
  tools.copyProgram('examples/go');
  const cdk = `${CDK}@v${context.cdkRelease}`;
  const { GoMod } = JSON.parse(await tools.run('download', 'go', ['mod', 'download', '-json', cdk]));
  const replacements = [
    `${LIBRARY}=${path.join(context.dist, 'go', 'cdkhipaapipeline')}`,
    // The generated module asks for the parts of CDK that npm installed beside it, which can be newer than any that
    // exist in Go. Those that this release of CDK for Go asks for itself do; the checksum database vouches for them.
    ...partsOf(readFileSync(GoMod, 'utf8')).map(([module, version]) => `${module}=${module}@${version}`),
  ];
  await tools.run('versions', 'go', [
    ...['mod', 'edit', `-require=${cdk}`],
    ...replacements.map((replacement) => `-replace=${replacement}`),
  ]);
  // -mod=mod: go.sum comes with the build.
  await tools.run('build', 'go', ['build', '-mod=mod', '-buildvcs=false', '-o', 'claims', '.']);
  return tools.synthesize('./claims', []);
}

/** What a go.mod file requires of cdklabs, as pairs of module and version. */
function partsOf(goMod) {
  return [...goMod.matchAll(/(github\.com\/cdklabs\/\S+) (v\S+)/g)].map(([, module, version]) => [module, version]);
}
