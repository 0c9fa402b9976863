/**
 * The ten-line start, deployable as it is: a pipeline for a development environment with synthetic data. For production
 * leave `removalPolicy` out, and with it the context `cdk-hipaa-pipeline:allow-destroy` in cdk.json.
 */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HipaaPipeline } from 'cdk-hipaa-pipeline';

const app = new App();
// No account, no region: the assembly can be deployed anywhere.
const stack = new Stack(app, 'Claims');

new HipaaPipeline(stack, 'Claims', {
  environmentSuffix: 'dev',
  removalPolicy: RemovalPolicy.DESTROY,
});
