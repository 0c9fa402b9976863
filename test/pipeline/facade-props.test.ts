import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AuditTrail,
  DeidPolicy,
  HipaaKeyring,
  HipaaPipeline,
  HipaaPipelineProps,
  IdTreatment,
  IsolatedNetwork,
  PhiBucketSet,
  ProcessorCode,
  PseudonymKey,
} from '../../src';
import { entries, list, one, resources, synth, TemplateJson, text, texts } from '../support/synth';

type Build = (stack: Stack) => HipaaPipelineProps;
const claims = (props: HipaaPipelineProps | Build = {}, options?: Parameters<typeof synth>[1]) =>
  synth((stack) => new HipaaPipeline(stack, 'Claims', typeof props === 'function' ? props(stack) : props), options);
const fn = (template: TemplateJson) =>
  one(template, 'AWS::Lambda::Function', /Processor(?!.*Custom)Function/).Properties;

const TRAIL = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/theirs';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:on-call';
const replica = (stack: Stack) => ({
  bucket: s3.Bucket.fromBucketName(stack, 'Replica', 'far-away'),
  key: kms.Key.fromKeyArn(stack, 'ReplicaKey', 'arn:aws:kms:eu-west-1:111122223333:key/replica'),
});
const bring = {
  keyring: (stack: Stack) => new HipaaKeyring(stack, 'Brought', { environmentSuffix: 'brought' }),
  network: (stack: Stack) =>
    new IsolatedNetwork(stack, 'BroughtNetwork', { keyring: bring.keyring(stack), environmentSuffix: 'brought' }),
  buckets: (stack: Stack) =>
    new PhiBucketSet(stack, 'BroughtBuckets', { keyring: bring.keyring(stack), environmentSuffix: 'brought' }),
  auditTrail: (stack: Stack) => AuditTrail.fromTrailArn(stack, 'BroughtTrail', TRAIL),
};

let folder: string;
let byDefault: TemplateJson;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'facade-'));
  fs.writeFileSync(path.join(folder, 'bootstrap'), '#!/bin/sh\n');
  byDefault = claims();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
const ownCode = () => ProcessorCode.fromAsset(folder, lambda.Runtime.PROVIDED_AL2023, 'bootstrap');

/** One line a prop: what must hold with it, and must not hold without. */
const EFFECTS: [keyof HipaaPipelineProps, string, Build, (template: TemplateJson) => boolean][] = [
  [
    'environmentSuffix',
    'A24',
    () => ({ environmentSuffix: 'prod' }),
    (it) => text(fn(it).FunctionName) === 'healthcare-data-processing-prod',
  ],
  [
    'namePrefix',
    'A24',
    () => ({ namePrefix: 'claims' }),
    (it) => text(fn(it).FunctionName) === 'claims-data-processing-dev',
  ],
  [
    'keyring',
    'X3',
    (stack) => ({ keyring: bring.keyring(stack) }),
    (it) => /Brought/.test(text(fn(it).KmsKeyArn)) && entries(it, 'AWS::KMS::Key').length === 3,
  ],
  [
    'network',
    'X3',
    (stack) => ({ network: bring.network(stack) }),
    (it) => /^\$\{Brought/.test(texts(fn(it).VpcConfig.SubnetIds)[0]) && entries(it, 'AWS::EC2::VPC').length === 1,
  ],
  [
    'buckets',
    'X3',
    (stack) => ({ buckets: bring.buckets(stack) }),
    (it) =>
      /Brought/.test(text(fn(it).Environment.Variables.DATA_BUCKET)) && entries(it, 'AWS::S3::Bucket').length === 4,
  ],
  [
    'auditTrail',
    'X3',
    (stack) => ({ auditTrail: bring.auditTrail(stack) }),
    (it) => entries(it, 'AWS::CloudTrail::Trail').length === 0 && text(it.Outputs.ClaimsTrailArn.Value) === TRAIL,
  ],
  [
    'processor',
    'A9',
    () => ({ processor: ownCode() }),
    (it) => text(fn(it).Runtime) === 'provided.al2023' && text(fn(it).Handler) === 'bootstrap',
  ],
  [
    'policy',
    'A9',
    () => ({ policy: DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }) }),
    (it) => text(fn(it).Code.S3Key) !== text(fn(byDefault).Code.S3Key),
  ],
  [
    'logRetention',
    'A20',
    () => ({ logRetention: logs.RetentionDays.TEN_YEARS }),
    (it) => resources(it, 'AWS::Logs::LogGroup').every(({ Properties }) => text(Properties.RetentionInDays) === '3653'),
  ],
  [
    'replica',
    'A5',
    (stack) => ({ replica: replica(stack) }),
    (it) =>
      resources(it, 'AWS::S3::Bucket').every(({ Properties }) => Properties.ReplicationConfiguration !== undefined),
  ],
  [
    'alarmTopic',
    'X3',
    (stack) => ({ alarmTopic: sns.Topic.fromTopicArn(stack, 'OnCall', TOPIC) }),
    (it) =>
      resources(it, 'AWS::CloudWatch::Alarm').every(
        ({ Properties }) => texts(Properties.AlarmActions).join() === TOPIC,
      ),
  ],
  [
    'alarmEmails',
    'A12',
    () => ({ alarmEmails: ['a@example.org'] }),
    (it) => entries(it, 'AWS::SNS::Subscription').length === 1,
  ],
  [
    'bucketSuffix',
    'A1',
    () => ({ bucketSuffix: 'ab12' }),
    (it) => resources(it, 'AWS::S3::Bucket').every(({ Properties }) => /-ab12-dev$/.test(text(Properties.BucketName))),
  ],
  ['memorySize', 'A9', () => ({ memorySize: 2048 }), (it) => text(fn(it).MemorySize) === '2048'],
  ['timeout', 'A9', () => ({ timeout: Duration.minutes(15) }), (it) => text(fn(it).Timeout) === '900'],
  [
    'architecture',
    'A9',
    () => ({ architecture: lambda.Architecture.X86_64 }),
    (it) => texts(fn(it).Architectures).join() === 'x86_64',
  ],
  [
    'reservedConcurrentExecutions',
    'A12',
    () => ({ reservedConcurrentExecutions: 3 }),
    (it) => text(fn(it).ReservedConcurrentExecutions) === '3',
  ],
  [
    'reserveConcurrency',
    'A12',
    () => ({ reserveConcurrency: false }),
    (it) => fn(it).ReservedConcurrentExecutions === undefined,
  ],
  [
    'restrictDefaultSecurityGroup',
    'A16',
    () => ({ restrictDefaultSecurityGroup: false }),
    (it) => entries(it, 'Custom::VpcRestrictDefaultSG').length === 0,
  ],
  [
    'pseudonymKey',
    'A21',
    () => ({ pseudonymKey: PseudonymKey.managed({ generation: 2 }) }),
    (it) => text(fn(it).Environment.Variables.PSEUDONYM_KEY) === 'keys/pseudonym-key-0002',
  ],
  [
    'managementEvents',
    'A18',
    () => ({ managementEvents: false }),
    (it) => list(one(it, 'AWS::CloudTrail::Trail').Properties.AdvancedEventSelectors).length === 1,
  ],
];

