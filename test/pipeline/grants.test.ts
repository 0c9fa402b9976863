import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AuditTrail, HipaaKeyring, HipaaPipeline, PhiBucketSet, PhiProcessor, PipelineMonitoring } from '../../src';
import { one, resources, statementsOf, templateOf, testStack, text, texts } from '../support/synth';

/** What a new role may do after `grant`, as `actions on resources`. */
function granted(stack: Stack, grant: (role: iam.Role) => iam.Grant): string[] {
  const role = new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() });
  grant(role).assertSuccess();
  return statementsOf(one(templateOf(stack), 'AWS::IAM::Policy', /Person/)).map(
    ({ Action, Resource }) => `${texts(Action).join(' ')} on ${texts(Resource).map(short).join(' ')}`,
  );
}

const short = (arn: string) =>
  arn.replace(/\$\{Claims(?:Buckets|Keyring|Processor|AuditTrail)(\w+?)[0-9A-F]{8}\.Arn\}/, '$1');

const claims = () => {
  const { stack } = testStack();
  return { stack, pipeline: new HipaaPipeline(stack, 'Claims') };
};

test('A21 A22 a producer may deliver under incoming/, and nothing else', () => {
  const { stack, pipeline } = claims();
  expect(granted(stack, (role) => pipeline.grantDeliver(role))).toEqual([
    's3:PutObject s3:AbortMultipartUpload on DataBucket/incoming/*',
    'kms:Decrypt kms:GenerateDataKey on DataKey',
  ]);
});

test('A21 A22 a reader may read results and manifests, and nothing of the data bucket', () => {
  const { stack, pipeline } = claims();
  expect(granted(stack, (role) => pipeline.grantReadResults(role))).toEqual([
    's3:GetObject s3:GetObjectVersion on ProcessedBucket/deidentified/*',
    'kms:Decrypt on DataKey',
    's3:GetObject s3:GetObjectVersion on ProcessedBucket/manifests/*',
  ]);
});

test('A12 A22 an operator may replay: out of the dead-letter queue, into the queue', () => {
  const { stack, pipeline } = claims();
  expect(granted(stack, (role) => pipeline.processor.grantReplay(role))).toEqual([
    'sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes on DeadLetterQueue',
    'sqs:SendMessage sqs:GetQueueAttributes on Queue',
    'kms:Decrypt kms:GenerateDataKey on DataKey',
  ]);
});

test('A19 A22 an auditor may read the trail, and no PHI', () => {
  const { stack, pipeline } = claims();
  expect(granted(stack, (role) => (pipeline.auditTrail as AuditTrail).grantRead(role))).toEqual([
    's3:GetObject on TrailBucket/*',
    's3:ListBucket on TrailBucket',
    'kms:Decrypt on TrailKey',
  ]);
});

test('X3 a pipeline of another app grants the same over its buckets', () => {
  const { stack } = testStack();
  const bucket = (id: string) => s3.Bucket.fromBucketName(stack, id, `their-${id.toLowerCase()}`);
  const keyring = new HipaaKeyring(stack, 'Keyring');
  const buckets = PhiBucketSet.fromBuckets(stack, 'Buckets', {
    dataBucket: bucket('Data'),
    processedBucket: bucket('Processed'),
    accessLogsBucket: bucket('AccessLogs'),
    keyring,
  });
  const pipeline = HipaaPipeline.fromBuckets(stack, 'Claims', buckets);
  expect(pipeline.buckets).toBe(buckets);
  const [deliver] = granted(stack, (role) => pipeline.grantDeliver(role));
  expect(deliver).toBe('s3:PutObject s3:AbortMultipartUpload on arn:${AWS::Partition}:s3:::their-data/incoming/*');
});

test('X3 A12 a processor of another app is watched, and its events can be replayed', () => {
  const { stack } = testStack();
  const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:111122223333:${name}`;
  const keyring = new HipaaKeyring(stack, 'Keyring');
  const processor = PhiProcessor.fromPhiProcessorAttributes(stack, 'Theirs', {
    lambdaFunction: lambda.Function.fromFunctionArn(stack, 'Function', arn('lambda', 'function:their-processing')),
    queue: sqs.Queue.fromQueueArn(stack, 'Queue', arn('sqs', 'their-objects')),
    deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'DeadLetters', arn('sqs', 'their-dead-letters')),
    keyring,
  });
  new PipelineMonitoring(stack, 'Monitoring', { keyring, processor });
  expect(granted(stack, (role) => processor.grantReplay(role)).slice(0, 2)).toEqual([
    `sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes on ${arn('sqs', 'their-dead-letters')}`,
    `sqs:SendMessage sqs:GetQueueAttributes on ${arn('sqs', 'their-objects')}`,
  ]);
  const watched = resources(templateOf(stack), 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) =>
    texts(Properties.Dimensions).length ? [text(Properties.MetricName)] : [],
  );
  expect(watched).toEqual(expect.arrayContaining(['RecordsRejected', 'ObjectsFailed', 'Errors', 'Throttles']));
});
