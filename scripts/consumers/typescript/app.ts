/** The ten-line start in TypeScript; ../../../examples has the same program in Python, Go and Java. */
import { App, Stack } from 'aws-cdk-lib';
import { HipaaPipeline } from 'cdk-hipaa-pipeline';

const app = new App();
const stack = new Stack(app, 'ClaimsStack');

new HipaaPipeline(stack, 'Claims', { environmentSuffix: 'prod' });

app.synth();
