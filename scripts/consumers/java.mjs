import path from 'node:path';

export const name = 'java';
export const target = 'java';

const ARTIFACT = 'cdk-hipaa-pipeline';
const MAVEN = ['--batch-mode', '--no-transfer-progress'];
const INSTALL_FILE = 'org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file';

export async function synthesize(context, tools) {
  tools.copyProgram('examples/java');
  const folder = path.join(context.dist, 'java', 'io', 'github', 'cdkhipaapipeline', ARTIFACT, context.version);
  const file = path.join(folder, `${ARTIFACT}-${context.version}`);
  // Always, since the version does not change between two builds and Maven would keep the older jar.
  await tools.run('install', 'mvn', [...MAVEN, INSTALL_FILE, `-Dfile=${file}.jar`, `-DpomFile=${file}.pom`]);
  const cdk = `-Dcdk.version=${context.cdkRelease}`;
  await tools.run('compile', 'mvn', [...MAVEN, cdk, 'compile']);
  return tools.synthesize('mvn', [...MAVEN, cdk, 'exec:java']);
}
