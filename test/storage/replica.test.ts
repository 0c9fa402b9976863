import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ComplianceEvidence, HipaaKeyring, PhiBucketSet } from '../../src';
import {
  entries,
  evidenceOf,
  list,
  one,
  statementsOf,
  synth,
  TemplateJson,
  testStack,
  text,
  texts,
} from '../support/synth';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/replica';

const build =
  (account?: string, replicate = true) =>
  (stack: Stack) => {
    const replica = {
      bucket: s3.Bucket.fromBucketName(stack, 'Replica', 'far-away'),
      key: kms.Key.fromKeyArn(stack, 'ReplicaKey', KEY),
      account,
    };
    return new PhiBucketSet(stack, 'Buckets', {
      keyring: new HipaaKeyring(stack, 'Keyring'),
      ...(replicate && { replica }),
    });
  };

const rules = (template: TemplateJson, type: string) =>
  list(one(template, 'AWS::S3::Bucket', new RegExp(`Buckets${type}Bucket`)).Properties.ReplicationConfiguration?.Rules);

const evidence = (replicate: boolean) => {
  const { stack } = testStack();
  build(undefined, replicate)(stack);
  ComplianceEvidence.of(stack);
  const [found] = list(evidenceOf(stack).stacks);
  return {
    open: list(found.openItems).map(({ id }) => text(id)),
    acknowledged: list(found.acknowledgements).filter(({ rule }) => /Replication/.test(text(rule))).length,
  };
};

describe('replica', () => {
  let template: TemplateJson;
  beforeAll(() => {
    template = synth(build());
  });

  test('A5 new objects of every bucket are copied under the key of the replica, the pseudonym key is not', () => {
    expect(rules(template, 'Data').map(({ Filter }) => text(Filter.Prefix))).toEqual(['incoming/', 'rejected/']);
    expect(rules(template, 'Processed').map(({ Filter }) => text(Filter.Prefix))).toEqual(['']);
    expect(rules(template, 'AccessLogs').map(({ Filter }) => text(Filter.Prefix))).toEqual(['']);
    for (const type of ['Data', 'Processed', 'AccessLogs']) {
      for (const rule of rules(template, type)) {
        expect(rule).toMatchObject({
          Status: 'Enabled',
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: KEY } },
        });
        expect(text(rule.Destination.Bucket)).toBe('arn:${AWS::Partition}:s3:::far-away');
        expect(rule.Destination.Account).toBeUndefined();
      }
    }
  });

  test('A21 A22 its role reads the sources, writes the replica and uses exactly their keys', () => {
    const policy = one(template, 'AWS::IAM::ManagedPolicy');
    const given = statementsOf(policy).map(({ Sid, Resource }) => [
      text(Sid),
      ...texts(Resource).map((arn) => arn.replace(/[^:]*Fn::Select.*\]\}/, 'x')),
    ]);
    expect(given.map(([sid]) => sid)).toEqual([
      'ReadReplicationConfiguration',
      'ReadVersionsToReplicate',
      'WriteReplicas',
      'DecryptSources',
      'EncryptReplicas',
    ]);
    expect(given[2]).toEqual(['WriteReplicas', 'arn:${AWS::Partition}:s3:::far-away/*']);
    expect(given[3]).toEqual(['DecryptSources', expect.stringMatching('DataKey'), expect.stringMatching('LogsKey')]);
    expect(given[4]).toEqual(['EncryptReplicas', KEY]);
    expect(
      statementsOf(policy)
        .flatMap(({ Action }) => texts(Action))
        .filter((action) => action.includes('*')),
    ).toEqual([]);
    expect(texts(one(template, 'AWS::IAM::Role').Properties.ManagedPolicyArns)).toEqual([
      `\${${entries(template, 'AWS::IAM::ManagedPolicy')[0][0]}}`,
    ]);
  });

  test('A5 a replica in another account becomes the owner of the copies', () => {
    const [rule] = rules(synth(build('444455556666')), 'Data');
    expect(rule.Destination).toMatchObject({
      Account: '444455556666',
      AccessControlTranslation: { Owner: 'Destination' },
    });
  });

  test('X3 without a replica the evidence shows it as open and acknowledges the rule for each bucket; with one neither', () => {
    expect(evidence(false)).toEqual({ open: ['no-replica'], acknowledged: 3 });
    expect(evidence(true)).toEqual({ open: [], acknowledged: 0 });
    expect(rules(synth(build(undefined, false)), 'Data')).toEqual([]);
  });
});
