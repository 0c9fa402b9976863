import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AuditTrail, ComplianceEvidence, HipaaKeyring, PhiBucketSet } from '../../src';
import { evidenceOf, list, one, statementsOf, synth, templateOf, testStack, text, texts } from '../support/synth';

const ARN = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/organisation';

describe('a trail that exists', () => {
  test('X3 A18 the buckets that it must record are open, with the selector as the API takes it', () => {
    const { stack } = testStack();
    const trail = AuditTrail.fromTrailArn(stack, 'Audit', ARN);
    trail.addBucket(s3.Bucket.fromBucketName(stack, 'Data', 'their-data'));
    ComplianceEvidence.of(stack);
    const items = list(list(evidenceOf(stack).stacks)[0].openItems);
    expect(items.map(({ id }) => text(id))).toEqual(['trail-tampering', 'trail-data-events-Data']);
    const { FieldSelectors, Name } = items[1].statement;
    expect(Name).toBe('Reads and writes of PHI objects');
    expect(list(FieldSelectors).slice(0, 2)).toEqual([
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    ]);
    expect(text(list(FieldSelectors)[2].Field)).toBe('resources.ARN');
    expect(texts(list(FieldSelectors)[2].StartsWith)).toEqual(['arn:${AWS::Partition}:s3:::their-data/']);
  });

  test('X3 it makes nothing, and nobody alarms on it here', () => {
    const { stack } = testStack();
    const trail = AuditTrail.fromTrailArn(stack, 'Audit', ARN);
    expect(trail.trailArn).toBe(ARN);
    expect([trail.metricTrailTampering(), trail.metricKeyTampering()]).toEqual([undefined, undefined]);
    expect(templateOf(stack).Resources).toEqual({});
  });
});

describe('replica', () => {
  const build = (replicate: boolean) => {
    const { stack } = testStack();
    const keyring = new HipaaKeyring(stack, 'Keyring');
    const replica = {
      bucket: s3.Bucket.fromBucketName(stack, 'Replica', 'far-away'),
      key: kms.Key.fromKeyArn(stack, 'ReplicaKey', 'arn:aws:kms:eu-west-1:111122223333:key/replica'),
    };
    const buckets = new PhiBucketSet(stack, 'Buckets', { keyring, replica });
    new AuditTrail(stack, 'Audit', { keyring, buckets, ...(replicate && { replica }) });
    ComplianceEvidence.of(stack);
    return stack;
  };

  test('A5 A18 files of the trail are copied, by a role that uses the trail key', () => {
    const template = templateOf(build(true));
    const [rule] = list(one(template, 'AWS::S3::Bucket', /TrailBucket/).Properties.ReplicationConfiguration.Rules);
    expect(text(rule.Destination.Bucket)).toMatch(/far-away$/);
    const decrypt = statementsOf(one(template, 'AWS::IAM::ManagedPolicy', /AuditReplication/)).find(
      ({ Sid }) => text(Sid) === 'DecryptSources',
    )!;
    expect(text(decrypt.Resource)).toMatch(/TrailKey/);
  });

  test('X3 without one the evidence shows it as open', () => {
    const open = (replicate: boolean) =>
      list(list(evidenceOf(build(replicate)).stacks)[0].openItems).map(({ path, id }) => `${text(path)} ${text(id)}`);
    expect(open(false)).toEqual(['Test/Audit no-replica']);
    expect(open(true)).toEqual([]);
  });
});

test('X3 A14 with keys that exist the trail says what their policies must admit', () => {
  const template = synth((stack) => {
    const key = (id: string) => kms.Key.fromKeyArn(stack, id, `arn:aws:kms:us-east-1:111122223333:key/${id}`);
    const keyring = HipaaKeyring.fromKeys(stack, 'Keyring', {
      dataKey: key('Data'),
      logsKey: key('Logs'),
      trailKey: key('Trail'),
    });
    new AuditTrail(stack, 'Audit', { keyring, buckets: new PhiBucketSet(stack, 'Buckets', { keyring }) });
  });
  expect(text(one(template, 'AWS::CloudTrail::Trail').Properties.KMSKeyId)).toBe(
    'arn:aws:kms:us-east-1:111122223333:key/Trail',
  );
});
