import { unless } from './compare';
import { refusals, type Deployment, type RawTemplate, type Value } from './deploy';
import { DATABASE_ONLY, EVERYTHING_GIVEN, LEAST_GIVEN, VPC_ONLY } from './examples';

/** Ids of what holds data, or guards what does. */
const KEPT = [
  'Key',
  'AccessLogBucket',
  'AccessLogBucketPolicy',
  'FailureQueue',
  'FailureQueuePolicy',
  'LogGroup',
  'RecordsBucket',
  'RecordsBucketPolicy',
];

const TYPES = [
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::VPCEndpoint',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
];

/** B9: both attributes, as literals; CloudFormation refuses anything else, and linters do not. */
export function deletion(template: RawTemplate, guarded: boolean): string[] {
  const policy = guarded ? 'Retain' : 'Delete';
  return Object.entries(template.Resources).flatMap(([id, { DeletionPolicy, UpdateReplacePolicy }]) =>
    [DeletionPolicy, UpdateReplacePolicy].flatMap((value) =>
      unless(KEPT.includes(id) ? value === policy : value === undefined, `B9 ${id} is not kept as it should be`),
    ),
  );
}

/** B10: three tags on everything that takes tags. */
export function tags(deployment: Deployment, suffix: string): string[] {
  const untaggable = ['Policy', 'Alias', 'Permission', 'EventInvokeConfig'];
  return Object.entries(deployment.resources)
    .filter(([, { type }]) => !untaggable.some((ending) => type.endsWith(ending)))
    .flatMap(([id, { properties }]) => {
      const found = Object.fromEntries(
        ((properties.Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value: value }) => [Key, value]),
      );
      const { Environment, DataClassification, ComplianceScope } = found;
      return unless(
        Environment === suffix && DataClassification === 'PHI' && ComplianceScope === 'HIPAA',
        `B10 ${id} lacks a tag`,
      );
    });
}

/** B12: what is told, and that no secret is. */
export function outputs(
  template: RawTemplate,
  { outputs: told, resources }: Deployment,
  given: Record<string, string>,
): string[] {
  const want: Record<string, unknown> = {
    RecordsBucketName: resources.RecordsBucket?.properties.BucketName,
    RecordsBucketArn: `arn:aws:s3:::${String(resources.RecordsBucket?.properties.BucketName)}`,
    AccessLogBucketName: resources.AccessLogBucket?.properties.BucketName,
    ProcessorName: resources.Processor?.properties.FunctionName,
    ProcessorArn: `arn:aws:lambda:us-east-2:111122223333:function:${String(resources.Processor?.properties.FunctionName)}`,
    KeyId: 'id-of-Key',
    FailureQueueUrl: `https://sqs.us-east-2.amazonaws.com/111122223333/${String(resources.FailureQueue?.properties.QueueName)}`,
    LogGroupName: resources.LogGroup?.properties.LogGroupName,
    ...(given.ReaderAccountId && {
      ReaderRoleArn: `arn:aws:iam::111122223333:role/${String(resources.ReaderRole?.properties.RoleName)}`,
    }),
    ...(given.VpcId && { SecurityGroupId: 'sg-0fedcba9876543210' }),
  };
  const names = new Set([...Object.keys(want), ...Object.keys(told)]);
  return [
    ...[...names].flatMap((name) => unless(told[name] === want[name], `B12 output ${name}`)),
    ...Object.entries(template.Outputs).flatMap(([name, { Description = '', Value: value }]) => [
      ...unless(Description.length > 15, `B12 output ${name} is not described`),
      ...unless(!/Secret|External|resolve:/.test(JSON.stringify(value)), `B4 output ${name} may tell a secret`),
    ]),
  ];
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(EVERYTHING_GIVEN).filter(([name]) => !names.includes(name)));

