import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { againstEvidence, noInlineOrForeignPolicies, noWildcardActions, wildcardStatements } from './privileges';
import { HipaaPipeline, HipaaPipelineProps } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  TemplateJson,
  templateOf,
  testStack,
  text,
} from '../support/synth';

const build = (props: (stack: Stack) => HipaaPipelineProps = () => ({}), context = {}) => {
  const { stack } = testStack({ context });
  new HipaaPipeline(stack, 'Claims', props(stack));
  return { stack, template: templateOf(stack), evidence: evidenceOf(stack) };
};

const policy = (copy: TemplateJson) => one(copy, 'AWS::IAM::ManagedPolicy', /ProcessorPolicy/);
const role = (copy: TemplateJson) => one(copy, 'AWS::IAM::Role', /ProcessorRole/).Properties;

let built: ReturnType<typeof build>;
beforeAll(() => {
  built = build();
});

describe('the default template', () => {
  test('A21 A22 has no inline policy and none of AWS’s, outside CDK’s closed default security group', () => {
    bothWays(
      built.template,
      noInlineOrForeignPolicies,
      (copy) => (copy.Resources.Hole = { Type: 'AWS::IAM::Policy', Properties: json({}) }),
      (copy) => (role(copy).Policies = json([{ PolicyName: 'p' }])),
      (copy) =>
        list(role(copy).ManagedPolicyArns).push(
          json('arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'),
        ),
      (copy) =>
        list(role(copy).ManagedPolicyArns).push(
          json({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/X']] }),
        ),
    );
  });

  test('A22 allows no wildcard action, the account’s statement in key policies excepted', () => {
    bothWays(
      built.template,
      noWildcardActions,
      (copy) => (bySid(policy(copy), 'UseDataKey').Action = json('kms:*')),
      (copy) => list(bySid(policy(copy), 'ReadIncoming').Action).push(json('s3:Get*')),
      (copy) =>
        (bySid(one(copy, 'AWS::KMS::Key', /LogsKey/), 'CloudWatchAlarms').Action = json('kms:GenerateDataKey*')),
      (copy) => (bySid(one(copy, 'AWS::KMS::Key', /LogsKey/), 'AccountPoliciesDecide').Principal.AWS = json('*')),
      (copy) => {
        const statement = bySid(policy(copy), 'SeeAbsence');
        statement.NotAction = statement.Action;
        delete statement.Action;
      },
    );
  });

  test('A22 every wildcard resource is in the evidence with its reason, and every listed one exists', () => {
    const { wildcards } = againstEvidence(built.evidence);
    bothWays(
      built.template,
      wildcards,
      (copy) => (bySid(policy(copy), 'UseDataKey').Resource = json('*')),
      (copy) => (bySid(one(copy, 'AWS::SNS::TopicPolicy'), 'AllowAlarms').Resource = json('*')),
      (copy) =>
        (bySid(one(copy, 'AWS::SQS::QueuePolicy', /ProcessorQueuePolicy/), 'AllowObjectEvents').Resource = json('*')),
      (copy) => (bySid(policy(copy), 'ReadIncoming').Resource = json('arn:aws:s3:::one/key')),
      (copy) => delete copy.Resources[entries(copy, 'AWS::EC2::VPCEndpoint')[0][0]],
    );
  });

  test('A22 the list of wildcards is this, key policies included', () => {
    expect(wildcardStatements(built.template).map((it) => it.replace(/^Claims(\w+)[0-9A-F]{8} /, '$1 '))).toEqual([
      'AuditTrailLogPolicy WriteTrailEvents',
      'AuditTrailTrailBucketPolicy AllowTrailWrite',
      'BucketsAccessLogsBucketPolicy AllowServerAccessLogs',
      'KeyringDataKey AccountPoliciesDecide',
      'KeyringDataKey EventBridgeToQueue',
      'KeyringLogsKey AccountPoliciesDecide',
      'KeyringLogsKey CloudWatchAlarms',
      'KeyringLogsKey CloudWatchLogs',
      'KeyringLogsKey S3ServerAccessLogs',
      'KeyringTrailKey AccountPoliciesDecide',
      'KeyringTrailKey CloudTrailDescribeAndBucketKey',
      'KeyringTrailKey CloudTrailEncrypt',
      'NetworkFlowLogPolicy WriteFlowLogs',
      'NetworkVpcS3Endpoint PipelineBuckets',
      'ProcessorPolicy CreateNetworkInterfaces',
      'ProcessorPolicy DescribeNetwork',
      'ProcessorPolicy KeepPseudonymKey',
      'ProcessorPolicy ManageNetworkInterfaces',
      'ProcessorPolicy ReadIncoming',
      'ProcessorPolicy WriteLogs',
      'ProcessorPolicy WriteRejected',
      'ProcessorPolicy WriteResults',
    ]);
  });

  test('A21 every unused grant is listed with its reason, and exists', () => {
    const { unusedGrants } = againstEvidence(built.evidence);
    bothWays(built.template, unusedGrants, (copy) => (bySid(policy(copy), 'EncryptLogs').Sid = json('Other')));
    expect(list(list(built.evidence.stacks)[0].unusedGrants).map(({ sid }) => text(sid))).toEqual([
      'EncryptLogs',
      'SendToDeadLetterQueue',
    ]);
  });

  test('A22 acknowledgements in the evidence equal those of the construct tree', () => {
    const listed = list(list(built.evidence.stacks)[0].acknowledgements).map(
      ({ path, rule }) => `${text(path)} ${text(rule)}`,
    );
    const inTree = built.stack.node
      .findAll()
      .flatMap((node) =>
        node.node.metadata
          .filter(({ type }) => /acknowledge/i.test(type))
          .map(({ type, data }) => ({ type, path: node.node.path, data: data as unknown })),
      );
    const ours = inTree.filter(({ type }) => type.startsWith('cdk-hipaa-pipeline:'));
    expect(listed).toEqual(ours.map(({ path, data }) => `${path} ${(data as { rule: string }).rule}`));
    // What the rule pack reads, written by CDK itself.
    const cdk = inTree.filter(({ type }) => !type.startsWith('cdk-hipaa-pipeline:'));
    for (const { path, data } of ours) {
      expect(
        cdk.filter((it) => it.path === path && JSON.stringify(it.data).includes((data as { rule: string }).rule)),
      ).not.toEqual([]);
    }
    expect(listed.length).toBeGreaterThan(0);
  });

  test('X3 open items are these, each with what closes it', () => {
    const items = list(list(built.evidence.stacks)[0].openItems);
    expect(items.map(({ path, id }) => `${text(path)} ${text(id)}`)).toEqual([
      'Test/Claims/Buckets no-replica',
      'Test/Claims/AuditTrail no-replica',
      'Test/Claims/Processor keyed-identifiers',
      'Test/Claims/Monitoring no-alarm-receiver',
    ]);
    for (const { close, what, controls } of items) {
      expect(text(close)).not.toBe('');
      expect(text(what)).not.toBe('');
      expect(list(controls).every((control) => /^164\.\d{3}\(/.test(text(control)))).toBe(true);
    }
  });
});

describe('other shapes', () => {
  const replica = (stack: Stack): HipaaPipelineProps => ({
    replica: {
      bucket: s3.Bucket.fromBucketName(stack, 'Replica', 'far-away'),
      key: kms.Key.fromKeyArn(stack, 'ReplicaKey', 'arn:aws:kms:eu-west-1:111122223333:key/replica'),
    },
  });
  const destroy = (): HipaaPipelineProps => ({
    removalPolicy: RemovalPolicy.DESTROY,
    restrictDefaultSecurityGroup: false,
  });

  test.each([
    ['a replica', replica, {}],
    ['DESTROY', destroy, { 'cdk-hipaa-pipeline:allow-destroy': true }],
  ])('A22 the evidence holds with %s too', (_what, props, context) => {
    const { evidence, template } = build(props, context);
    const { unusedGrants, wildcards } = againstEvidence(evidence);
    expect([
      ...noInlineOrForeignPolicies(template),
      ...noWildcardActions(template),
      ...wildcards(template),
      ...unusedGrants(template),
    ]).toEqual([]);
  });
});
