import { CfnParameter, type CfnParameterProps, type Stack } from 'aws-cdk-lib';

interface Parameter extends CfnParameterProps {
  readonly description: string;
  readonly label: string;
  readonly group: string;
}

/** An optional value: the pattern, or nothing. A typed list could not be empty, so lists are texts with commas. */
const optional = (pattern: string) => ({ default: '', allowedPattern: `^(${pattern})?$` });
const listOf = (pattern: string) => optional(`${pattern}(,${pattern})*`);
const id = (prefix: string) => `${prefix}-[0-9a-f]{8,17}`;

const DEPLOYMENT = 'Deployment';
const CONCURRENCY = 'Concurrency';
const NETWORK = 'Network (optional: leave all empty to run outside a VPC)';
const DATABASE = 'Database (optional: leave host and secret empty to run without one)';
const READER = 'Reader in another account (optional)';

/** In the order in which the console shows them. */
export const PARAMETERS = {
  EnvironmentSuffix: {
    group: DEPLOYMENT,
    label: 'Environment',
    description: 'Ends every name and is the tag Environment: 1 to 16 lower-case letters, digits and inner hyphens',
    default: 'dev',
    allowedPattern: '^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$',
    constraintDescription: 'must be 1 to 16 lower-case letters, digits or inner hyphens',
  },
  CodeBucket: {
    group: DEPLOYMENT,
    label: 'Bucket of the code',
    description: 'Bucket in this region that holds the zip of the function',
    allowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    constraintDescription: 'must be the name of a bucket',
  },
  CodeKey: {
    group: DEPLOYMENT,
    label: 'Key of the code',
    description:
      'Key of the zip. It ends in the hash of its content: the same key with other bytes would not update the function',
    allowedPattern: '^[A-Za-z0-9!_.*()/-]{0,900}[0-9a-f]{16,64}\\.zip$',
    constraintDescription: 'must end in the hash of the content, 16 to 64 hexadecimal digits, and .zip',
  },
  ConfigVersion: {
    group: DEPLOYMENT,
    label: 'Version of the configuration',
    description:
      'Change it to have a rotated database secret read again: CloudFormation reads it only when the function changes',
    default: '1',
    allowedPattern: '^[A-Za-z0-9._-]{1,64}$',
    constraintDescription: 'must be 1 to 64 letters, digits, dots, hyphens or underscores',
  },
  ReserveConcurrency: {
    group: CONCURRENCY,
    label: 'Reserve concurrency',
    description: 'false for accounts with the small default quota of 10, which cannot reserve any',
    default: 'true',
    allowedValues: ['true', 'false'],
  },
  ReservedConcurrentExecutions: {
    group: CONCURRENCY,
    label: 'Objects processed at once',
    description: 'How many objects are processed at once, 1 to 1000; without effect when ReserveConcurrency is false',
    type: 'Number',
    default: 10,
    minValue: 1,
    maxValue: 1000,
    constraintDescription: 'must be a whole number from 1 to 1000',
  },
  VpcId: {
    group: NETWORK,
    label: 'VPC',
    description: 'VPC that the function runs in; needs SubnetIds and S3PrefixListId too',
    ...optional(id('vpc')),
    constraintDescription: 'must be the id of a VPC (vpc-...), or empty',
  },
  SubnetIds: {
    group: NETWORK,
    label: 'Subnets',
    description: 'Subnets of the function, separated by commas without blanks, best in two availability zones',
    ...listOf(id('subnet')),
    constraintDescription: 'must be ids of subnets (subnet-...) separated by commas, or empty',
  },
  S3PrefixListId: {
    group: NETWORK,
    label: 'Prefix list of S3',
    description:
      'Managed prefix list com.amazonaws.REGION.s3 of this region: the only addresses that the function may reach by TLS',
    ...optional(id('pl')),
    constraintDescription: 'must be the id of a prefix list (pl-...), or empty',
  },
  RouteTableIds: {
    group: NETWORK,
    label: 'Route tables without an S3 endpoint',
    description:
      'Route tables that get an S3 gateway endpoint for the records bucket only; empty where one is there already',
    ...listOf(id('rtb')),
    constraintDescription: 'must be ids of route tables (rtb-...) separated by commas, or empty',
  },
  DatabaseSecurityGroupId: {
    group: NETWORK,
    label: 'Security group of the database',
    description:
      'The function may open connections to it on DatabasePort; needed when both VpcId and DatabaseHost are given',
    ...optional(id('sg')),
    constraintDescription: 'must be the id of a security group (sg-...), or empty',
  },
  DatabaseHost: {
    group: DATABASE,
    label: 'Host',
    description: 'Host name of a PostgreSQL server, as its certificate says; needs DatabaseSecretArn too',
    ...optional('[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?'),
    constraintDescription: 'must be a host name, or empty',
  },
  DatabasePort: {
    group: DATABASE,
    label: 'Port',
    description: 'Port of the server',
    type: 'Number',
    default: 5432,
    minValue: 1,
    maxValue: 65535,
    constraintDescription: 'must be a whole number from 1 to 65535',
  },
  DatabaseName: {
    group: DATABASE,
    label: 'Database',
    description: 'Database that receives a row for each object',
    default: 'healthcaredb',
    allowedPattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$',
    constraintDescription: 'must be 1 to 63 letters, digits or underscores, and not begin with a digit',
  },
  DatabaseSecretArn: {
    group: DATABASE,
    label: 'Secret',
    description:
      'ARN of a Secrets Manager secret in this region with the keys username and password; its value is never a parameter',
    ...optional('arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+'),
    constraintDescription: 'must be the ARN of a secret of Secrets Manager, or empty',
  },
  ReaderAccountId: {
    group: READER,
    label: 'Account',
    description: 'Account that may read what lies under processed/; needs ReaderExternalId too',
    ...optional('[0-9]{12}'),
    constraintDescription: 'must be an account id of 12 digits, or empty',
  },
  ReaderExternalId: {
    group: READER,
    label: 'External id',
    description: 'External id that the reader must name, 16 characters or more; agree on a random one',
    ...optional('[A-Za-z0-9_+=,.@:/-]{16,1224}'),
    constraintDescription: 'must be 16 to 1224 letters, digits or _+=,.@:/- , or empty',
    noEcho: true,
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;

/** Declares the parameters, and the groups and labels that the console shows. */
export function declareParameters(stack: Stack): void {
  const entries: [string, Parameter][] = Object.entries(PARAMETERS);
  for (const [name, { group: _group, label: _label, ...props }] of entries) new CfnParameter(stack, name, props);

  const groups = [...new Set(entries.map(([, { group }]) => group))];
  stack.templateOptions.metadata = {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: groups.map((group) => ({
        Label: { default: group },
        Parameters: entries.filter(([, parameter]) => parameter.group === group).map(([name]) => name),
      })),
      ParameterLabels: Object.fromEntries(entries.map(([name, { label }]) => [name, { default: label }])),
    },
  };
}
