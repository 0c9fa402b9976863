import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ARN, NAME } from './names';
import { keep, type Variant } from './variant';
import { ACCOUNT_SID, logGroups } from '../../src/keyring/private/key-statements';
import { withoutMfa } from '../../src/private/bucket-statements';

/** For environment, failed events and log group. */
export function createKey(stack: Stack, variant: Variant): kms.CfnKey {
  const key = new kms.CfnKey(stack, 'Key', {
    description: 'patient records: environment of the function, failed events, logs',
    enableKeyRotation: true,
    pendingWindowInDays: 30,
    keyPolicy: new iam.PolicyDocument({
      statements: [
        accountPoliciesDecide(),
        logGroups(stack, [ARN.logGroup]),
        ...(variant.retain ? [denyLossWithoutMfa(stack)] : []),
      ],
    }),
  });
  new kms.CfnAlias(stack, 'KeyAlias', { aliasName: NAME.keyAlias, targetKeyId: key.ref });
  keep(variant, key);
  return key;
}

/**
 * What `kms:*` for the account's root would allow, spelled out: no wildcard action, and nothing that this key is not
 * for (imported material, replicas, signatures).
 */
function accountPoliciesDecide(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: ACCOUNT_SID,
    principals: [new iam.AccountRootPrincipal()],
    actions: [
      'kms:DescribeKey',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListKeyPolicies',
      'kms:ListKeyRotations',
      'kms:ListGrants',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
      'kms:EnableKeyRotation',
      'kms:DisableKeyRotation',
      'kms:RotateKeyOnDemand',
      'kms:UpdateKeyDescription',
      'kms:CreateAlias',
      'kms:UpdateAlias',
      'kms:DeleteAlias',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:EnableKey',
      'kms:DisableKey',
      'kms:ScheduleKeyDeletion',
      'kms:CancelKeyDeletion',
      'kms:CreateGrant',
      'kms:RevokeGrant',
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
    ],
    resources: ['*'],
  });
}

/** Without its key, what it encrypted is gone as if it were deleted: the same guard as for versions. */
function denyLossWithoutMfa(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyLossWithoutMfa',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
    resources: ['*'],
    conditions: withoutMfa(stack),
  });
}
