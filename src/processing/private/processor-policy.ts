import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Allowance, KeyUse } from './key-use';
import type { IHipaaKeyring } from '../../keyring/hipaa-keyring';
import { declareUnusedGrant, declareWildcard } from '../../private/declarations';
import type { IPhiBucketSet } from '../../storage/phi-bucket-set';

/** Where a processor reads and writes. */
export interface StorageReach {
  readonly buckets: Pick<IPhiBucketSet, 'dataBucket' | 'processedBucket'>;
  readonly prefixes: Readonly<Record<'incoming' | 'rejected' | 'keys' | 'deidentified' | 'manifests', string>>;
  /** Whether results and rejects are written at all, beside manifests. */
  readonly writesRecords: boolean;
  /** How a pseudonym key outside the data bucket is used. */
  readonly keyUse?: KeyUse;
}

/** Everything that a processor's role may touch. */
export interface ProcessorReach extends StorageReach {
  readonly keyring: IHipaaKeyring;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly logGroupArn: string;
  readonly subnets: ec2.ISubnet[];
  readonly securityGroup: ec2.ISecurityGroup;
  readonly functionName: string;
}

export interface Entry extends Allowance {
  /** Why a resource holds a `*`. */
  readonly wildcard?: string;
  /** Why the grant stands although the project's own code makes no such call. */
  readonly unused?: string;
}

const OBJECTS = 'object keys are not known in advance: a prefix of a named bucket is the narrowest form';

/** The one managed policy of a processor's role, a statement per thing it does. */
export function createProcessorPolicy(scope: Construct, name: string, reach: ProcessorReach): iam.ManagedPolicy {
  const entries = [
    ...storage(reach),
    ...keys(reach),
    ...queues(reach),
    ...logs(reach),
    ...networkInterfaces(scope, reach),
  ];
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    managedPolicyName: name,
    statements: [...entries.map(statementOf), denyNetworkInterfacesToCode(scope, reach)],
  });
  for (const { sid, wildcard, unused } of entries) {
    if (wildcard) declareWildcard(policy, sid, wildcard);
    if (unused) declareUnusedGrant(policy, sid, unused);
  }
  return policy;
}

export function statementOf({ sid, actions, resources, conditions }: Entry): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources, conditions });
}

export function storage(reach: StorageReach): Entry[] {
  return [
    readIncoming(reach),
    ...(reach.writesRecords ? [writeRejected(reach)] : []),
    ...pseudonymKey(reach),
    writeResults(reach),
    seeAbsence(reach),
  ];
}

function readIncoming({ buckets: { dataBucket }, prefixes }: StorageReach): Entry {
  return {
    // GetObjectVersion: the event names a version, and that version is what is read.
    sid: 'ReadIncoming',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resources: [dataBucket.arnForObjects(`${prefixes.incoming}*`)],
    wildcard: OBJECTS,
  };
}

function writeRejected({ buckets: { dataBucket }, prefixes }: StorageReach): Entry {
  return {
    // GetObject: a retry compares what an earlier run wrote. AbortMultipartUpload: a failed run leaves no parts.
    sid: 'WriteRejected',
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    resources: [dataBucket.arnForObjects(`${prefixes.rejected}*`)],
    wildcard: OBJECTS,
  };
}

