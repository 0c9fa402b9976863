import type { Stack } from 'aws-cdk-lib';
import { ComplianceEvidence, CrossAccountReader, CrossAccountReaderProps, HipaaKeyring, PhiBucketSet } from '../../src';
import { againstEvidence, noInlineOrForeignPolicies, noWildcardActions } from '../evidence/privileges';
import { bothWays, bySid, evidenceOf, json, one, synth, testStack, templateOf, text, texts } from '../support/synth';

const EXTERNAL_ID = 'agreed-on-by-both-sides';

function build(stack: Stack, props: Partial<CrossAccountReaderProps> = {}): CrossAccountReader {
  const keyring = new HipaaKeyring(stack, 'Keyring');
  const buckets = new PhiBucketSet(stack, 'Buckets', { keyring });
  return new CrossAccountReader(stack, 'Reader', {
    keyring,
    buckets,
    accountId: '444455556666',
    externalId: EXTERNAL_ID,
    ...props,
  });
}

const template = () => synth((stack) => build(stack));
const policyOf = (made = template()) => one(made, 'AWS::IAM::ManagedPolicy', /Reader/);

test('B7 the role is for one account that names the external id', () => {
  const role = one(template(), 'AWS::IAM::Role', /Reader/);
  const [statement] = [role.Properties.AssumeRolePolicyDocument.Statement].flat();
  expect(text(statement.Principal.AWS)).toBe('arn:${AWS::Partition}:iam::444455556666:root');
  expect(text(statement.Action)).toBe('sts:AssumeRole');
  expect(statement.Condition).toEqual({ StringEquals: { 'sts:ExternalId': EXTERNAL_ID } });
  expect(role.Properties).toMatchObject({ RoleName: { 'Fn::Join': expect.anything() }, MaxSessionDuration: 3600 });
});

test('B7 it reads results and manifests, and everything else is denied whatever is attached', () => {
  const policy = policyOf();
  const results = texts(bySid(policy, 'ReadResults').Resource);
  expect(results.map((arn) => arn.replace(/^\$\{BucketsProcessedBucket\w+\.Arn\}/, ''))).toEqual([
    '/deidentified/*',
    '/manifests/*',
  ]);
  expect(texts(bySid(policy, 'DenyAllButResults').NotResource)).toEqual(results);
  expect(bySid(policy, 'DenyAllButResults')).toMatchObject({
    Effect: 'Deny',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
  });
  expect(bySid(policy, 'DenyWriting')).toMatchObject({
    Effect: 'Deny',
    Action: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
  });
  expect(bySid(policy, 'ListResults').Condition).toEqual({
    StringLike: { 's3:prefix': ['deidentified/*', 'manifests/*'] },
  });
  expect(text(bySid(policy, 'DecryptResults').Resource)).toMatch(/^\$\{KeyringDataKey\w+\.Arn\}$/);
});

test('B6 B7 no inline policy, no wildcard action, and every wildcard resource is in the evidence', () => {
  const { stack } = testStack();
  ComplianceEvidence.of(stack);
  build(stack);
  const evidence = evidenceOf(stack);
  const made = templateOf(stack);
  bothWays(
    made,
    noInlineOrForeignPolicies,
    (copy) => (one(copy, 'AWS::IAM::Role', /Reader/).Properties.Policies = json([{}])),
  );
  bothWays(made, noWildcardActions, (copy) => (bySid(policyOf(copy), 'ReadResults').Action = json('s3:Get*')));
  bothWays(
    made,
    againstEvidence(evidence).wildcards,
    (copy) => (bySid(policyOf(copy), 'DecryptResults').Resource = json('*')),
  );
});

test.each([
  ['accountId', { accountId: '4444' }, /accountId must be 12 digits, got 4 characters/],
  ['externalId', { externalId: 'a'.repeat(15) }, /externalId must be 16 to 1224 .*, got 15 characters/],
  ['externalId with a blank', { externalId: 'sixteen and a blank' }, /externalId must be/],
])('B7 a wrong %s is refused, and not repeated', (_prop, props, message) => {
  expect(() => synth((stack) => build(stack, props))).toThrow(message);
  expect(() => synth((stack) => build(stack, props))).not.toThrow(/sixteen/);
});

test('B7 two readers live side by side under two suffixes, and collide under one', () => {
  const two = (second: string) => (stack: Stack) => {
    const keyring = new HipaaKeyring(stack, 'Keyring');
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring });
    ['one', second].forEach((environmentSuffix, index) => {
      const account = { accountId: '444455556666', externalId: EXTERNAL_ID };
      new CrossAccountReader(stack, `Reader${index}`, { keyring, buckets, environmentSuffix, ...account });
    });
  };
  expect(() => synth(two('two'))).not.toThrow();
  expect(() => synth(two('one'))).toThrow(/must be unique/);
});