test.each(EFFECTS.map(([prop, id, build, holds]) => [id, prop, build, holds] as const))(
  '%s prop %s takes effect',
  (_id, _prop, build, holds) => {
    expect(holds(claims(build))).toBe(true);
    expect(holds(byDefault)).toBe(false);
  },
);

test('every prop of the facade is in the list above', () => {
  const declaration = fs.readFileSync(path.join(__dirname, '../../src/pipeline/hipaa-pipeline.ts'), 'utf8');
  const props = [...declaration.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name);
  // removalPolicy has a file of its own: it needs a second key.
  const covered = [...EFFECTS.map(([prop]) => String(prop)), 'removalPolicy'];
  expect(props.filter((prop) => !covered.includes(prop))).toEqual([]);
  expect(props.length).toBeGreaterThan(10);
});

describe('a prop that could not take effect is an error', () => {
  const both: [string, Build, string][] = [
    [
      'replica and buckets',
      (stack) => ({ replica: replica(stack), buckets: bring.buckets(stack) }),
      'replica applies to a part that the pipeline makes, got buckets too; remove replica (replicate the buckets where they are defined)',
    ],
    [
      'bucketSuffix, buckets and auditTrail',
      (stack) => ({ bucketSuffix: 'ab12', buckets: bring.buckets(stack), auditTrail: bring.auditTrail(stack) }),
      'bucketSuffix applies to a part that the pipeline makes, got buckets and auditTrail too; remove bucketSuffix',
    ],
    [
      'managementEvents and auditTrail',
      (stack) => ({ managementEvents: false, auditTrail: bring.auditTrail(stack) }),
      'managementEvents applies to a part that the pipeline makes, got auditTrail too',
    ],
    [
      'restrictDefaultSecurityGroup and network',
      (stack) => ({ restrictDefaultSecurityGroup: true, network: bring.network(stack) }),
      'restrictDefaultSecurityGroup applies to a part that the pipeline makes, got network too',
    ],
    [
      'policy and a function of the team',
      () => ({ policy: DeidPolicy.safeHarbor(), processor: ownCode() }),
      'policy applies to the built-in de-identifier only, got a function of your own',
    ],
    [
      'alarmTopic and alarmEmails',
      (stack) => ({ alarmTopic: sns.Topic.fromTopicArn(stack, 'OnCall', TOPIC), alarmEmails: ['a@example.org'] }),
      'alarmEmails subscribe to a topic of its own, got alarmTopic too',
    ],
  ];

  test.each(both)('X3 %s', (_what, build, message) => {
    expect(() => claims(build)).toThrow(message);
  });
});

test.each<[HipaaPipelineProps, RegExp]>([
  [{ environmentSuffix: 'Prod' }, /^environmentSuffix must be 1 to 16 lower-case letters/],
  [{ namePrefix: 'x'.repeat(21) }, /^namePrefix must be 1 to 20 lower-case letters/],
  [{ bucketSuffix: 'x'.repeat(13) }, /^bucketSuffix must be 1 to 12 lower-case letters/],
  [{ memorySize: 128 }, /^memorySize must be a whole number from 512 to 10240, got 128/],
  [{ timeout: Duration.hours(1) }, /^timeout \(seconds\) must be a whole number from 5 to 900, got 3600/],
  [{ reservedConcurrentExecutions: 1 }, /^reservedConcurrentExecutions must be a whole number from 2 to 1000, got 1/],
  [{ logRetention: logs.RetentionDays.ONE_MONTH }, /^logRetention must be at least SIX_YEARS/],
  [{ removalPolicy: RemovalPolicy.DESTROY }, /^removalPolicy DESTROY deletes PHI and needs a second key/],
  [{ removalPolicy: RemovalPolicy.SNAPSHOT }, /^removalPolicy must be RETAIN or DESTROY, got snapshot/],
])('A9 A20 A24 A26 %j is an error', (props, message) => {
  expect(() => claims(props)).toThrow(message);
});