function pseudonymKey({ buckets: { dataBucket }, prefixes, keyUse }: StorageReach): Entry[] {
  if (keyUse) return [keyUse.call, ...(keyUse.behind ? [keyUse.behind] : [])];
  return [
    {
      sid: 'KeepPseudonymKey',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [dataBucket.arnForObjects(`${prefixes.keys}*`)],
      wildcard: 'one object today; a rotation adds objects beside it under the same prefix',
    },
    {
      // Before a key is made or used: a deleted one must not be taken for one that never was, nor one that was replaced.
      sid: 'SeeDeletedKeys',
      actions: ['s3:ListBucketVersions'],
      resources: [dataBucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${prefixes.keys}*` } },
    },
  ];
}

function writeResults({ buckets: { processedBucket }, prefixes, writesRecords }: StorageReach): Entry {
  const written = [...(writesRecords ? [prefixes.deidentified] : []), prefixes.manifests];
  return {
    sid: 'WriteResults',
    // A manifest is a single put, which leaves no parts.
    actions: ['s3:GetObject', 's3:PutObject', ...(writesRecords ? ['s3:AbortMultipartUpload'] : [])],
    resources: written.map((prefix) => processedBucket.arnForObjects(`${prefix}*`)),
    wildcard: OBJECTS,
  };
}

function seeAbsence({ buckets: { dataBucket, processedBucket } }: StorageReach): Entry {
  return {
    // Without it an absent object reads as 403, not 404. No prefix: reading an object carries none.
    sid: 'SeeAbsence',
    actions: ['s3:ListBucket'],
    resources: [processedBucket.bucketArn, dataBucket.bucketArn],
  };
}

function keys({ keyring }: ProcessorReach): Entry[] {
  return [
    {
      // Objects, the function's environment and queue messages are all under the data key.
      sid: 'UseDataKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [keyring.dataKey.keyArn],
    },
    {
      sid: 'EncryptLogs',
      actions: ['kms:Encrypt'],
      resources: [keyring.logsKey.keyArn],
      unused:
        'CloudWatch Logs encrypts under the key by the key policy; kept because reviewers expect the grant on the role',
    },
  ];
}

function queues({ queue, deadLetterQueue }: ProcessorReach): Entry[] {
  return [
    {
      // Called by Lambda's poller with this role.
      sid: 'ConsumeQueue',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [queue.queueArn],
    },
    {
      sid: 'SendToDeadLetterQueue',
      actions: ['sqs:SendMessage'],
      resources: [deadLetterQueue.queueArn],
      unused:
        'rule packs ask for a dead-letter configuration on the function, which Lambda accepts only with this grant; ' +
        'failed messages reach the queue by the redrive of SQS',
    },
  ];
}

export function logs({ logGroupArn }: Pick<ProcessorReach, 'logGroupArn'>): Entry[] {
  return [
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroupArn}:log-stream:*`],
      wildcard: 'Lambda names a log stream per instance of the function',
    },
  ];
}

const CREATE = ['ec2:CreateNetworkInterface'];
const DELETE = ['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
const DESCRIBE = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

type InterfaceReach = Pick<ProcessorReach, 'subnets' | 'securityGroup'>;

/**
 * What `AWSLambdaVPCAccessExecutionRole` grants on `*`, by resource where the action knows one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function networkInterfaces(scope: Construct, reach: InterfaceReach): Entry[] {
  return [makeNetworkInterfaces(scope, reach), ...removeNetworkInterfaces(scope)];
}

export function makeNetworkInterfaces(scope: Construct, { subnets, securityGroup }: InterfaceReach): Entry {
  return {
    sid: 'CreateNetworkInterfaces',
    actions: CREATE,
    resources: [
      ...subnets.map((subnet) => ec2Arn(scope, 'subnet', subnet.subnetId)),
      ec2Arn(scope, 'security-group', securityGroup.securityGroupId),
      ec2Arn(scope, 'network-interface', '*'),
    ],
    wildcard: 'the id of an interface that is being made is not known',
  };
}

/** Lambda needs them for as long as an interface is there: longer than the function is in its subnets. */
export function removeNetworkInterfaces(scope: Construct): Entry[] {
  return [
    {
      sid: 'ManageNetworkInterfaces',
      actions: DELETE,
      resources: [ec2Arn(scope, '*', '*')],
      wildcard:
        'AWS documents this form; interface ids are chosen by Lambda. The Deny beside it keeps the function’s code out',
    },
    {
      sid: 'DescribeNetwork',
      actions: DESCRIBE,
      resources: ['*'],
      wildcard: 'these actions have no resource-level permission',
    },
  ];
}

const ec2Arn = (scope: Construct, resource: string, resourceName: string) =>
  Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });

/** Lambda manages interfaces before the code starts; the code itself never may. */
export function denyNetworkInterfacesToCode(
  scope: Construct,
  reach: Pick<ProcessorReach, 'functionName'>,
): iam.PolicyStatement {
  const functionArn = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: reach.functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new iam.PolicyStatement({
    sid: 'DenyNetworkInterfacesToCode',
    effect: iam.Effect.DENY,
    actions: [...CREATE, ...DELETE, ...DESCRIBE],
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
  });
}
