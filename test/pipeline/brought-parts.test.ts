import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AuditTrail, HipaaKeyring, HipaaPipeline, IsolatedNetwork, PhiBucketSet } from '../../src';
import { againstEvidence, noInlineOrForeignPolicies, noWildcardActions } from '../evidence/privileges';
import { entries, evidenceOf, list, one, TemplateJson, templateOf, testStack, text, texts } from '../support/synth';
import type { Json } from '../support/synth';

const keyArn = (id: string) => `arn:aws:kms:us-east-1:111122223333:key/${id}`;

/** A pipeline on everything that a team already has. */
function brought(stack: Stack): HipaaPipeline {
  const key = (id: string) => kms.Key.fromKeyArn(stack, id, keyArn(id));
  const bucket = (id: string) => s3.Bucket.fromBucketName(stack, id, `their-${id.toLowerCase()}`);
  const keyring = HipaaKeyring.fromKeys(stack, 'Keys', {
    dataKey: key('Data'),
    logsKey: key('Logs'),
    trailKey: key('Trail'),
  });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });
  return new HipaaPipeline(stack, 'Claims', {
    keyring,
    network: IsolatedNetwork.fromVpc(stack, 'Network', { vpc }),
    buckets: PhiBucketSet.fromBuckets(stack, 'Buckets', {
      dataBucket: bucket('Records'),
      processedBucket: bucket('Results'),
      accessLogsBucket: bucket('AccessLogs'),
      keyring,
    }),
    auditTrail: AuditTrail.fromTrailArn(
      stack,
      'Organisation',
      'arn:aws:cloudtrail:us-east-1:999999999999:trail/organisation',
    ),
    alarmTopic: sns.Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:us-east-1:111122223333:on-call'),
  });
}

let template: TemplateJson;
let evidence: Json;
beforeAll(() => {
  const { stack } = testStack();
  brought(stack);
  template = templateOf(stack);
  evidence = evidenceOf(stack);
});

test('X3 a pipeline on parts that exist makes no key, VPC, bucket or trail', () => {
  for (const type of [
    'AWS::KMS::Key',
    'AWS::EC2::VPC',
    'AWS::S3::Bucket',
    'AWS::CloudTrail::Trail',
    'AWS::SNS::Topic',
  ]) {
    expect(entries(template, type)).toEqual([]);
  }
});

test('X3 A10 A11 the function uses them', () => {
  const fn = one(template, 'AWS::Lambda::Function').Properties;
  expect(texts(fn.VpcConfig.SubnetIds)).toEqual(['subnet-1', 'subnet-2']);
  expect(fn.Environment.Variables).toMatchObject({
    DATA_BUCKET: 'their-records',
    PROCESSED_BUCKET: 'their-results',
    DATA_KEY_ARN: keyArn('Data'),
  });
  expect(fn.KmsKeyArn).toBe(keyArn('Data'));
  for (const [, { Properties }] of entries(template, 'AWS::SQS::Queue')) {
    expect(Properties.KmsMasterKeyId).toBe(keyArn('Data'));
  }
  expect(one(template, 'AWS::Events::Rule').Properties.EventPattern.detail.bucket).toEqual({ name: ['their-records'] });
});

test('X3 everything that their policies must admit is open, nothing forgotten', () => {
  const items = list(list(evidence.stacks)[0].openItems);
  expect(items.map(({ id }) => text(id)).sort()).toEqual(
    [
      'key-policy-logs',
      'key-policy-events',
      'network-flow-logs',
      'network-endpoint-policy',
      'bucket-policy-Records',
      'bucket-policy-Results',
      'bucket-policy-AccessLogs',
      'imported-buckets',
      'trail-tampering',
      'trail-data-events-Records',
      'trail-data-events-Results',
      'keyed-identifiers',
    ].sort(),
  );
  const statement = (id: string) => items.find((item) => text(item.id) === id)!.statement;
  expect(texts(statement('network-endpoint-policy').Resource)).toEqual([
    'arn:${AWS::Partition}:s3:::their-records',
    'arn:${AWS::Partition}:s3:::their-records/*',
    'arn:${AWS::Partition}:s3:::their-results',
    'arn:${AWS::Partition}:s3:::their-results/*',
  ]);
  expect(texts(statement('key-policy-events').Condition.ArnEquals['aws:SourceArn'])[0]).toMatch(
    /rule\/healthcare-object-created-dev$/,
  );
  const readers = list(statement('bucket-policy-Records')).find(({ Sid }) => text(Sid) === 'DenyKeyObjectToOthers')!;
  expect(texts(readers.Condition.ArnNotEquals['aws:PrincipalArn'])[0]).toMatch(/ProcessorRole/);
});

test('X3 A22 rights are as narrow as with parts of its own', () => {
  const { unusedGrants, wildcards } = againstEvidence(evidence);
  expect([
    ...noInlineOrForeignPolicies(template),
    ...noWildcardActions(template),
    ...wildcards(template),
    ...unusedGrants(template),
  ]).toEqual([]);
});

test('X3 A28 outputs tell what is used; the bucket of a trail that exists is not known', () => {
  const outputs = Object.fromEntries(Object.entries(template.Outputs).map(([id, { Value }]) => [id, text(Value)]));
  expect(outputs).toMatchObject({
    ClaimsDataBucketName: 'their-records',
    ClaimsVpcId: 'vpc-1',
    ClaimsDataKeyArn: keyArn('Data'),
    ClaimsTrailArn: 'arn:aws:cloudtrail:us-east-1:999999999999:trail/organisation',
  });
  expect(outputs.ClaimsTrailBucketName).toBeUndefined();
});
