import * as fs from 'fs';
import * as path from 'path';
import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { buildProcessor } from './parts';
import { PseudonymKey } from '../../src';
import { one, statementsOf, synth, text, texts } from '../support/synth';

const HMAC_ARN = 'arn:aws:kms:us-east-1:111122223333:key/hmac';
const SOURCES = path.join(__dirname, '..', '..', 'lambda-src');

/**
 * The right that each call needs.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const NEEDED: Record<string, string[]> = {
  HeadObjectCommand: ['s3:GetObject', 's3:GetObjectVersion'],
  GetObjectCommand: ['s3:GetObject', 's3:GetObjectVersion'],
  PutObjectCommand: ['s3:PutObject'],
  CreateMultipartUploadCommand: ['s3:PutObject'],
  UploadPartCommand: ['s3:PutObject'],
  CompleteMultipartUploadCommand: ['s3:PutObject'],
  AbortMultipartUploadCommand: ['s3:AbortMultipartUpload'],
  ListObjectVersionsCommand: ['s3:ListBucketVersions'],
};
/** No call, but what tells an absent object (404) from a forbidden one (403). */
const TO_SEE_ABSENCE = 's3:ListBucket';

const sources = fs
  .readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => fs.readFileSync(path.join(SOURCES, file), 'utf8'));
const found = (pattern: RegExp) =>
  new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name)));

/** What is called without a client, for a pseudonym key outside the buckets, and the right that it needs. */
const CALLED: Record<string, string> = {
  'TrentService.GenerateMac': 'kms:GenerateMac',
  'secretsmanager.GetSecretValue': 'secretsmanager:GetSecretValue',
};

function grantedOf(service: string, pseudonymKey?: (stack: Stack) => PseudonymKey): string[] {
  const template = synth((stack) => buildProcessor(stack, { pseudonymKey: pseudonymKey?.(stack) }));
  const actions = statementsOf(one(template, 'AWS::IAM::ManagedPolicy', /ProcessorPolicy/))
    .filter(({ Effect }) => text(Effect) === 'Allow')
    .flatMap(({ Action }) => texts(Action));
  return [...new Set(actions.filter((action) => action.startsWith(`${service}:`)))].sort();
}

test('A21 A22 the role may call S3 exactly as the code calls it: no right is missing, and none is idle', () => {
  const calls = [...found(/new (\w+Command)\(/g)];
  expect(calls.filter((call) => NEEDED[call] === undefined)).toEqual([]);
  const needed = new Set([...calls.flatMap((call) => NEEDED[call]), TO_SEE_ABSENCE]);
  expect(grantedOf('s3')).toEqual([...needed].sort());
});

test('A21 the code has no client but that of S3, so every other right is for Lambda itself or listed as unused', () => {
  expect([...found(/from '(@aws-sdk\/client-[\w-]+)'/g)]).toEqual(['@aws-sdk/client-s3']);
});

test('A21 a key from KMS or Secrets Manager brings the right to its one call, and takes that to list versions', () => {
  expect([...found(/target: '([\w.]+)'/g)].sort()).toEqual(Object.keys(CALLED).sort());
  const hmac = (stack: Stack) => PseudonymKey.kmsHmac(kms.Key.fromKeyArn(stack, 'Hmac', HMAC_ARN));
  const secret = (stack: Stack) =>
    PseudonymKey.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 's'));
  expect(grantedOf('kms', hmac).filter((action) => !grantedOf('kms').includes(action))).toEqual(['kms:GenerateMac']);
  expect(grantedOf('secretsmanager', secret)).toEqual(['secretsmanager:GetSecretValue']);
  expect(grantedOf('secretsmanager')).toEqual([]);
  for (const elsewhere of [hmac, secret]) {
    expect(grantedOf('s3').filter((action) => !grantedOf('s3', elsewhere).includes(action))).toEqual([
      's3:ListBucketVersions',
    ]);
  }
});
