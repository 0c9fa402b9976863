import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { HIPAASecurityChecks } from 'cdk-nag';
import {
  AccessLogEncryption,
  HipaaKeyring,
  HipaaPipeline,
  HipaaPipelineProps,
  PhiBucketSet,
  PseudonymKey,
} from '../../src';

/** The findings of the HIPAA pack over an app, as `rule at path`; a rule that could not be evaluated is a finding. */
function findings(app: App): string[] {
  const report = new HIPAASecurityChecks(app).validateScope(app);
  return report.violations
    .flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    )
    .sort();
}

/** Rules that the library acknowledges in an app, each with its reason. */
function acknowledged(app: App): string[] {
  const entries = app.node.findAll().flatMap((node) =>
    node.node.metadata
      .filter((entry) => entry.type === 'cdk-hipaa-pipeline:acknowledgement')
      .map((entry) => {
        expect((entry.data as { reason: string }).reason.length).toBeGreaterThan(40);
        return `${(entry.data as { rule: string }).rule} at ${node.node.path}`;
      }),
  );
  return entries.sort();
}

function pipelineApp(props: HipaaPipelineProps = {}): { app: App; stack: Stack; pipeline: HipaaPipeline } {
  const app = new App({ context: { 'cdk-hipaa-pipeline:allow-destroy': true } });
  const stack = new Stack(app, 'Stack');
  return { app, stack, pipeline: new HipaaPipeline(stack, 'Claims', props) };
}

const LOG_BUCKET = 'HIPAA.Security-S3BucketLoggingEnabled at Stack/Claims/Buckets/AccessLogsBucket';

test('X2 the default pipeline has no finding, and acknowledges the replica that nobody gave and the log bucket that logs nothing of its own', () => {
  const { app } = pipelineApp();
  expect(findings(app)).toEqual([]);
  const replication = [
    'AuditTrail/TrailBucket',
    'Buckets/AccessLogsBucket',
    'Buckets/DataBucket',
    'Buckets/ProcessedBucket',
  ];
  expect(acknowledged(app)).toEqual([
    LOG_BUCKET,
    ...replication.map((path) => `HIPAA.Security-S3BucketReplicationEnabled at Stack/Claims/${path}`),
  ]);
});

test('X2 a pseudonym key of KMS, with the endpoint that it needs, brings no finding', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const key = kms.Key.fromKeyArn(stack, 'Hmac', 'arn:aws:kms:us-east-1:111122223333:key/hmac');
  new HipaaPipeline(stack, 'Claims', { pseudonymKey: PseudonymKey.kmsHmac(key) });
  expect(findings(app)).toEqual([]);
});

test('X2 given a replica, nothing but the log bucket is acknowledged', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const replica = {
    bucket: s3.Bucket.fromBucketName(stack, 'Replica', 'replica-bucket'),
    key: kms.Key.fromKeyArn(
      stack,
      'ReplicaKey',
      'arn:aws:kms:us-west-2:111122223333:key/00000000-0000-0000-0000-000000000000',
    ),
  };
  new HipaaPipeline(stack, 'Claims', { replica });
  expect(findings(app)).toEqual([]);
  expect(acknowledged(app)).toEqual([LOG_BUCKET]);
});

test('X2 a second pipeline that shares keys, network and trail has no finding', () => {
  const { app, stack, pipeline } = pipelineApp();
  const { keyring, network, auditTrail } = pipeline;
  new HipaaPipeline(stack, 'Second', { environmentSuffix: 'two', keyring, network, auditTrail });
  expect(findings(app)).toEqual([]);
});

test('X2 A26 a pipeline for synthetic data that can be destroyed has no finding', () => {
  expect(findings(pipelineApp({ removalPolicy: RemovalPolicy.DESTROY }).app)).toEqual([]);
});

test('X2 access logs under keys of S3 are acknowledged with their reason', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const keyring = new HipaaKeyring(stack, 'Keyring');
  new PhiBucketSet(stack, 'Buckets', { keyring, accessLogEncryption: AccessLogEncryption.S3_MANAGED });
  expect(findings(app)).toEqual([]);
  expect(acknowledged(app)).toContain('HIPAA.Security-S3DefaultEncryptionKMS at Stack/Buckets/AccessLogsBucket');
});

// The twins: the pack is at work, and each prop that leaves a rule open is seen.

test('X2 the pack finds an ordinary bucket beside the pipeline', () => {
  const { app, stack } = pipelineApp();
  new s3.Bucket(stack, 'Ordinary');
  expect(findings(app)).toContain('HIPAA.Security-S3DefaultEncryptionKMS at Stack/Ordinary/Resource');
});

test('X2 the pack finds concurrency that is not reserved', () => {
  const { app } = pipelineApp({ reserveConcurrency: false });
  expect(findings(app)).toEqual(['HIPAA.Security-LambdaConcurrency at Stack/Claims/Processor/Function/Resource']);
});

test('X2 the pack finds a default security group that is left as it is', () => {
  const { app } = pipelineApp({ restrictDefaultSecurityGroup: false });
  expect(findings(app)).toEqual(['HIPAA.Security-VPCDefaultSecurityGroupClosed at Stack/Claims/Network/Vpc/Resource']);
});
