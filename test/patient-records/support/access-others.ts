import type { Expectation } from './access';
import { EVERYTHING_GIVEN } from './examples';
import type { Places } from './places';

const MFA = { 'aws:MultiFactorAuthPresent': 'true' };

/** B7: another account reads results, with the external id, and nothing else whatever is attached. */
export function reader(at: Places): Expectation[] {
  const take = { as: 'stranger', does: 'sts:AssumeRole', on: at.readerRole } as const;
  const right = { 'sts:ExternalId': EVERYTHING_GIVEN.ReaderExternalId };
  const reads = ['s3:GetObject', 's3:GetObjectVersion'];
  const hidden = [at.incoming, at.rejected, at.keyObject, at.stray, `${at.logs}/a`, `${at.elsewhere}/a`];
  return [
    { ...take, with: right, may: true },
    { ...take, with: { 'sts:ExternalId': 'another-external-id' }, may: false },
    { ...take, may: false },
    { ...take, does: 'sts:TagSession', with: right, may: false },
    { ...take, on: at.processorRole, with: right, may: false },
    { ...take, as: 'service:lambda.amazonaws.com', with: right, may: false },
    ...reads.flatMap((does): Expectation[] => [
      { as: 'reader', does, on: at.deidentified, may: true },
      { as: 'reader', does, on: at.manifest, may: true },
      ...hidden.flatMap((on): Expectation[] => [
        { as: 'reader', does, on, may: false },
        { as: 'reader+', does, on, may: false },
      ]),
    ]),
    { as: 'reader', does: 's3:ListBucket', on: at.records, with: { 's3:prefix': 'processed/' }, may: true },
    { as: 'reader', does: 's3:ListBucket', on: at.records, with: { 's3:prefix': 'incoming/' }, may: false },
    { as: 'reader', does: 's3:ListBucket', on: at.records, may: false },
    ...['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'].flatMap((does): Expectation[] => [
      { as: 'reader', does, on: at.deidentified, may: false },
      { as: 'reader+', does, on: at.deidentified, with: MFA, may: false },
      { as: 'reader+', does, on: at.incoming, with: MFA, may: false },
    ]),
    { as: 'reader', does: 'kms:Decrypt', on: at.key, may: false },
    { as: 'reader', does: 'sqs:ReceiveMessage', on: at.queue, may: false },
  ];
}

/** B6: Lambda runs as the function's role, and nobody else does. */
export function trust(at: Places): Expectation[] {
  const take = { does: 'sts:AssumeRole', on: at.processorRole } as const;
  return [
    { ...take, as: 'service:lambda.amazonaws.com', may: true },
    { ...take, as: 'service:ec2.amazonaws.com', may: false },
    { ...take, as: 'stranger', may: false },
    { ...take, as: 'service:lambda.amazonaws.com', does: 'sts:TagSession', may: false },
  ];
}

const ADMINISTRATION = [
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
];
const USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];
/** What `kms:*` would have brought, and this key is not for. */
const FOREIGN = [
  'kms:ReplicateKey',
  'kms:ImportKeyMaterial',
  'kms:DeleteImportedKeyMaterial',
  'kms:Sign',
  'kms:GenerateMac',
  'kms:UpdatePrimaryRegion',
];

/** B4 B6 B8: whose the key is, and for what. */
export function key(at: Places, guarded: boolean): Expectation[] {
  const logs = { as: 'service:logs.us-east-2.amazonaws.com', on: at.key } as const;
  const group = (arn: string) => ({ 'kms:EncryptionContext:aws:logs:arn': arn });
  const on = at.key;
  return [
    ...[...ADMINISTRATION, ...USE].flatMap((does): Expectation[] => [
      { as: 'administrator', does, on, with: MFA, may: true },
      { as: 'stranger', does, on, with: MFA, may: false },
    ]),
    ...FOREIGN.map((does): Expectation => ({ as: 'administrator', does, on, with: MFA, may: false })),
    ...['kms:DisableKey', 'kms:ScheduleKeyDeletion'].flatMap((does): Expectation[] => [
      { as: 'administrator', does, on, may: !guarded },
      { as: 'administrator', does, on, with: { 'aws:MultiFactorAuthPresent': 'false' }, may: !guarded },
      { as: 'root', does, on, may: true },
    ]),
    ...[...USE, 'kms:DescribeKey'].flatMap((does): Expectation[] => [
      { ...logs, does, with: group(at.logGroup), may: true },
      { ...logs, does, with: group(at.logGroup.replace('patient-records', 'somebody')), may: false },
      { ...logs, does, may: false },
    ]),
    { ...logs, does: 'kms:PutKeyPolicy', with: group(at.logGroup), may: false },
    { ...logs, as: 'service:sns.amazonaws.com', does: 'kms:Decrypt', with: group(at.logGroup), may: false },
  ];
}

/** B4: failed events are sent by TLS, by this account. */
export function queue(at: Places): Expectation[] {
  const HTTP = { 'aws:SecureTransport': 'false' };
  return ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'].flatMap((does): Expectation[] => [
    { as: 'administrator', does, on: at.queue, may: true },
    { as: 'administrator', does, on: at.queue, with: HTTP, may: false },
    { as: 'stranger', does, on: at.queue, may: false },
    { as: 'anyone', does, on: at.queue, may: false },
  ]);
}
