/** The pipelines that the rule packs read: as it comes, sharing, destroyable, and with a replica. */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { HipaaPipeline } from '../../src';

const app = new App({ outdir: process.argv[2], context: { 'cdk-hipaa-pipeline:allow-destroy': true } });

new HipaaPipeline(new Stack(app, 'Default'), 'Claims');

const sharing = new Stack(app, 'Sharing');
const first = new HipaaPipeline(sharing, 'Claims', { environmentSuffix: 'one', alarmEmails: ['on-call@example.org'] });
const { keyring, network, auditTrail } = first;
new HipaaPipeline(sharing, 'Labs', { environmentSuffix: 'two', keyring, network, auditTrail });

new HipaaPipeline(new Stack(app, 'Destroyable'), 'Claims', {
  environmentSuffix: 'synthetic',
  removalPolicy: RemovalPolicy.DESTROY,
});

const replicated = new Stack(app, 'Replicated');
new HipaaPipeline(replicated, 'Claims', {
  environmentSuffix: 'replicated',
  replica: {
    bucket: s3.Bucket.fromBucketName(replicated, 'Replica', 'replica-of-claims'),
    key: kms.Key.fromKeyArn(
      replicated,
      'ReplicaKey',
      'arn:aws:kms:us-west-2:111122223333:key/00000000-0000-0000-0000-000000000000',
    ),
  },
});

app.synth();
