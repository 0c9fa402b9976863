import * as iam from 'aws-cdk-lib/aws-iam';
import { HipaaKeyring, PhiBucketSet, PhiZone } from '../../src';
import { entries, statementsOf, synth, texts } from '../support/synth';

type Grant = (buckets: PhiBucketSet, role: iam.IRole) => iam.Grant;

/** What a role gets: each statement as its actions and its resources. */
const given = (grant: Grant) => {
  const template = synth((stack) => {
    const role = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring: new HipaaKeyring(stack, 'Keyring') });
    expect(grant(buckets, role).success).toBe(true);
  });
  const [[, policy]] = entries(template, 'AWS::IAM::Policy');
  return statementsOf(policy).map(({ Action, Resource }) => [
    ...texts(Action),
    ...texts(Resource).map((arn) =>
      arn.replace(/^\$\{(?:Buckets|Keyring)(Data|Processed)(Bucket|Key)\w+\.Arn\}/, '$1$2'),
    ),
  ]);
};

test('A22 grantRead allows objects and their versions under the prefix, and decryption', () => {
  expect(given((buckets, role) => buckets.grantRead(role, PhiZone.PROCESSED, 'deidentified/'))).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 'ProcessedBucket/deidentified/*'],
    ['kms:Decrypt', 'DataKey'],
  ]);
  expect(given((buckets, role) => buckets.grantRead(role, PhiZone.DATA))).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 'DataBucket/*'],
    ['kms:Decrypt', 'DataKey'],
  ]);
});

test('A22 without a prefix a reader of results gets what is de-identified and the manifests, never limited data sets', () => {
  expect(given((buckets, role) => buckets.grantRead(role, PhiZone.PROCESSED))).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 'ProcessedBucket/deidentified/*', 'ProcessedBucket/manifests/*'],
    ['kms:Decrypt', 'DataKey'],
  ]);
});

test.each(['l', 'limited-data-set', 'limited-data-set/', 'limited-data-set/format=csv/'])(
  'A22 grantRead of prefix %s is an error: limited data sets are PHI',
  (prefix) => {
    expect(() => given((buckets, role) => buckets.grantRead(role, PhiZone.PROCESSED, prefix))).toThrow(
      `prefix must not reach limited data sets, which are PHI, got "${prefix}"; ` +
        'use grantReadLimitedDataSet, or a prefix such as deidentified/',
    );
    // In the data zone a prefix is only a prefix.
    expect(given((buckets, role) => buckets.grantRead(role, PhiZone.DATA, prefix))[0]).toContain(
      `DataBucket/${prefix}*`,
    );
  },
);

test('A22 grantReadLimitedDataSet allows that prefix alone', () => {
  expect(given((buckets, role) => buckets.grantReadLimitedDataSet(role))).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 'ProcessedBucket/limited-data-set/*'],
    ['kms:Decrypt', 'DataKey'],
  ]);
});

test('A22 grantWrite allows puts and aborts under the prefix, and encryption', () => {
  expect(given((buckets, role) => buckets.grantWrite(role, PhiZone.DATA, 'incoming/'))).toEqual([
    ['s3:PutObject', 's3:AbortMultipartUpload', 'DataBucket/incoming/*'],
    ['kms:Decrypt', 'kms:GenerateDataKey', 'DataKey'],
  ]);
  expect(given((buckets, role) => buckets.grantWrite(role, PhiZone.PROCESSED))).toEqual([
    ['s3:PutObject', 's3:AbortMultipartUpload', 'ProcessedBucket/*'],
    ['kms:Decrypt', 'kms:GenerateDataKey', 'DataKey'],
  ]);
});

test('A22 no grant holds a wildcard action', () => {
  const all = [
    ...given((buckets, role) => buckets.grantRead(role, PhiZone.DATA)),
    ...given((buckets, role) => buckets.grantWrite(role, PhiZone.DATA)),
  ];
  expect(all.flat().filter((entry) => /^[a-z0-9]+:.*\*/.test(entry))).toEqual([]);
});

test('A1 zoneBucket gives the bucket of a zone', () => {
  synth((stack) => {
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring: new HipaaKeyring(stack, 'Keyring') });
    expect(buckets.zoneBucket(PhiZone.DATA)).toBe(buckets.dataBucket);
    expect(buckets.zoneBucket(PhiZone.PROCESSED)).toBe(buckets.processedBucket);
  });
});
