import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { KMS_MAC_ALGORITHM } from './handler-contract';

/** One allowed thing, as a role's policy has it. */
export interface Allowance {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
}

/** How a key outside the buckets is used: what the role may do, and the one service that is called for it. */
export interface KeyUse {
  readonly service: ec2.InterfaceVpcEndpointAwsService;
  /** The call itself, which the endpoint admits too. */
  readonly call: Allowance;
  /** What the service does on the role's behalf. */
  readonly behind?: Allowance;
}

export function hmacKeyUse(key: kms.IKey): KeyUse {
  return {
    service: ec2.InterfaceVpcEndpointAwsService.KMS,
    call: {
      sid: 'DerivePseudonymKey',
      actions: ['kms:GenerateMac'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:MacAlgorithm': KMS_MAC_ALGORITHM } },
    },
  };
}

export function secretUse(scope: Construct, secret: secretsmanager.ISecret): KeyUse {
  // Secrets Manager appends six characters to a name; the ARN of a secret by name lacks them.
  const secretArn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  return {
    service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    call: { sid: 'ReadPseudonymKey', actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
    ...(secret.encryptionKey && {
      behind: {
        sid: 'DecryptPseudonymKey',
        actions: ['kms:Decrypt'],
        resources: [secret.encryptionKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
          StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
        },
      },
    }),
  };
}
