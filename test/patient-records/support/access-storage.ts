import { OTHER_ACCOUNT, type Expectation } from './access';
import { ACCOUNT } from './deploy';
import type { Places } from './places';

const HTTP = { 'aws:SecureTransport': 'false' };
const MFA = { 'aws:MultiFactorAuthPresent': 'true' };
const NO_MFA = { 'aws:MultiFactorAuthPresent': 'false' };
const ALGORITHM = 's3:x-amz-server-side-encryption';
const SSE_C = { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' };
const FIRST = { 's3:if-none-match': '*' };

/** B2 B13: how a request must come, for both buckets. */
export function transport({ records, logs }: Places): Expectation[] {
  const list = { as: 'administrator', does: 's3:ListBucket' } as const;
  const put = { as: 'administrator', does: 's3:PutObject' } as const;
  return [records, logs].flatMap((bucket): Expectation[] => [
    { ...list, on: bucket, may: true },
    { ...list, on: bucket, with: HTTP, may: false },
    { ...put, on: `${bucket}/stray`, may: true },
    { ...put, on: `${bucket}/stray`, with: HTTP, may: false },
    { ...list, on: bucket, with: { 's3:TlsVersion': '1.1' }, may: false },
    { ...put, on: `${bucket}/stray`, with: { 's3:TlsVersion': '1.1' }, may: false },
    { ...put, on: `${bucket}/stray`, with: { 's3:TlsVersion': '1.2' }, may: true },
    { as: 'stranger', does: 's3:GetObject', on: `${bucket}/stray`, may: false },
    { as: 'stranger', does: 's3:ListBucket', on: bucket, may: false },
    { as: 'anyone', does: 's3:GetObject', on: `${bucket}/stray`, may: false },
    { as: 'anyone', does: 's3:PutObject', on: `${bucket}/stray`, may: false },
  ]);
}

/** B2: how an object must be encrypted. */
export function encryption({ records, logs, incoming }: Places): Expectation[] {
  const put = { as: 'administrator', does: 's3:PutObject', on: incoming } as const;
  return [
    { ...put, may: true },
    { ...put, with: { [ALGORITHM]: 'AES256' }, may: true },
    { ...put, with: { [ALGORITHM]: 'aws:kms' }, may: false },
    { ...put, with: { [ALGORITHM]: 'aws:kms:dsse' }, may: false },
    { ...put, with: SSE_C, may: false },
    { ...put, on: `${logs}/stray`, with: SSE_C, may: false },
    { ...put, on: `${records}/processed/deidentified/a`, with: { [ALGORITHM]: 'aws:kms' }, may: false },
  ];
}

/** B1 B13: what destroys versions needs a second factor; root needs it elsewhere. In a test stack nothing does. */
export function destruction({ records, logs }: Places, guarded: boolean): Expectation[] {
  return [records, logs].flatMap((bucket) =>
    [
      { does: 's3:DeleteObjectVersion', on: `${bucket}/stray` },
      { does: 's3:PutBucketVersioning', on: bucket },
      { does: 's3:PutLifecycleConfiguration', on: bucket },
    ].flatMap((attempt): Expectation[] => [
      { as: 'administrator', ...attempt, may: !guarded },
      { as: 'administrator', ...attempt, with: NO_MFA, may: !guarded },
      { as: 'administrator', ...attempt, with: MFA, may: true },
      { as: 'root', ...attempt, may: true },
      { as: 'stranger', ...attempt, with: MFA, may: false },
    ]),
  );
}

/** By which S3 copies into another bucket, and out of one, for whoever may set it up. */
const REPLICATION = ['s3:GetObjectVersionForReplication', 's3:ReplicateObject'];

/** B5: the pseudonym key is for the function alone, made once, and never goes. */
export function keyObject({ keyObject: key, incoming }: Places, forEver: boolean): Expectation[] {
  const hidden = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', ...REPLICATION];
  const others: Expectation[] = hidden.flatMap((does) => [
    { as: 'administrator', does, on: key, with: FIRST, may: false },
    { as: 'root', does, on: key, with: FIRST, may: false },
    { as: 'reader+', does, on: key, with: FIRST, may: false },
  ]);
  const gone: Expectation[] = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete'].flatMap((does) => [
    { as: 'administrator', does, on: key, with: MFA, may: !forEver },
    { as: 'root', does, on: key, with: MFA, may: !forEver },
    { as: 'administrator', does, on: incoming, with: MFA, may: true },
  ]);
  return [
    ...others,
    ...gone,
    { as: 'processor', does: 's3:GetObject', on: key, may: true },
    { as: 'processor', does: 's3:PutObject', on: key, with: FIRST, may: true },
    { as: 'processor', does: 's3:PutObject', on: key, may: false },
    { as: 'administrator', does: 's3:GetObject', on: incoming, may: true },
    { as: 'administrator', does: 's3:PutObject', on: incoming, may: true },
  ];
}

/** B13: S3 may deliver the access logs of one bucket, however it encrypts them, and do nothing else. */
export function accessLogs({ records, logs, elsewhere }: Places): Expectation[] {
  const deliver = { as: 'service:logging.s3.amazonaws.com', does: 's3:PutObject', on: `${logs}/records/log` } as const;
  const source = { 'aws:SourceArn': records, 'aws:SourceAccount': ACCOUNT };
  return [
    { ...deliver, with: source, may: true },
    { ...deliver, with: { ...source, [ALGORITHM]: 'AES256' }, may: true },
    { ...deliver, with: { ...source, [ALGORITHM]: 'aws:kms' }, may: true },
    { ...deliver, with: { ...source, 'aws:SourceArn': elsewhere }, may: false },
    { ...deliver, with: { ...source, 'aws:SourceAccount': OTHER_ACCOUNT }, may: false },
    { ...deliver, does: 's3:GetObject', with: source, may: false },
    { ...deliver, on: `${records}/records/log`, with: source, may: false },
    { ...deliver, as: 'service:cloudtrail.amazonaws.com', with: source, may: false },
  ];
}

/** B3: S3 may start the function, for one bucket of this account. */
export function notifications({ records, elsewhere, fn }: Places): Expectation[] {
  const start = { as: 'service:s3.amazonaws.com', does: 'lambda:InvokeFunction', on: fn } as const;
  const source = { 'aws:SourceArn': records, 'aws:SourceAccount': ACCOUNT };
  return [
    { ...start, with: source, may: true },
    { ...start, with: { ...source, 'aws:SourceArn': elsewhere }, may: false },
    { ...start, with: { ...source, 'aws:SourceAccount': OTHER_ACCOUNT }, may: false },
    { ...start, does: 'lambda:UpdateFunctionCode', with: source, may: false },
    { ...start, as: 'service:sns.amazonaws.com', with: source, may: false },
    { ...start, as: 'stranger', with: source, may: false },
  ];
}
