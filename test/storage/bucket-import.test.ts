import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ComplianceEvidence, HipaaKeyring, IPhiBucketSet, PhiBucketSet, PhiZone } from '../../src';
import { entries, evidenceOf, list, one, statementsOf, templateOf, testStack, text, texts } from '../support/synth';

const ROLE = 'arn:aws:iam::111122223333:role/processor';

const foreign = (stack: Stack) =>
  PhiBucketSet.fromBuckets(stack, 'Buckets', {
    dataBucket: s3.Bucket.fromBucketName(stack, 'Data', 'their-data'),
    processedBucket: s3.Bucket.fromBucketName(stack, 'Processed', 'their-results'),
    accessLogsBucket: s3.Bucket.fromBucketName(stack, 'AccessLogs', 'their-logs'),
    keyring: new HipaaKeyring(stack, 'Keyring'),
  });

const owned = (stack: Stack) =>
  PhiBucketSet.fromBuckets(stack, 'Buckets', {
    dataBucket: new s3.Bucket(stack, 'Data'),
    processedBucket: new s3.Bucket(stack, 'Processed'),
    accessLogsBucket: new s3.Bucket(stack, 'AccessLogs'),
    keyring: new HipaaKeyring(stack, 'Keyring'),
  });

const admitAll = (stack: Stack, buckets: IPhiBucketSet) => {
  const role = iam.Role.fromRoleArn(stack, 'Role', ROLE);
  buckets.admitKeyReader(role);
  buckets.admitKeyReader(role);
  buckets.admitAccessLogSource('arn:aws:s3:::trail');
  buckets.admitAccessLogSource('arn:aws:s3:::trail');
};

const openItems = (stack: Stack) => {
  ComplianceEvidence.of(stack);
  return list(list(evidenceOf(stack).stacks)[0].openItems);
};

test('X3 buckets by name: what their policies must say is open, with the statement to add', () => {
  const { stack } = testStack();
  admitAll(stack, foreign(stack));
  const items = openItems(stack);
  const tls = ['DenyPlainHttp', 'DenyOldTls'];
  const keys = ['DenyOtherEncryption', 'DenyOtherKey', 'DenyKmsWithoutKey', 'DenyCustomerProvidedKey'];
  expect(
    items.map(({ id, statement }) => [text(id), statement && list(statement).map(({ Sid }) => text(Sid))]),
  ).toEqual([
    [
      'bucket-policy-Data',
      [...tls, ...keys, 'DenyKeyObjectOverwrite', 'DenyKeyObjectDeletion', 'DenyKeyObjectToOthers'],
    ],
    ['bucket-policy-Processed', [...tls, ...keys]],
    ['bucket-policy-AccessLogs', [...tls, 'AllowServerAccessLogs']],
    ['imported-buckets', undefined],
  ]);
  expect(items[0]).toMatchObject({
    path: 'Test/Buckets',
    what: 'the policy of imported bucket Test/Data lacks statements',
    close: 'add the statements to the policy of the bucket',
  });
  const [readers] = list(items[0].statement).slice(-1);
  expect(readers).toMatchObject({ Effect: 'Deny', Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } } });
  expect(text(readers.Resource)).toBe('arn:${AWS::Partition}:s3:::their-data/keys/*');
  expect(list(items[2].statement)[2]).toMatchObject({
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': ['arn:aws:s3:::trail'] } },
  });
  expect(entries(templateOf(stack), 'AWS::S3::BucketPolicy')).toEqual([]);
});

test('X3 what cannot be set from here is open, EventBridge notifications named', () => {
  const { stack } = testStack();
  foreign(stack);
  const item = openItems(stack).find(({ id }) => text(id) === 'imported-buckets')!;
  expect(text(item.what)).toMatch(/versioning, encryption, access logs, lifecycle and EventBridge/);
  expect(text(item.close)).toMatch(/without EventBridge notifications on the data bucket nothing is processed/);
});

test('X3 buckets that CDK owns get the statements, and only what cannot be set stays open', () => {
  const { stack } = testStack();
  admitAll(stack, owned(stack));
  expect(openItems(stack).map(({ id }) => text(id))).toEqual(['imported-buckets']);
  const template = templateOf(stack);
  const sids = (id: RegExp) => statementsOf(one(template, 'AWS::S3::BucketPolicy', id)).map(({ Sid }) => text(Sid));
  expect(sids(/^Data/)).toEqual([
    'DenyPlainHttp',
    'DenyOldTls',
    'DenyOtherEncryption',
    'DenyOtherKey',
    'DenyKmsWithoutKey',
    'DenyCustomerProvidedKey',
    'DenyKeyObjectOverwrite',
    'DenyKeyObjectDeletion',
    'DenyKeyObjectToOthers',
  ]);
  expect(sids(/^AccessLogs/)).toEqual(['DenyPlainHttp', 'DenyOldTls', 'AllowServerAccessLogs']);
});

test('X3 A22 grants work on buckets that exist', () => {
  const { stack } = testStack();
  const role = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
  foreign(stack).grantRead(role, PhiZone.PROCESSED, 'manifests/');
  const [statement] = statementsOf(one(templateOf(stack), 'AWS::IAM::Policy'));
  expect(texts(statement.Action)).toEqual(['s3:GetObject', 's3:GetObjectVersion']);
  expect(text(statement.Resource)).toBe('arn:${AWS::Partition}:s3:::their-results/manifests/*');
});
