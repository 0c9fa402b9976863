/**
 * The same pipeline with a team's own function in Go (../go-function says how it is built):
 *
 *   npx cdk synth --app 'npx tsx go-function.ts'
 */
import * as path from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HipaaPipeline, ProcessorCode } from 'cdk-hipaa-pipeline';

const app = new App();
const stack = new Stack(app, 'GoClaims');

// A binary is built for one architecture: context `goFunction` and `goArchitecture` choose another than the default's.
const folder: string = app.node.tryGetContext('goFunction') ?? path.join(__dirname, '../go-function/dist');
const architecture = app.node.tryGetContext('goArchitecture') === 'x86_64' ? lambda.Architecture.X86_64 : undefined;

new HipaaPipeline(stack, 'Claims', {
  environmentSuffix: 'go',
  removalPolicy: RemovalPolicy.DESTROY,
  processor: ProcessorCode.fromAsset(folder, lambda.Runtime.PROVIDED_AL2023, 'bootstrap'),
  architecture,
});
