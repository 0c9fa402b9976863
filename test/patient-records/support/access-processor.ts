import type { Expectation } from './access';
import type { Places } from './places';

const FIRST = { 's3:if-none-match': '*' };

const OBJECT_ACTIONS = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObjectTagging',
  's3:PutObjectTagging',
  's3:PutObjectAcl',
  's3:RestoreObject',
];
const BUCKET_ACTIONS = [
  's3:ListBucket',
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutBucketNotification',
  's3:DeleteBucket',
];
const KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'kms:Encrypt',
  'kms:CreateGrant',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
];
const QUEUE_ACTIONS = [
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:PurgeQueue',
  'sqs:SetQueueAttributes',
];
const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DeleteLogStream', 'logs:GetLogEvents'];

/** The whole table of what the role may be asked for: what stands in `needs` is allowed, everything else is not. */
function exactly(needs: [string, string[]][], asked: [string, string[]][]): Expectation[] {
  const needed = new Set(needs.flatMap(([on, actions]) => actions.map((does) => `${does} ${on}`)));
  return asked.flatMap(([on, actions]) =>
    actions.map((does): Expectation => ({ as: 'processor', does, on, with: FIRST, may: needed.has(`${does} ${on}`) })),
  );
}

/** B6: what the function needs, and nothing else. */
export function processorNeeds(at: Places): Expectation[] {
  const stream = `${at.logGroup}:log-stream:a`;
  const otherStream = at.logGroup.replace('patient-records', 'somebody') + ':log-stream:a';
  const write = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'];
  return [
    ...exactly(
      [
        [at.incoming, ['s3:GetObject', 's3:GetObjectVersion']],
        [at.rejected, write],
        [at.deidentified, write],
        [at.manifest, write],
        [at.keyObject, ['s3:GetObject', 's3:PutObject']],
        [at.records, ['s3:ListBucket']],
        [at.key, ['kms:Decrypt', 'kms:GenerateDataKey']],
        [at.queue, ['sqs:SendMessage']],
        [stream, ['logs:CreateLogStream', 'logs:PutLogEvents']],
      ],
      [
        ...[
          at.incoming,
          at.rejected,
          at.deidentified,
          at.manifest,
          at.keyObject,
          at.otherResult,
          at.stray,
          `${at.logs}/a`,
          `${at.elsewhere}/a`,
        ].map((on): [string, string[]] => [on, OBJECT_ACTIONS]),
        ...[at.records, at.logs, at.elsewhere].map((on): [string, string[]] => [on, BUCKET_ACTIONS]),
        ...[at.key, at.otherKey].map((on): [string, string[]] => [on, KEY_ACTIONS]),
        ...[at.queue, at.otherQueue].map((on): [string, string[]] => [on, QUEUE_ACTIONS]),
        ...[stream, otherStream].map((on): [string, string[]] => [on, LOG_ACTIONS]),
        [at.fn, ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode']],
        [at.processorRole, ['iam:PassRole', 'iam:AttachRolePolicy', 'sts:AssumeRole']],
        [at.readerRole, ['sts:AssumeRole']],
      ],
    ),
    // Whether a deleted key was ever there, and nothing about other objects.
    {
      as: 'processor',
      does: 's3:ListBucketVersions',
      on: at.records,
      with: { 's3:prefix': 'keys/pseudonym-key' },
      may: true,
    },
    { as: 'processor', does: 's3:ListBucketVersions', on: at.records, with: { 's3:prefix': 'incoming/' }, may: false },
    { as: 'processor', does: 's3:ListBucketVersions', on: at.records, may: false },
  ];
}

/** B3 B6: what holds whatever is attached to the role later. */
export function processorNever(at: Places): Expectation[] {
  const never = (does: string, on: string): Expectation => ({
    as: 'processor+',
    does,
    on,
    with: { ...FIRST, 'aws:MultiFactorAuthPresent': 'true' },
    may: false,
  });
  const { records, incoming, elsewhere } = at;
  return [
    never('s3:PutObject', incoming),
    ...['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'].flatMap((does) => [
      never(does, `${elsewhere}/a`),
      never(does, `${at.logs}/a`),
    ]),
    never('s3:ListBucket', elsewhere),
    ...['s3:DeleteObject', 's3:DeleteObjectVersion'].flatMap((does) => [
      never(does, incoming),
      never(does, at.deidentified),
    ]),
    ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketVersioning', 's3:PutLifecycleConfiguration'].map(
      (does) => never(does, records),
    ),
    ...['kms:Decrypt', 'kms:GenerateDataKey'].map((does) => never(does, at.otherKey)),
    // The twin: everything is attached indeed.
    { ...never('sqs:PurgeQueue', at.queue), may: true },
  ];
}

