import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AuditTrail, AuditTrailProps, ComplianceEvidence, HipaaKeyring, PhiBucketSet } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  idOf,
  json,
  list,
  one,
  resources,
  statementsOf,
  synth,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const build =
  (props: Partial<AuditTrailProps> = {}) =>
  (stack: Stack) => {
    const keyring = new HipaaKeyring(stack, 'Keyring');
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring });
    return new AuditTrail(stack, 'Audit', { keyring, buckets, ...props });
  };
const audit = (props?: Partial<AuditTrailProps>, options?: Parameters<typeof synth>[1]) => synth(build(props), options);
const trail = (template: TemplateJson) => one(template, 'AWS::CloudTrail::Trail');
const bucket = (template: TemplateJson) => one(template, 'AWS::S3::Bucket', /TrailBucket/);
const TRAIL_ARN = 'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/healthcare-trail-dev';

const openItems = (props: Partial<AuditTrailProps>, context = {}) => {
  const { stack } = testStack({ context });
  build(props)(stack);
  ComplianceEvidence.of(stack);
  return list(list(evidenceOf(stack).stacks)[0].openItems).map(({ id }) => text(id));
};

let template: TemplateJson;
beforeAll(() => {
  template = audit();
});

describe('trail', () => {
  test('A18 is multi-region, validates log files, is on, and is under the trail key', () => {
    const on = (checked: TemplateJson) => {
      const { Properties } = trail(checked);
      const switches = ['IsMultiRegionTrail', 'EnableLogFileValidation', 'IsLogging', 'IncludeGlobalServiceEvents'];
      return [
        ...switches.filter((name) => text(Properties[name]) !== 'true'),
        ...(/TrailKey/.test(text(Properties.KMSKeyId)) ? [] : ['KMSKeyId']),
      ];
    };
    bothWays(
      template,
      on,
      (copy) => (trail(copy).Properties.IsMultiRegionTrail = json(false)),
      (copy) => delete trail(copy).Properties.EnableLogFileValidation,
      (copy) => (trail(copy).Properties.IsLogging = json(false)),
      (copy) => delete trail(copy).Properties.KMSKeyId,
    );
  });

  /** What the selectors miss: management events, or reads or writes of a PHI bucket's objects. */
  const missed = (checked: TemplateJson) => {
    const selectors = list(trail(checked).Properties.AdvancedEventSelectors).map((selector) =>
      list(selector.FieldSelectors),
    );
    const of = (category: string) =>
      selectors.filter((fields) =>
        fields.some(({ Field, Equals }) => text(Field) === 'eventCategory' && texts(Equals).includes(category)),
      );
    const data = of('Data').filter((fields) =>
      fields.every(({ Field }) => ['eventCategory', 'resources.type', 'resources.ARN'].includes(text(Field))),
    );
    const watched = data.flatMap((fields) =>
      fields.filter(({ Field }) => text(Field) === 'resources.ARN').flatMap(({ StartsWith }) => texts(StartsWith)),
    );
    return [
      ...(of('Management').some((fields) => fields.length === 1) ? [] : ['management events']),
      ...['Data', 'Processed'].filter(
        (type) => !watched.includes(`\${${idOf(checked, 'AWS::S3::Bucket', new RegExp(`Buckets${type}Bucket`))}.Arn}/`),
      ),
      ...watched.filter((arn) => /Trail|AccessLogs/.test(arn)).map((arn) => `feeds itself: ${arn}`),
    ];
  };

  test('A18 records management events, and reads and writes of data and processed, never of its own or the log bucket', () => {
    const dataEvents = (copy: TemplateJson) => list(trail(copy).Properties.AdvancedEventSelectors)[1];
    bothWays(
      template,
      missed,
      (copy) => list(trail(copy).Properties.AdvancedEventSelectors).shift(),
      (copy) => list(trail(copy).Properties.AdvancedEventSelectors).pop(),
      (copy) => list(list(dataEvents(copy).FieldSelectors)[2].StartsWith).pop(),
      (copy) => list(dataEvents(copy).FieldSelectors).push(json({ Field: 'readOnly', Equals: ['false'] })),
      (copy) =>
        list(list(dataEvents(copy).FieldSelectors)[2].StartsWith).push(
          json({ 'Fn::GetAtt': ['AuditTrailBucket', 'Arn'] }),
        ),
    );
  });

  test('A18 addBucket records one more', () => {
    const more = synth((stack) => {
      const made = build()(stack);
      made.addBucket(
        new PhiBucketSet(stack, 'More', {
          keyring: new HipaaKeyring(stack, 'K2', { environmentSuffix: 'x' }),
          environmentSuffix: 'x',
        }).dataBucket,
      );
    });
    expect(
      texts(list(list(trail(more).Properties.AdvancedEventSelectors)[1].FieldSelectors)[2].StartsWith),
    ).toHaveLength(3);
  });

  test('A19 goes to the trail bucket and to the log group, and waits for what must admit it', () => {
    const { Properties, DependsOn } = trail(template);
    expect(text(Properties.S3BucketName)).toMatch(/TrailBucket/);
    expect(text(Properties.CloudWatchLogsLogGroupArn)).toMatch(/AuditLogGroup\w+\.Arn/);
    expect(text(Properties.CloudWatchLogsRoleArn)).toMatch(/AuditLogRole\w+\.Arn/);
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching('TrailBucketPolicy')]));
  });

  test('A14 A19 the role writes to its own log group only, for this trail only', () => {
    const [statement, ...rest] = statementsOf(one(template, 'AWS::IAM::ManagedPolicy'));
    expect(rest).toEqual([]);
    expect(texts(statement.Action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(text(statement.Resource)).toBe(
      'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/cloudtrail/healthcare-trail-dev' +
        ':log-stream:${AWS::AccountId}_CloudTrail_${AWS::Region}*',
    );
    const [trust] = list(one(template, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement);
    expect(trust.Principal).toEqual({ Service: 'cloudtrail.amazonaws.com' });
    expect(text(trust.Condition.StringEquals['aws:SourceArn'])).toBe(TRAIL_ARN);
    expect(text(trust.Condition.StringEquals['aws:SourceAccount'])).toBe('${AWS::AccountId}');
  });

  test('A20 the log group is kept 2192 days under the logs key', () => {
    const group = one(template, 'AWS::Logs::LogGroup');
    expect(group.Properties).toMatchObject({
      LogGroupName: '/aws/cloudtrail/healthcare-trail-dev',
      RetentionInDays: 2192,
    });
    expect(text(group.Properties.KmsKeyId)).toMatch(/LogsKey/);
    expect(group).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('A14 A18 the trail key admits this trail', () => {
    const statement = bySid(one(template, 'AWS::KMS::Key', /TrailKey/), 'CloudTrailEncrypt');
    expect(texts(statement.Condition.StringEquals['aws:SourceArn'])).toEqual([TRAIL_ARN]);
  });
});

describe('trail bucket', () => {
  test('A1 A2 A3 A6 is guarded as every bucket, under the trail key', () => {
    const { Properties } = bucket(template);
    expect(text(Properties.BucketName)).toMatch(/^healthcare-trail-.*-dev$/);
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const [rule] = list(Properties.BucketEncryption.ServerSideEncryptionConfiguration);
    expect(rule.BucketKeyEnabled).toBe(true);
    expect(text(rule.ServerSideEncryptionByDefault.KMSMasterKeyID)).toMatch(/TrailKey/);
  });

  test('A4 logs its requests to the access-log bucket, which admits it', () => {
    expect(bucket(template).Properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: idOf(template, 'AWS::S3::Bucket', /AccessLogs/) },
      LogFilePrefix: 'trail/',
    });
    const sources = bySid(one(template, 'AWS::S3::BucketPolicy', /AccessLogs/), 'AllowServerAccessLogs').Condition
      .ArnEquals;
    expect(texts(sources['aws:SourceArn'])[2]).toMatch(/:::healthcare-trail-/);
  });

  test('A5 A20 is locked for 2192 days and expires after seven years', () => {
    const locked = (checked: TemplateJson) => {
      const { ObjectLockEnabled, ObjectLockConfiguration } = bucket(checked).Properties;
      const retention = ObjectLockConfiguration?.Rule?.DefaultRetention;
      return text(ObjectLockEnabled) === 'true' &&
        text(retention?.Mode) === 'GOVERNANCE' &&
        Number(text(retention?.Days)) >= 2192
        ? []
        : ['unlocked'];
    };
    bothWays(
      template,
      locked,
      (copy) => delete bucket(copy).Properties.ObjectLockConfiguration,
      (copy) => (bucket(copy).Properties.ObjectLockConfiguration.Rule.DefaultRetention.Days = json(2191)),
      (copy) => (bucket(copy).Properties.ObjectLockEnabled = json(false)),
    );
    expect(list(bucket(template).Properties.LifecycleConfiguration.Rules)[0].ExpirationInDays).toBe(2557);
  });

  test('A7 A14 admits CloudTrail for this trail only, and denies it no encryption', () => {
    const policy = one(template, 'AWS::S3::BucketPolicy', /TrailBucket/);
    for (const sid of ['AllowTrailAclCheck', 'AllowTrailWrite']) {
      expect(bySid(policy, sid).Principal).toEqual({ Service: 'cloudtrail.amazonaws.com' });
      expect(text(bySid(policy, sid).Condition.StringEquals['aws:SourceArn'])).toBe(TRAIL_ARN);
    }
    expect(text(bySid(policy, 'AllowTrailWrite').Resource)).toMatch(/\.Arn\}\/AWSLogs\/\$\{AWS::AccountId\}\/\*$/);
    expect(bySid(policy, 'AllowTrailWrite').Action).toBe('s3:PutObject');
    expect(bySid(policy, 'AllowTrailAclCheck').Action).toBe('s3:GetBucketAcl');
    const conditions = JSON.stringify(statementsOf(policy).filter(({ Effect }) => text(Effect) === 'Deny'));
    expect(conditions).toMatch(/SecureTransport/);
    expect(conditions).toMatch(/TlsVersion/);
    expect(conditions).not.toMatch(/encryption/);
  });
});