/** What must be refused before anything is made, each for one reason. */
const REFUSED: Record<string, Record<string, string>> = {
  'no code': without('CodeKey'),
  'a key without the hash of its content': { ...LEAST_GIVEN, CodeKey: 'patient-records-function.zip' },
  'a key with half a hash': { ...LEAST_GIVEN, CodeKey: 'patient-records-function-0a0a0a.zip' },
  'a bucket that can be none': { ...LEAST_GIVEN, CodeBucket: 'No_Bucket' },
  'no environment': { ...LEAST_GIVEN, EnvironmentSuffix: '' },
  'an environment in capitals': { ...LEAST_GIVEN, EnvironmentSuffix: 'Prod' },
  'an environment of 17 characters': { ...LEAST_GIVEN, EnvironmentSuffix: 'a'.repeat(17) },
  'an environment that ends in a hyphen': { ...LEAST_GIVEN, EnvironmentSuffix: 'prod-' },
  'an empty version': { ...LEAST_GIVEN, ConfigVersion: '' },
  'a third choice': { ...LEAST_GIVEN, ReserveConcurrency: 'maybe' },
  'concurrency of none': { ...LEAST_GIVEN, ReservedConcurrentExecutions: '0' },
  'concurrency beyond bounds': { ...LEAST_GIVEN, ReservedConcurrentExecutions: '1001' },
  'a VPC without subnets': without('SubnetIds'),
  'a VPC without the prefix list': without('S3PrefixListId'),
  'subnets without a VPC': { ...LEAST_GIVEN, SubnetIds: EVERYTHING_GIVEN.SubnetIds },
  'a prefix list without a VPC': { ...LEAST_GIVEN, S3PrefixListId: EVERYTHING_GIVEN.S3PrefixListId },
  'route tables without a VPC': { ...LEAST_GIVEN, RouteTableIds: EVERYTHING_GIVEN.RouteTableIds },
  'a security group without a VPC': {
    ...LEAST_GIVEN,
    DatabaseSecurityGroupId: EVERYTHING_GIVEN.DatabaseSecurityGroupId,
  },
  'a VPC and a database without a way between them': without('DatabaseSecurityGroupId'),
  'a VPC that is none': { ...EVERYTHING_GIVEN, VpcId: 'my-vpc' },
  'subnets with a blank': { ...EVERYTHING_GIVEN, SubnetIds: 'subnet-0123456789abcdef0, subnet-0123456789abcdef1' },
  'route tables that are none': { ...EVERYTHING_GIVEN, RouteTableIds: 'main' },
  'a prefix list that is none': { ...EVERYTHING_GIVEN, S3PrefixListId: 's3' },
  'a security group that is none': { ...EVERYTHING_GIVEN, DatabaseSecurityGroupId: 'default' },
  'a database without a secret': without('DatabaseSecretArn'),
  'a secret without a database': without('DatabaseHost'),
  'a path for a host': { ...EVERYTHING_GIVEN, DatabaseHost: '/var/run' },
  'a host that ends in a dot': { ...EVERYTHING_GIVEN, DatabaseHost: 'records.example.' },
  'a port of none': { ...EVERYTHING_GIVEN, DatabasePort: '0' },
  'a port beyond bounds': { ...EVERYTHING_GIVEN, DatabasePort: '65536' },
  'a database with a quote': { ...EVERYTHING_GIVEN, DatabaseName: "a'b" },
  'a password for a secret': { ...EVERYTHING_GIVEN, DatabaseSecretArn: 'hunter2' },
  'a reader without an external id': without('ReaderExternalId'),
  'an external id without a reader': without('ReaderAccountId'),
  'an external id of 15 characters': { ...EVERYTHING_GIVEN, ReaderExternalId: 'a'.repeat(15) },
  'an external id with a blank': { ...EVERYTHING_GIVEN, ReaderExternalId: 'sixteen or more characters' },
  'an account that is none': { ...EVERYTHING_GIVEN, ReaderAccountId: '4444' },
};

const TAKEN: Record<string, Record<string, string>> = {
  everything: EVERYTHING_GIVEN,
  'a VPC only': VPC_ONLY,
  'a database only': DATABASE_ONLY,
  'a host of one letter': { ...EVERYTHING_GIVEN, DatabaseHost: 'r' },
  'the secret that RDS manages': {
    ...EVERYTHING_GIVEN,
    DatabaseSecretArn:
      'arn:aws:secretsmanager:us-east-2:111122223333:secret:rds!cluster-033d7456-2c96-450c-9ee5-a1b2c3',
  },
  'the lowest numbers': { ...EVERYTHING_GIVEN, DatabasePort: '1', ReservedConcurrentExecutions: '1' },
  'the highest numbers': { ...EVERYTHING_GIVEN, DatabasePort: '65535', ReservedConcurrentExecutions: '1000' },
  least: LEAST_GIVEN,
  'a VPC that has an endpoint': without('RouteTableIds'),
  'an external id of 16 characters': { ...EVERYTHING_GIVEN, ReaderExternalId: 'a'.repeat(16) },
};

/** B4 B7 B11: wrong parameters are refused, right ones taken. */
export function parameters(template: RawTemplate): string[] {
  return [
    ...Object.entries(REFUSED).flatMap(([what, given]) =>
      unless(refusals(template, given).length > 0, `${what} is taken`),
    ),
    ...Object.entries(TAKEN).flatMap(([what, given]) => [
      ...refusals(template, given).map((why) => `${what} is refused: ${why}`),
    ]),
    ...Object.entries(template.Parameters).flatMap(
      ([name, { Description = '', ConstraintDescription = '', ...parameter }]) => [
        ...unless(Description.length > 10, `parameter ${name} is not described`),
        ...unless(
          parameter.AllowedValues !== undefined || /^must /.test(ConstraintDescription),
          `parameter ${name} does not say what it must be`,
        ),
        // Lists of a type of their own cannot be left empty.
        ...unless(
          parameter.Type === 'String' || parameter.Type === 'Number',
          `parameter ${name} is of type ${parameter.Type}`,
        ),
      ],
    ),
    ...Object.keys(template.Parameters).flatMap((name) =>
      unless(isUsed(template, name), `parameter ${name} is asked for in vain`),
    ),
    ...unless(template.Parameters.ReaderExternalId?.NoEcho === true, 'B7 the external id is shown'),
    ...Object.entries(template.Rules).flatMap(([name, { Assertions }]) =>
      Assertions.flatMap(({ AssertDescription = '' }) =>
        unless(/^\w+ must be given with .*; give it/.test(AssertDescription), `rule ${name} does not say what to do`),
      ),
    ),
  ];
}

function isUsed({ Rules, Conditions, Resources }: RawTemplate, name: string): boolean {
  const text = JSON.stringify({ Rules, Conditions, Resources });
  return text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`);
}

/** No custom resource, and nothing that AWS would not make itself. */
export function types({ Resources }: RawTemplate): string[] {
  return Object.entries(Resources).flatMap(([id, { Type }]) =>
    unless(TYPES.includes(Type), `${id} is of type ${Type}`),
  );
}

/** B4: dynamic references stand in the environment, which is encrypted, and nowhere else. */
export function references(template: RawTemplate): string[] {
  return Object.entries(template.Resources).flatMap(([id, { Properties }]) => {
    const { Environment, ...others } = Properties as Record<string, Value>;
    return unless(
      !JSON.stringify(id === 'Processor' ? others : Properties).includes('{{resolve:') &&
        (id === 'Processor' || Environment === undefined),
      `B4 ${id} holds a secret`,
    );
  });
}
