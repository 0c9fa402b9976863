import { HipaaPipeline, HipaaPipelineProps } from '../../src';
import { entries, json, resources, synth, TemplateJson, text } from '../support/synth';

const LONGEST = { namePrefix: 'p'.repeat(20), environmentSuffix: 'e'.repeat(16) };
const claims = (props: HipaaPipelineProps, region?: string) =>
  synth((stack) => new HipaaPipeline(stack, 'Claims', props), {
    env: region ? { account: '111122223333', region } : undefined,
  });

/** The region in place of its reference, and four characters in place of the random ones. */
const named = (template: TemplateJson, type: string, property: string, region = '') =>
  resources(template, type)
    .map(({ Properties }) =>
      text(Properties[property])
        .replace('${AWS::Region}', region)
        .replace(/\{"Fn::Select".*\}(?=-)/, 'abcd'),
    )
    .filter(Boolean);

test('A1 A24 the longest prefix and suffix keep every bucket within 63 characters', () => {
  for (const name of named(claims(LONGEST), 'AWS::S3::Bucket', 'BucketName')) {
    expect(name.length).toBeLessThanOrEqual(63);
    expect(name).toMatch(/^p{20}-(data|processed|access-logs|trail)-abcd-e{16}$/);
  }
  for (const name of named(claims({ ...LONGEST, bucketSuffix: 'b'.repeat(12) }), 'AWS::S3::Bucket', 'BucketName')) {
    expect(name.length).toBeLessThanOrEqual(63);
  }
});

test('A21 A24 the longest prefix and suffix keep roles, policies, function and queues within what AWS takes', () => {
  const template = claims(LONGEST);
  for (const region of ['ap-southeast-1', 'ap-northeast-3', 'us-gov-west-1', 'cn-northwest-1']) {
    for (const name of named(template, 'AWS::IAM::Role', 'RoleName', region)) {
      expect(name.length).toBeLessThanOrEqual(64);
    }
    for (const name of named(template, 'AWS::IAM::ManagedPolicy', 'ManagedPolicyName', region)) {
      expect(name.length).toBeLessThanOrEqual(128);
    }
  }
  for (const [type, property, max] of [
    ['AWS::Lambda::Function', 'FunctionName', 64],
    ['AWS::SQS::Queue', 'QueueName', 80],
    ['AWS::Events::Rule', 'Name', 64],
    ['AWS::CloudTrail::Trail', 'TrailName', 128],
    ['AWS::CloudWatch::Alarm', 'AlarmName', 255],
  ] as const) {
    for (const name of named(template, type, property)) expect(name.length).toBeLessThanOrEqual(max);
  }
});

test('A24 one character more of either is an error', () => {
  expect(() => claims({ ...LONGEST, namePrefix: 'p'.repeat(21) })).toThrow(/^namePrefix must be 1 to 20/);
  expect(() => claims({ ...LONGEST, environmentSuffix: 'e'.repeat(17) })).toThrow(/^environmentSuffix must be 1 to 16/);
});

test('A24 every fixed name holds prefix and environment', () => {
  const template = claims({ namePrefix: 'claims', environmentSuffix: 'prod', bucketSuffix: 'ab12' }, 'eu-west-1');
  const nameProps = [
    'BucketName',
    'RoleName',
    'ManagedPolicyName',
    'FunctionName',
    'QueueName',
    'TopicName',
    'TrailName',
    'LogGroupName',
    'GroupName',
    'FilterName',
    'AlarmName',
    'AliasName',
    'DashboardName',
    'Name',
  ];
  const names = Object.entries(template.Resources).flatMap(([id, { Properties }]) =>
    nameProps.filter((prop) => typeof Properties[prop] === 'string').map((prop) => `${id}: ${text(Properties[prop])}`),
  );
  expect(names.length).toBeGreaterThan(25);
  expect(names.filter((name) => !/(: |\/)claims-.*-prod$/.test(name))).toEqual([]);
});

test('A24 two environments live in one account: no fixed name of one is a name of the other', () => {
  const namesOf = (environmentSuffix: string) => {
    const template = claims({ environmentSuffix, bucketSuffix: 'ab12' }, 'eu-west-1');
    return Object.values(template.Resources).flatMap(({ Properties }) =>
      Object.entries(Properties)
        .filter(([prop, value]) => /Name$/.test(prop) && typeof value === 'string' && /healthcare/.test(text(value)))
        .map(([prop, value]) => `${prop} ${text(value)}`),
    );
  };
  const [test, prod] = [namesOf('test'), namesOf('prod')];
  expect(test.length).toBeGreaterThan(20);
  expect(test.filter((name) => prod.includes(name))).toEqual([]);
  expect(entries(claims({}), 'AWS::S3::Bucket')).toHaveLength(4);
});

test('A21 A25 with the longest names every managed policy fits into the 6144 characters that IAM allows', () => {
  const policies = resources(claims({ ...LONGEST, bucketSuffix: 'b'.repeat(12) }), 'AWS::IAM::ManagedPolicy');
  expect(policies.length).toBeGreaterThan(2);
  for (const { Properties } of policies) {
    // References resolve to ARNs and ids; the longest are those of keys and queues.
    const resolved = JSON.stringify(Properties.PolicyDocument, (_, value: unknown) => {
      const isReference = typeof value === 'object' && value !== null && /^(Ref|Fn::\w+)$/.test(Object.keys(value)[0]);
      return isReference ? text(json(value)).replace(/\$\{([^}]+)\}/g, resolvedTo) : value;
    });
    expect(resolved.length).toBeLessThan(6144);
  }
});

function resolvedTo(_: string, reference: string): string {
  const pseudo = { 'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'ap-southeast-1', 'AWS::AccountId': '111122223333' };
  return pseudo[reference as keyof typeof pseudo] ?? 'x'.repeat(100);
}