describe('tampering', () => {
  const pattern = (name: string) =>
    text(one(template, 'AWS::Logs::MetricFilter', new RegExp(name)).Properties.FilterPattern);

  test.each(['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'])('A18 %s is counted', (call) => {
    expect(pattern('TrailTampering')).toContain(`($.eventName = "${call}")`);
    expect(pattern('TrailTampering')).toContain('$.eventSource = "cloudtrail.amazonaws.com"');
  });

  test.each(['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation'])(
    'A13 %s is counted',
    (call) => {
      expect(pattern('KeyTampering')).toContain(`($.eventName = "${call}")`);
      expect(pattern('KeyTampering')).toContain('$.eventSource = "kms.amazonaws.com"');
    },
  );

  test('A18 filters count on the log group of the trail, by the metrics that alarms watch', () => {
    const { stack } = testStack();
    const made = build()(stack);
    const filters = resources(templateOf(stack), 'AWS::Logs::MetricFilter');
    expect(filters).toHaveLength(2);
    for (const { Properties } of filters) {
      expect(text(Properties.LogGroupName)).toMatch(/AuditLogGroup/);
      expect(text(Properties.FilterPattern).length).toBeLessThanOrEqual(1024);
    }
    const metrics = filters.map(({ Properties }) => list(Properties.MetricTransformations)[0]);
    expect(metrics.map(({ MetricName }) => text(MetricName))).toEqual([
      made.metricTrailTampering()?.metricName,
      made.metricKeyTampering()?.metricName,
    ]);
    for (const metric of metrics) expect(text(metric.MetricNamespace)).toBe(made.metricTrailTampering()?.namespace);
  });
});

