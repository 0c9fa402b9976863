import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ComplianceEvidence, HipaaKeyring, IHipaaKeyring } from '../../src';
import { entries, evidenceOf, idOf, list, one, statementsOf, templateOf, testStack, text } from '../support/synth';

const ARN = (id: string) => `arn:aws:kms:us-east-1:111122223333:key/${id}`;

const foreign = (stack: Stack) =>
  HipaaKeyring.fromKeys(stack, 'Keyring', {
    dataKey: kms.Key.fromKeyArn(stack, 'Data', ARN('data')),
    logsKey: kms.Key.fromKeyArn(stack, 'Logs', ARN('logs')),
    trailKey: kms.Key.fromKeyArn(stack, 'Trail', ARN('trail')),
  });

const owned = (stack: Stack) =>
  HipaaKeyring.fromKeys(stack, 'Keyring', {
    dataKey: new kms.Key(stack, 'Data'),
    logsKey: new kms.Key(stack, 'Logs'),
    trailKey: new kms.Key(stack, 'Trail'),
  });

const admitAll = (keyring: IHipaaKeyring) => {
  keyring.admitLogGroup('log-group-arn');
  keyring.admitTrail('trail-arn');
  keyring.admitEventRule('rule-arn');
  keyring.admitAlarms();
  keyring.admitServerAccessLogs();
};

const openItems = (stack: Stack) => {
  ComplianceEvidence.of(stack);
  return list(evidenceOf(stack).stacks).flatMap(({ openItems: items }) => list(items));
};

describe('keys that exist', () => {
  test('X3 A14 what their policies must admit is open, with the statement to add', () => {
    const { stack } = testStack();
    admitAll(foreign(stack));
    const items = openItems(stack);
    expect(items.map(({ id }) => text(id))).toEqual([
      'key-policy-logs',
      'key-policy-trail',
      'key-policy-trail',
      'key-policy-events',
      'key-policy-alarms',
      'key-policy-access-logs',
    ]);
    expect(items[0]).toMatchObject({
      path: 'Test/Keyring',
      controls: ['164.312(a)(2)(iv)'],
      what: 'the policy of imported key Test/Logs must admit a service',
      close: 'add the statement to the policy of the key',
      statement: {
        Sid: 'CloudWatchLogs',
        Effect: 'Allow',
        Resource: '*',
        Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': ['log-group-arn'] } },
      },
    });
    expect(items.map(({ statement }) => text(statement.Sid))).toEqual([
      'CloudWatchLogs',
      'CloudTrailEncrypt',
      'CloudTrailDescribeAndBucketKey',
      'EventBridgeToQueue',
      'CloudWatchAlarms',
      'S3ServerAccessLogs',
    ]);
  });

  test('X3 A14 the statement lists every name that came by synth, and stands there once', () => {
    const { stack } = testStack();
    const keyring = foreign(stack);
    for (const arn of ['one', 'one', 'two']) keyring.admitLogGroup(arn);
    const items = openItems(stack);
    expect(items).toHaveLength(1);
    expect(items[0].statement.Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn']).toEqual(['one', 'two']);
  });

  test('X3 they make no resource of their own', () => {
    const { stack } = testStack();
    admitAll(foreign(stack));
    expect(templateOf(stack).Resources).toEqual({});
  });
});

describe('keys that CDK owns', () => {
  test('X3 A14 get the statements, listed as wildcards of these keys, and nothing stays open', () => {
    const { stack } = testStack();
    admitAll(owned(stack));
    expect(openItems(stack)).toEqual([]);
    const template = templateOf(stack);
    const sids = (id: RegExp) =>
      statementsOf(one(template, 'AWS::KMS::Key', id))
        .map(({ Sid }) => text(Sid))
        .filter(Boolean);
    expect(sids(/^Data/)).toEqual(['EventBridgeToQueue']);
    expect(sids(/^Logs/)).toEqual(['CloudWatchLogs', 'CloudWatchAlarms', 'S3ServerAccessLogs']);
    expect(sids(/^Trail/)).toEqual(['CloudTrailEncrypt', 'CloudTrailDescribeAndBucketKey']);
    expect(list(list(evidenceOf(stack).stacks)[0].wildcards)).toContainEqual({
      path: 'Test/Data',
      logicalId: idOf(template, 'AWS::KMS::Key', /^Data/),
      sid: 'EventBridgeToQueue',
      reason: 'in a key policy `*` means this key: AWS leaves no other form',
    });
  });
});

describe('grants', () => {
  const grants: [string, string, (keyring: IHipaaKeyring, grantee: iam.IGrantable) => iam.Grant, string[], RegExp][] = [
    ['A10', 'grantDecryptData', (keyring, grantee) => keyring.grantDecryptData(grantee), ['kms:Decrypt'], /DataKey/],
    [
      'A10',
      'grantEncryptDecryptData',
      (keyring, grantee) => keyring.grantEncryptDecryptData(grantee),
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      /DataKey/,
    ],
    [
      'A21',
      'grantEncryptLogs',
      (keyring, grantee) => keyring.grantEncryptLogs(grantee),
      ['kms:Encrypt', 'kms:GenerateDataKey'],
      /LogsKey/,
    ],
  ];

  test.each(grants)('%s A22 %s gives exactly its actions, on exactly that key', (_id, _name, grant, actions, key) => {
    const { stack } = testStack();
    const role = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
    expect(grant(new HipaaKeyring(stack, 'Keyring'), role).success).toBe(true);
    const template = templateOf(stack);
    const [[, policy]] = entries(template, 'AWS::IAM::Policy');
    const statements = statementsOf(policy);
    expect(statements).toHaveLength(1);
    expect(list(statements[0].Action)).toEqual(actions);
    expect(text(statements[0].Resource)).toBe(`\${${idOf(template, 'AWS::KMS::Key', key)}.Arn}`);
  });

  test.each(grants)('X3 %s %s works on keys that exist', (_id, _name, grant, actions) => {
    const { stack } = testStack();
    const role = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
    grant(foreign(stack), role);
    const [[, policy]] = entries(templateOf(stack), 'AWS::IAM::Policy');
    expect(list(statementsOf(policy)[0].Action)).toEqual(actions);
    expect(text(statementsOf(policy)[0].Resource)).toMatch(/^arn:aws:kms:us-east-1:111122223333:key\/(data|logs)$/);
  });
});
