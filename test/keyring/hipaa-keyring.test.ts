import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HipaaKeyring, HipaaKeyringProps } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  json,
  one,
  resources,
  statementsOf,
  synth,
  TemplateJson,
  text,
  texts,
} from '../support/synth';

const LOG_GROUP = 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/one';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/one';
const RULE = 'arn:aws:events:us-east-1:111122223333:rule/one';

const keyring = (props?: HipaaKeyringProps) => synth((stack) => new HipaaKeyring(stack, 'Keyring', props));

/** A keyring with one of everything admitted. */
const admitting = () =>
  synth((stack) => {
    const made = new HipaaKeyring(stack, 'Keyring');
    made.admitLogGroup(LOG_GROUP);
    made.admitTrail(TRAIL);
    made.admitEventRule(RULE);
    made.admitAlarms();
    made.admitServerAccessLogs();
  });

const key = (template: TemplateJson, which: 'Data' | 'Logs' | 'Trail') =>
  one(template, 'AWS::KMS::Key', new RegExp(`${which}Key`));

describe('keys', () => {
  test('A13 three customer-managed keys with yearly rotation and an alias each', () => {
    const rotates = (template: TemplateJson) =>
      entries(template, 'AWS::KMS::Key').flatMap(([id, { Properties }]) =>
        text(Properties.EnableKeyRotation) === 'true' && text(Properties.RotationPeriodInDays) === '365' ? [] : [id],
      );
    const template = keyring();
    bothWays(
      template,
      rotates,
      (copy) => (key(copy, 'Data').Properties.EnableKeyRotation = json(false)),
      (copy) => delete key(copy, 'Logs').Properties.EnableKeyRotation,
    );
    expect(entries(template, 'AWS::KMS::Key')).toHaveLength(3);
    expect(
      resources(template, 'AWS::KMS::Alias').map(({ Properties }) => [
        text(Properties.AliasName),
        text(Properties.TargetKeyId),
      ]),
    ).toEqual(
      ['Data', 'Logs', 'Trail'].map((which) => [
        `alias/healthcare-${which.toLowerCase()}-dev`,
        expect.stringContaining(`${which}Key`) as string,
      ]),
    );
  });

  test('A13 rotationPeriod and pendingWindow take effect, within what KMS takes', () => {
    const { Properties } = key(keyring({ rotationPeriod: Duration.days(90), pendingWindow: Duration.days(7) }), 'Data');
    expect([Properties.RotationPeriodInDays, Properties.PendingWindowInDays]).toEqual([90, 7]);
    expect(key(keyring(), 'Data').Properties.PendingWindowInDays).toBe(30);
    expect(() => keyring({ rotationPeriod: Duration.days(2560), pendingWindow: Duration.days(30) })).not.toThrow();
  });

  test.each([
    [
      { rotationPeriod: Duration.days(89) },
      'rotationPeriod must be from 90 to 2560 whole days, got 89; omit it for yearly rotation',
    ],
    [
      { rotationPeriod: Duration.days(2561) },
      'rotationPeriod must be from 90 to 2560 whole days, got 2561; omit it for yearly rotation',
    ],
    [{ pendingWindow: Duration.days(6) }, 'pendingWindow must be from 7 to 30 whole days, got 6; omit it for 30 days'],
    [
      { pendingWindow: Duration.days(31) },
      'pendingWindow must be from 7 to 30 whole days, got 31; omit it for 30 days',
    ],
  ])('A13 %j is an error', (props, message) => {
    expect(() => keyring(props)).toThrow(message);
  });

  test('A24 prefix and suffix reach alias and description', () => {
    const template = keyring({ namePrefix: 'claims', environmentSuffix: 'prod' });
    expect(resources(template, 'AWS::KMS::Alias').map(({ Properties }) => text(Properties.AliasName))).toContain(
      'alias/claims-data-prod',
    );
    expect(text(key(template, 'Data').Properties.Description)).toContain('(claims, prod)');
  });

  test('A26 keys are retained; DESTROY needs the second key', () => {
    expect(key(keyring(), 'Data')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(() => keyring({ removalPolicy: RemovalPolicy.DESTROY })).toThrow(/needs a second key/);
    const destroyed = synth((stack) => new HipaaKeyring(stack, 'Keyring', { removalPolicy: RemovalPolicy.DESTROY }), {
      context: { 'cdk-hipaa-pipeline:allow-destroy': true },
    });
    expect(key(destroyed, 'Data').DeletionPolicy).toBe('Delete');
  });

  test('A24 two keyrings of one name are an error; with another suffix they are not', () => {
    const two = (suffix: string) => (stack: Stack) => {
      new HipaaKeyring(stack, 'One');
      new HipaaKeyring(stack, 'Two', { environmentSuffix: suffix });
    };
    expect(() => synth(two('dev'))).toThrow(
      'key alias name "alias/healthcare-data-dev" must be unique in an account and region, got it for both Test/One and ' +
        'Test/Two; give one of them another environmentSuffix or namePrefix',
    );
    expect(entries(synth(two('test')), 'AWS::KMS::Key')).toHaveLength(6);
  });
});

describe('key policies', () => {
  test('A14 a key admits nobody but the account until a part registers', () => {
    for (const resource of resources(keyring(), 'AWS::KMS::Key')) {
      expect(statementsOf(resource)).toEqual([
        {
          Sid: 'AccountPoliciesDecide',
          Effect: 'Allow',
          Principal: {
            AWS: {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']],
            },
          },
          Action: 'kms:*',
          Resource: '*',
        },
      ]);
    }
  });

  test('A14 CloudWatch Logs gets exactly its actions, for the registered log groups only', () => {
    const statement = bySid(key(admitting(), 'Logs'), 'CloudWatchLogs');
    expect(text(statement.Principal.Service)).toBe('logs.${AWS::Region}.${AWS::URLSuffix}');
    expect(statement.Action).toEqual([
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ]);
    expect(statement.Condition).toEqual({ ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': [LOG_GROUP] } });
  });

  test('A14 CloudTrail gets exactly its actions on the trail key, under source ARN and encryption context', () => {
    const trailKey = key(admitting(), 'Trail');
    expect(bySid(trailKey, 'CloudTrailEncrypt')).toMatchObject({
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
      Condition: { StringEquals: { 'aws:SourceArn': [TRAIL], 'kms:EncryptionContext:aws:cloudtrail:arn': [TRAIL] } },
    });
    expect(bySid(trailKey, 'CloudTrailDescribeAndBucketKey')).toMatchObject({
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:DescribeKey', 'kms:Decrypt'],
      Condition: { StringEquals: { 'aws:SourceArn': [TRAIL] } },
    });
  });

  test('A14 EventBridge, CloudWatch and S3 log delivery get exactly their actions, each under a source', () => {
    const template = admitting();
    const account = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    expect(bySid(key(template, 'Data'), 'EventBridgeToQueue')).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { ArnEquals: { 'aws:SourceArn': [RULE] } },
    });
    expect(bySid(key(template, 'Logs'), 'CloudWatchAlarms')).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: account,
    });
    expect(bySid(key(template, 'Logs'), 'S3ServerAccessLogs')).toMatchObject({
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 'kms:GenerateDataKey',
      Condition: account,
    });
  });

  test('A14 no service is admitted without a condition on where it comes from', () => {
    const sourced = (template: TemplateJson) =>
      resources(template, 'AWS::KMS::Key')
        .flatMap(statementsOf)
        .filter(
          ({ Principal, Condition }) =>
            Principal.Service && !/aws:Source(Arn|Account)|EncryptionContext/.test(JSON.stringify(Condition ?? {})),
        )
        .map(({ Sid }) => text(Sid));
    bothWays(
      admitting(),
      sourced,
      (copy) => delete bySid(key(copy, 'Logs'), 'CloudWatchAlarms').Condition,
      (copy) => delete bySid(key(copy, 'Data'), 'EventBridgeToQueue').Condition,
      (copy) => delete bySid(key(copy, 'Trail'), 'CloudTrailEncrypt').Condition,
    );
  });

  test('A14 A24 what several parts register shares one statement, each name once', () => {
    const template = synth((stack) => {
      const made = new HipaaKeyring(stack, 'Keyring');
      for (const arn of ['one', 'one', 'two', 'one']) made.admitLogGroup(arn);
      for (const arn of ['one', 'two', 'two']) made.admitTrail(arn);
      for (const arn of ['one', 'two']) made.admitEventRule(arn);
      made.admitAlarms();
      made.admitAlarms();
      made.admitServerAccessLogs();
      made.admitServerAccessLogs();
    });
    expect(
      texts(bySid(key(template, 'Logs'), 'CloudWatchLogs').Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn']),
    ).toEqual(['one', 'two']);
    expect(texts(bySid(key(template, 'Trail'), 'CloudTrailEncrypt').Condition.StringEquals['aws:SourceArn'])).toEqual([
      'one',
      'two',
    ]);
    expect(texts(bySid(key(template, 'Data'), 'EventBridgeToQueue').Condition.ArnEquals['aws:SourceArn'])).toEqual([
      'one',
      'two',
    ]);
    expect(statementsOf(key(template, 'Logs'))).toHaveLength(4);
  });
});
