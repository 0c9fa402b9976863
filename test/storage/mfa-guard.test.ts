import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HipaaKeyring, PhiBucketSet, PhiBucketSetProps } from '../../src';
import { bySid, entries, statementsOf, synth, text } from '../support/synth';

const context = { 'cdk-hipaa-pipeline:allow-destroy': true };
const build = (props: Partial<PhiBucketSetProps>) => (stack: Stack) =>
  new PhiBucketSet(stack, 'Buckets', { keyring: new HipaaKeyring(stack, 'Keyring'), ...props });
const policies = (props: Partial<PhiBucketSetProps>) => entries(synth(build(props)), 'AWS::S3::BucketPolicy');

test('B1 B13 with mfaGuard all three buckets deny destruction without a second factor, but for root', () => {
  const guarded = policies({ mfaGuard: true });
  expect(guarded).toHaveLength(3);
  for (const [, policy] of guarded) {
    const statement = bySid(policy, 'DenyDestructionWithoutMfa');
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['s3:DeleteObjectVersion', 's3:PutBucketVersioning', 's3:PutLifecycleConfiguration'],
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } },
    });
    expect(text(statement.Condition.ArnNotEquals['aws:PrincipalArn'])).toBe(
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:root',
    );
  }
});

test('B1 without it none does', () => {
  const sids = policies({}).flatMap(([, policy]) => statementsOf(policy).map(({ Sid }) => text(Sid)));
  expect(sids).not.toContain('DenyDestructionWithoutMfa');
});

test('B1 A26 it is refused together with DESTROY', () => {
  const both = build({ mfaGuard: true, removalPolicy: RemovalPolicy.DESTROY });
  expect(() => synth(both, { context })).toThrow(/mfaGuard must be off with removalPolicy DESTROY, got both/);
});
