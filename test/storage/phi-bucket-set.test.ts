import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogEncryption, ComplianceEvidence, HipaaKeyring, PhiBucketSet, PhiBucketSetProps } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  resources,
  synth,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const build =
  (props: Partial<PhiBucketSetProps> = {}) =>
  (stack: Stack) =>
    new PhiBucketSet(stack, 'Buckets', { keyring: new HipaaKeyring(stack, 'Keyring'), ...props });
const buckets = (props?: Partial<PhiBucketSetProps>, options?: Parameters<typeof synth>[1]) =>
  synth(build(props), options);
const bucket = (template: TemplateJson, type: 'AccessLogs' | 'Data' | 'Processed') =>
  one(template, 'AWS::S3::Bucket', new RegExp(`Buckets${type}Bucket`));
const failing = (
  template: TemplateJson,
  holds: (properties: TemplateJson['Resources'][string]['Properties']) => boolean,
) =>
  entries(template, 'AWS::S3::Bucket')
    .filter(([, { Properties }]) => !holds(Properties))
    .map(([id]) => id);

describe('every bucket', () => {
  let template: TemplateJson;
  beforeAll(() => {
    template = buckets();
  });

  test('A1 there are three, named by type', () => {
    expect(entries(template, 'AWS::S3::Bucket')).toHaveLength(3);
    for (const [type, name] of [
      ['Data', 'data'],
      ['Processed', 'processed'],
      ['AccessLogs', 'access-logs'],
    ] as const) {
      expect(text(bucket(template, type).Properties.BucketName)).toMatch(
        new RegExp(`^healthcare-${name}-.*StackId.*-dev$`),
      );
    }
  });

  test('A2 is encrypted with a customer-managed key, bucket key on', () => {
    const encrypted = (checked: TemplateJson) =>
      failing(checked, ({ BucketEncryption }) => {
        const [rule] = list(BucketEncryption?.ServerSideEncryptionConfiguration);
        const byDefault = rule?.ServerSideEncryptionByDefault;
        return (
          text(byDefault?.SSEAlgorithm) === 'aws:kms' &&
          /Key/.test(text(byDefault?.KMSMasterKeyID)) &&
          text(rule?.BucketKeyEnabled) === 'true'
        );
      });
    const rule = (copy: TemplateJson) =>
      list(bucket(copy, 'Data').Properties.BucketEncryption.ServerSideEncryptionConfiguration)[0];
    bothWays(
      template,
      encrypted,
      (copy) => delete bucket(copy, 'AccessLogs').Properties.BucketEncryption,
      (copy) => (rule(copy).ServerSideEncryptionByDefault.SSEAlgorithm = json('AES256')),
      (copy) => delete rule(copy).ServerSideEncryptionByDefault.KMSMasterKeyID,
      (copy) => (rule(copy).BucketKeyEnabled = json(false)),
    );
    const keyOf = (type: 'AccessLogs' | 'Data' | 'Processed') =>
      text(
        list(bucket(template, type).Properties.BucketEncryption.ServerSideEncryptionConfiguration)[0]
          .ServerSideEncryptionByDefault.KMSMasterKeyID,
      );
    expect([keyOf('Data'), keyOf('Processed'), keyOf('AccessLogs')]).toEqual([
      expect.stringMatching('DataKey'),
      expect.stringMatching('DataKey'),
      expect.stringMatching('LogsKey'),
    ]);
  });

  test('A3 is versioned', () => {
    bothWays(
      template,
      (checked) =>
        failing(checked, ({ VersioningConfiguration }) => text(VersioningConfiguration?.Status) === 'Enabled'),
      (copy) => delete bucket(copy, 'Processed').Properties.VersioningConfiguration,
      (copy) => (bucket(copy, 'Data').Properties.VersioningConfiguration.Status = json('Suspended')),
    );
  });

  test('A6 blocks public access by all four switches, with ACLs off', () => {
    const switches = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
    bothWays(
      template,
      (checked) =>
        failing(
          checked,
          ({ PublicAccessBlockConfiguration: block, OwnershipControls, AccessControl }) =>
            switches.every((name) => text(block?.[name]) === 'true') &&
            texts(OwnershipControls?.Rules).join() === '{"ObjectOwnership":"BucketOwnerEnforced"}' &&
            AccessControl === undefined,
        ),
      ...switches.map((name) => (copy: TemplateJson) => {
        bucket(copy, 'Data').Properties.PublicAccessBlockConfiguration[name] = json(false);
      }),
      (copy) => delete bucket(copy, 'AccessLogs').Properties.PublicAccessBlockConfiguration,
      (copy) => (bucket(copy, 'Data').Properties.OwnershipControls.Rules = json([{ ObjectOwnership: 'ObjectWriter' }])),
      (copy) => (bucket(copy, 'Data').Properties.AccessControl = json('PublicRead')),
    );
  });

  test('A4 data and processed log their requests to the access-log bucket, a prefix each; its own are excused', () => {
    const logging = (type: 'AccessLogs' | 'Data' | 'Processed') =>
      bucket(template, type).Properties.LoggingConfiguration;
    expect(text(logging('Data').DestinationBucketName)).toMatch(/AccessLogsBucket/);
    expect(text(logging('Data').LogFilePrefix)).toBe('data/');
    expect(text(logging('Processed').DestinationBucketName)).toMatch(/AccessLogsBucket/);
    expect(text(logging('Processed').LogFilePrefix)).toBe('processed/');
    expect(logging('AccessLogs')).toBeUndefined();
    // Without the policy in place the first logs would be refused.
    expect(bucket(template, 'Data').DependsOn).toEqual([expect.stringMatching('AccessLogsBucketPolicy')]);

    const { stack } = testStack();
    build()(stack);
    ComplianceEvidence.of(stack);
    expect(list(list(evidenceOf(stack).stacks)[0].acknowledgements)).toContainEqual(
      expect.objectContaining({ path: 'Test/Buckets/AccessLogsBucket', rule: 'HIPAA.Security-S3BucketLoggingEnabled' }),
    );
  });

  test('A8 the data bucket sends its events to EventBridge, by no custom resource', () => {
    expect(bucket(template, 'Data').Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    expect(entries(template, 'Custom::S3BucketNotifications')).toEqual([]);
    expect(entries(template, 'AWS::Lambda::Function')).toEqual([]);
  });

  test('A26 is retained with its policy, except what a failed first deployment made', () => {
    const retained = (checked: TemplateJson) =>
      [...entries(checked, 'AWS::S3::Bucket'), ...entries(checked, 'AWS::S3::BucketPolicy')]
        .filter(([, it]) => it.DeletionPolicy !== 'RetainExceptOnCreate' || it.UpdateReplacePolicy !== 'Retain')
        .map(([id]) => id);
    bothWays(
      template,
      retained,
      (copy) => delete bucket(copy, 'Data').DeletionPolicy,
      (copy) => (bucket(copy, 'AccessLogs').UpdateReplacePolicy = 'Delete'),
      (copy) => (one(copy, 'AWS::S3::BucketPolicy', /Processed/).DeletionPolicy = 'Delete'),
    );
  });
});

describe('lifecycle', () => {
  const COLDER = [
    { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
    { StorageClass: 'GLACIER_IR', TransitionInDays: 90 },
  ];
  const HYGIENE = {
    Status: 'Enabled',
    Transitions: COLDER,
    NoncurrentVersionExpiration: { NoncurrentDays: 90 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  };
  let template: TemplateJson;
  beforeAll(() => {
    template = buckets();
  });
  const rules = (type: 'AccessLogs' | 'Data' | 'Processed', from = template) =>
    list(bucket(from, type).Properties.LifecycleConfiguration.Rules);

  test('A5 records move to colder tiers that can be read at once, and do not expire', () => {
    expect(rules('Data')).toEqual([
      { ...HYGIENE, Id: 'incoming', Prefix: 'incoming/' },
      { ...HYGIENE, Id: 'rejected', Prefix: 'rejected/' },
    ]);
    expect(rules('Processed')).toEqual([{ ...HYGIENE, Id: 'results' }]);
  });

  test('A5 A20 access logs are kept seven years, more than 2192 days', () => {
    expect(rules('AccessLogs')).toEqual([{ ...HYGIENE, Id: 'logs', ExpirationInDays: 2557 }]);
  });

  test('A5 no rule of the data bucket touches keys/', () => {
    const untouched = (checked: TemplateJson) =>
      rules('Data', checked)
        .map(({ Prefix }) => text(Prefix))
        .filter((prefix) => 'keys/pseudonym-key'.startsWith(prefix) || prefix.startsWith('keys/'));
    bothWays(
      template,
      untouched,
      (copy) => delete rules('Data', copy)[0].Prefix,
      (copy) => (rules('Data', copy)[1].Prefix = json('keys/')),
    );
  });
});

describe('props', () => {
  test('A1 A24 bucketSuffix, prefix and environment make the names', () => {
    const template = buckets({ bucketSuffix: 'ab12', namePrefix: 'claims', environmentSuffix: 'prod' });
    expect(
      resources(template, 'AWS::S3::Bucket')
        .map(({ Properties }) => text(Properties.BucketName))
        .sort(),
    ).toEqual(['claims-access-logs-ab12-prod', 'claims-data-ab12-prod', 'claims-processed-ab12-prod']);
    const byContext = buckets({}, { context: { bucketSuffix: 'ctx' } });
    expect(bucket(byContext, 'Data').Properties.BucketName).toBe('healthcare-data-ctx-dev');
    expect(() => buckets({ bucketSuffix: 'Nope' })).toThrow(/^bucketSuffix must be 1 to 12/);
  });

  test('A2 accessLogEncryption S3_MANAGED falls back for access logs alone, acknowledged and open', () => {
    const { stack } = testStack();
    build({ accessLogEncryption: AccessLogEncryption.S3_MANAGED })(stack);
    ComplianceEvidence.of(stack);
    const template = templateOf(stack);
    const algorithm = (type: 'AccessLogs' | 'Data') =>
      text(
        list(bucket(template, type).Properties.BucketEncryption.ServerSideEncryptionConfiguration)[0]
          .ServerSideEncryptionByDefault.SSEAlgorithm,
      );
    expect([algorithm('AccessLogs'), algorithm('Data')]).toEqual(['AES256', 'aws:kms']);
    const [evidence] = list(evidenceOf(stack).stacks);
    expect(list(evidence.acknowledgements).map(({ rule }) => text(rule))).toContain(
      'HIPAA.Security-S3DefaultEncryptionKMS',
    );
    expect(list(evidence.openItems).map(({ id }) => text(id))).toContain('access-logs-sse-s3');
    // The service then needs no key.
    expect(() => bySid(one(template, 'AWS::KMS::Key', /LogsKey/), 'S3ServerAccessLogs')).toThrow(/expected one/);
    expect(() => bySid(one(buckets(), 'AWS::KMS::Key', /LogsKey/), 'S3ServerAccessLogs')).not.toThrow();
  });

  test('A26 DESTROY needs the second key', () => {
    expect(() => buckets({ removalPolicy: RemovalPolicy.DESTROY })).toThrow(/needs a second key/);
  });

  test('A24 two sets in one stack: an error by one name, fine by another suffix', () => {
    const two = (environmentSuffix: string) => (stack: Stack) => {
      const keyring = new HipaaKeyring(stack, 'Keyring');
      new PhiBucketSet(stack, 'One', { keyring });
      new PhiBucketSet(stack, 'Two', { keyring, environmentSuffix });
    };
    expect(() => synth(two('dev'))).toThrow(
      'bucket name "healthcare-data-{random4}-dev" must be unique in an account and region, got it for both Test/One and ' +
        'Test/Two; give one of them another environmentSuffix or namePrefix',
    );
    expect(entries(synth(two('test')), 'AWS::S3::Bucket')).toHaveLength(6);
  });
});
