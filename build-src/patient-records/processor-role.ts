import { Fn, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Choices } from './choices';
import { ARN, NAME, PREFIXES } from './names';
import {
  denyNetworkInterfacesToCode,
  logs,
  makeNetworkInterfaces,
  removeNetworkInterfaces,
  statementOf,
  storage,
} from '../../src/processing/private/processor-policy';

export interface ProcessorRoleSpec {
  readonly choices: Choices;
  readonly keyArn: string;
  readonly failureQueueArn: string;
  readonly securityGroupId: string;
}

export function createProcessorRole(stack: Stack, spec: ProcessorRoleSpec): iam.CfnRole {
  const { choices } = spec;
  const policy = new iam.CfnManagedPolicy(stack, 'ProcessorPolicy', {
    managedPolicyName: NAME.processorRole,
    description: 'What the function needs, and what no other policy may add',
    policyDocument: new iam.PolicyDocument({ statements: [...allowed(stack, spec), ...denied(stack, spec)] }),
  });
  const network = new iam.CfnManagedPolicy(stack, 'NetworkPolicy', {
    managedPolicyName: NAME.networkPolicy,
    description: 'What Lambda needs to put the function into the VPC',
    policyDocument: new iam.PolicyDocument({ statements: networkStatements(stack, spec.securityGroupId) }),
  });
  network.cfnOptions.condition = choices.hasVpc;

  return new iam.CfnRole(stack, 'ProcessorRole', {
    roleName: NAME.processorRole,
    description: 'Runs the function that de-identifies patient records',
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'Lambda',
          principals: [new iam.ServicePrincipal('lambda.amazonaws.com')],
          actions: ['sts:AssumeRole'],
        }),
      ],
    }),
    managedPolicyArns: [policy.ref, ifGiven(choices, network.ref)],
  });
}

const ifGiven = ({ hasVpc }: Choices, value: string) =>
  Fn.conditionIf(hasVpc.logicalId, value, Fn.ref('AWS::NoValue')).toString();

/** As in a pipeline, with one bucket for both sides. */
function allowed(stack: Stack, { keyArn, failureQueueArn }: ProcessorRoleSpec): iam.PolicyStatement[] {
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Records', { bucketArn: ARN.recordsBucket });
  return [
    ...storage({
      buckets: { dataBucket: bucket, processedBucket: bucket },
      prefixes: PREFIXES,
      writesRecords: true,
    }),
    {
      // The environment; and failed events, which the queue encrypts.
      sid: 'UseKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [keyArn],
    },
    {
      // By Lambda, in the function's name.
      sid: 'KeepFailedEvents',
      actions: ['sqs:SendMessage'],
      resources: [failureQueueArn],
    },
    ...logs({ logGroupArn: ARN.logGroup }),
    // Not in the network's policy: that goes before Lambda has taken back the interfaces of a function that left its VPC.
    ...removeNetworkInterfaces(stack),
  ].map(statementOf);
}

/** They hold whatever else somebody attaches to the role. */
function denied(stack: Stack, { keyArn }: ProcessorRoleSpec): iam.PolicyStatement[] {
  const objects = `${ARN.recordsBucket}/*`;
  const deny = (sid: string, actions: string[], where: { resources: string[] } | { notResources: string[] }) =>
    new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, ...where });
  return [
    // A write there would start the function again.
    deny('DenyStartingItself', ['s3:PutObject'], { resources: [`${ARN.recordsBucket}/${PREFIXES.incoming}*`] }),
    deny('DenyOtherBuckets', ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket'], {
      notResources: [ARN.recordsBucket, objects],
    }),
    deny(
      'DenyDestruction',
      [
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:DeleteBucketPolicy',
        's3:PutBucketPolicy',
        's3:PutBucketVersioning',
        's3:PutLifecycleConfiguration',
      ],
      { resources: [ARN.recordsBucket, objects] },
    ),
    deny('DenyOtherKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], { notResources: [keyArn] }),
    denyNetworkInterfacesToCode(stack, { functionName: NAME.function }),
  ];
}

function networkStatements(stack: Stack, securityGroupId: string): iam.PolicyStatement[] {
  const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', securityGroupId, { mutable: false });
  return [
    new iam.PolicyStatement({
      // Ids that come as one text cannot be made ARNs without a transform: the condition names them.
      sid: 'CreateNetworkInterfacesInSubnets',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [stack.formatArn({ service: 'ec2', resource: 'subnet', resourceName: '*' })],
      conditions: { StringEquals: { 'ec2:SubnetID': Fn.split(',', Fn.ref('SubnetIds')) } },
    }),
    statementOf(makeNetworkInterfaces(stack, { subnets: [], securityGroup })),
  ];
}