describe('props', () => {
  test('A18 managementEvents false leaves them out, and the evidence shows it as open', () => {
    expect(list(trail(audit({ managementEvents: false })).Properties.AdvancedEventSelectors)).toHaveLength(1);
    expect(openItems({ managementEvents: false })).toContain('management-events');
    expect(openItems({})).not.toContain('management-events');
  });

  test('A5 lockPeriod takes effect, not below 2192 days', () => {
    const days = (lockPeriod: Duration) =>
      bucket(audit({ lockPeriod })).Properties.ObjectLockConfiguration.Rule.DefaultRetention.Days;
    expect(days(Duration.days(3000))).toBe(3000);
    expect(days(Duration.days(2192))).toBe(2192);
    expect(() => audit({ lockPeriod: Duration.days(2191) })).toThrow(
      'lockPeriod must be from 2192 to 36500 whole days, got 2191; omit it for six years (45 CFR 164.316(b)(2)(i))',
    );
  });

  test('A20 logRetention takes effect, not below six years', () => {
    expect(
      one(audit({ logRetention: logs.RetentionDays.TEN_YEARS }), 'AWS::Logs::LogGroup').Properties.RetentionInDays,
    ).toBe(3653);
    expect(() => audit({ logRetention: logs.RetentionDays.FIVE_YEARS })).toThrow(
      /^logRetention must be at least SIX_YEARS/,
    );
  });

  test('A1 A24 names follow prefix, environment and bucketSuffix', () => {
    const named = audit({ namePrefix: 'claims', environmentSuffix: 'prod', bucketSuffix: 'ab12' });
    expect(trail(named).Properties.TrailName).toBe('claims-trail-prod');
    expect(bucket(named).Properties.BucketName).toBe('claims-trail-ab12-prod');
    expect(text(one(named, 'AWS::IAM::Role').Properties.RoleName)).toBe('claims-trail-logs-${AWS::Region}-prod');
  });

  test('A26 DESTROY needs the second key, locks nothing, and the evidence says so', () => {
    const context = { 'cdk-hipaa-pipeline:allow-destroy': true };
    expect(() => audit({ removalPolicy: RemovalPolicy.DESTROY })).toThrow(/needs a second key/);
    const destroyed = bucket(audit({ removalPolicy: RemovalPolicy.DESTROY }, { context }));
    expect(destroyed.DeletionPolicy).toBe('Delete');
    expect(destroyed.Properties.ObjectLockEnabled).toBeUndefined();
    expect(destroyed.Properties.ObjectLockConfiguration).toBeUndefined();
    expect(openItems({ removalPolicy: RemovalPolicy.DESTROY }, context)).toContain('trail-object-lock');
    expect(openItems({})).not.toContain('trail-object-lock');
  });

  test('A24 two trails in one stack: an error by one name, fine by another suffix', () => {
    const two = (environmentSuffix: string) => (stack: Stack) => {
      const made = build()(stack);
      const keyring = HipaaKeyring.fromKeys(stack, 'Same', stack.node.findChild('Keyring') as HipaaKeyring);
      const buckets = stack.node.findChild('Buckets') as PhiBucketSet;
      new AuditTrail(stack, 'Two', { keyring, buckets, environmentSuffix });
      return made;
    };
    expect(() => synth(two('dev'))).toThrow(
      /^trail name "healthcare-trail-dev" must be unique in an account and region/,
    );
    expect(entries(synth(two('test')), 'AWS::CloudTrail::Trail')).toHaveLength(2);
  });
});