const CREATE_INTERFACE = 'ec2:CreateNetworkInterface';
const subnetOf = (on: string) => ({ 'ec2:SubnetID': on.split('/')[1] });

type Asked = [string, string, Record<string, string>?];

/** Lambda may, and the code of the function may not, whatever is attached to the role. */
function forLambdaAlone(at: Places, asked: Asked[]): Expectation[] {
  const code = { 'lambda:SourceFunctionArn': at.fn };
  return asked.flatMap(([does, on, context]): Expectation[] => [
    { as: 'processor', does, on, with: context, may: true },
    { as: 'processor+', does, on, with: { ...context, ...code }, may: false },
  ]);
}

/** B6 B11: Lambda may put the function into its subnets; the code itself may not touch the network. */
export function networkInterfaces(at: Places): Expectation[] {
  return [
    ...forLambdaAlone(at, [
      [CREATE_INTERFACE, at.subnet, subnetOf(at.subnet)],
      [CREATE_INTERFACE, at.securityGroup],
      [CREATE_INTERFACE, at.networkInterface],
    ]),
    { as: 'processor', does: CREATE_INTERFACE, on: at.otherSubnet, with: subnetOf(at.otherSubnet), may: false },
    { as: 'processor', does: CREATE_INTERFACE, on: at.otherSecurityGroup, may: false },
  ];
}

/** B6 B11: with no VPC (any more) too, since Lambda takes interfaces back long after the function left their subnets. */
export function leftInterfaces(at: Places): Expectation[] {
  return [
    ...forLambdaAlone(at, [
      ['ec2:DeleteNetworkInterface', at.networkInterface],
      ['ec2:AssignPrivateIpAddresses', at.networkInterface],
      ['ec2:UnassignPrivateIpAddresses', at.networkInterface],
      ['ec2:DescribeNetworkInterfaces', '*'],
      ['ec2:DescribeSubnets', '*'],
    ]),
    { as: 'processor', does: 'ec2:AttachNetworkInterface', on: at.networkInterface, may: false },
    { as: 'processor', does: 'ec2:ModifyNetworkInterfaceAttribute', on: at.networkInterface, may: false },
    { as: 'processor', does: 'ec2:DescribeInstances', on: '*', may: false },
  ];
}

/** B6 B11: who is in no VPC makes no interface. */
export function noInterfaces(at: Places): Expectation[] {
  return [
    { as: 'processor', does: CREATE_INTERFACE, on: at.networkInterface, may: false },
    { as: 'processor', does: CREATE_INTERFACE, on: at.subnet, with: subnetOf(at.subnet), may: false },
  ];
}

/** B11: the endpoint leads to the records bucket, for principals of this account. */
export function endpoint(at: Places): Expectation[] {
  const through = (attempt: Omit<Expectation, 'with'>, context = {}): Expectation => ({
    ...attempt,
    with: { through: 'endpoint', ...context },
  });
  return [
    through({ as: 'processor', does: 's3:GetObject', on: at.incoming, may: true }),
    through({ as: 'processor', does: 's3:GetObjectVersion', on: at.incoming, may: true }),
    through({ as: 'processor', does: 's3:PutObject', on: at.deidentified, may: true }),
    through({ as: 'processor', does: 's3:AbortMultipartUpload', on: at.deidentified, may: true }),
    through({ as: 'processor', does: 's3:ListBucket', on: at.records, may: true }),
    through({ as: 'processor', does: 's3:ListBucketVersions', on: at.records, may: true }, { 's3:prefix': 'keys/a' }),
    through({ as: 'administrator', does: 's3:PutObject', on: `${at.elsewhere}/a`, may: false }),
    through({ as: 'administrator', does: 's3:ListBucket', on: at.elsewhere, may: false }),
    through({ as: 'administrator', does: 's3:DeleteObject', on: at.incoming, may: false }),
    through({ as: 'administrator', does: 's3:GetObject', on: at.incoming, may: true }),
    through(
      { as: 'administrator', does: 's3:GetObject', on: at.incoming, may: false },
      { 'aws:PrincipalAccount': '999999999999' },
    ),
  ];
}
