import { Fn, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Choices } from './choices';
import { ARN, NAME, PREFIXES } from './names';

const READ = ['s3:GetObject', 's3:GetObjectVersion'];

/**
 * A role of this account that another one may take, to read results. The external id keeps a third party that works for
 * several customers from being talked into using it for the wrong one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function createReader(stack: Stack, { hasReader }: Choices): iam.CfnRole {
  const policy = new iam.CfnManagedPolicy(stack, 'ReaderPolicy', {
    managedPolicyName: NAME.readerRole,
    description: 'Reads results, and nothing else whatever is added',
    policyDocument: new iam.PolicyDocument({ statements: statements() }),
  });
  const role = new iam.CfnRole(stack, 'ReaderRole', {
    roleName: NAME.readerRole,
    description: 'Reads de-identified records from another account',
    maxSessionDuration: 3600,
    managedPolicyArns: [policy.ref],
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'OneAccountWithExternalId',
          principals: [new iam.ArnPrincipal(Fn.sub('arn:${AWS::Partition}:iam::${ReaderAccountId}:root'))],
          actions: ['sts:AssumeRole'],
          conditions: { StringEquals: { 'sts:ExternalId': Fn.ref('ReaderExternalId') } },
        }),
      ],
    }),
  });
  for (const resource of [policy, role]) resource.cfnOptions.condition = hasReader;
  return role;
}

function statements(): iam.PolicyStatement[] {
  const results = `${ARN.recordsBucket}/${PREFIXES.processed}*`;
  return [
    new iam.PolicyStatement({ sid: 'ReadResults', actions: READ, resources: [results] }),
    new iam.PolicyStatement({
      sid: 'ListResults',
      actions: ['s3:ListBucket'],
      resources: [ARN.recordsBucket],
      conditions: { StringLike: { 's3:prefix': `${PREFIXES.processed}*` } },
    }),
    new iam.PolicyStatement({
      sid: 'DenyAllButResults',
      effect: iam.Effect.DENY,
      actions: READ,
      notResources: [results],
    }),
    new iam.PolicyStatement({
      sid: 'DenyWriting',
      effect: iam.Effect.DENY,
      actions: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [`${ARN.recordsBucket}/*`],
    }),
  ];
}
