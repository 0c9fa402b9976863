import * as fs from 'fs';
import * as path from 'path';
import { buildProcessor } from './parts';
import { one, statementsOf, synth, text, texts } from '../support/synth';

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

function grantedOf(service: string): string[] {
  const template = synth((stack) => buildProcessor(stack));
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

test('A21 the code talks to no service but S3, so every other right is for Lambda itself or listed as unused', () => {
  expect([...found(/from '(@aws-sdk\/client-[\w-]+)'/g)]).toEqual(['@aws-sdk/client-s3']);
});
