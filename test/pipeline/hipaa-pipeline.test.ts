import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { HipaaPipeline } from '../../src';
import {
  bothWays,
  entries,
  json,
  list,
  one,
  resources,
  TemplateJson,
  templateOf,
  testStack,
  text,
} from '../support/synth';

let template: TemplateJson;
let pipeline: HipaaPipeline;
beforeAll(() => {
  const { stack } = testStack();
  pipeline = new HipaaPipeline(stack, 'Claims');
  template = templateOf(stack);
});

describe('the default pipeline', () => {
  test('X4 A15 has 60 resources at most and nothing that idles at a price: no interface endpoint, no NAT gateway', () => {
    const affordable = (checked: TemplateJson) => [
      ...(Object.keys(checked.Resources).length <= 60 ? [] : ['too many resources']),
      ...entries(checked, 'AWS::EC2::VPCEndpoint')
        .filter(([, { Properties }]) => text(Properties.VpcEndpointType) !== 'Gateway')
        .map(([id]) => id),
      ...entries(checked, 'AWS::EC2::NatGateway').map(([id]) => id),
    ];
    const add = (Type: string, Properties: object) => (copy: TemplateJson) =>
      (copy.Resources.Hole = { Type, Properties: json(Properties) });
    bothWays(
      template,
      affordable,
      add('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }),
      add('AWS::EC2::NatGateway', {}),
      (copy) => {
        for (let index = 0; index < 4; index++) {
          copy.Resources[`More${index}`] = { Type: 'AWS::SNS::Topic', Properties: json({}) };
        }
      },
    );
  });

  test('A1 A13 A18 A20 has four buckets, three keys, one trail and three log groups', () => {
    const count = (type: string) => entries(template, type).length;
    expect([
      count('AWS::S3::Bucket'),
      count('AWS::KMS::Key'),
      count('AWS::CloudTrail::Trail'),
      count('AWS::Logs::LogGroup'),
    ]).toEqual([4, 3, 1, 3]);
    for (const { Properties } of resources(template, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(2192);
      expect(text(Properties.KmsKeyId)).toMatch(/LogsKey/);
    }
  });

  test('A22 has no custom resource but CDK’s closed default security group, and no function beside it and the processor', () => {
    const custom = (checked: TemplateJson) =>
      Object.entries(checked.Resources)
        .filter(([, { Type }]) => /^(Custom::|AWS::CloudFormation::CustomResource)/.test(Type))
        .map(([, { Type }]) => Type)
        .filter((type) => type !== 'Custom::VpcRestrictDefaultSG');
    bothWays(
      template,
      custom,
      (copy) => (copy.Resources.Hole = { Type: 'Custom::S3AutoDeleteObjects', Properties: json({}) }),
    );
    expect(entries(template, 'AWS::Lambda::Function').map(([id]) => id)).toEqual([
      expect.stringMatching(/^ClaimsProcessorFunction/),
      expect.stringMatching(/^CustomVpcRestrictDefaultSGCustomResourceProviderHandler/),
    ]);
  });

  test('A16 the endpoint admits this pipeline’s data and processed bucket alone', () => {
    const statements = list(one(template, 'AWS::EC2::VPCEndpoint').Properties.PolicyDocument.Statement);
    expect(statements).toHaveLength(1);
    const admitted = list(statements[0].Resource).map((arn) => text(arn).replace(/[0-9A-F]{8}\.Arn/, ''));
    expect(admitted).toEqual([
      '${ClaimsBucketsDataBucket}',
      '${ClaimsBucketsDataBucket}/*',
      '${ClaimsBucketsProcessedBucket}',
      '${ClaimsBucketsProcessedBucket}/*',
    ]);
  });

  test('A14 the logs key admits the three log groups by name', () => {
    const key = one(template, 'AWS::KMS::Key', /LogsKey/);
    const statement = list(key.Properties.KeyPolicy.Statement).find(({ Sid }) => text(Sid) === 'CloudWatchLogs')!;
    const groups = list(statement.Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn']).map((arn) =>
      text(arn).replace(/.*log-group:/, ''),
    );
    expect(groups.sort()).toEqual(
      resources(template, 'AWS::Logs::LogGroup')
        .map(({ Properties }) => text(Properties.LogGroupName))
        .sort(),
    );
  });

  test('A28 its outputs tell names, ARNs and URLs of all that a person needs', () => {
    const outputs = Object.fromEntries(
      Object.entries(template.Outputs).map(([id, { Value }]) => [id, text(Value).replace(/[0-9A-F]{8}(?=[.}])/, '')]),
    );
    expect(outputs).toEqual({
      ClaimsDataBucketName: '${ClaimsBucketsDataBucket}',
      ClaimsProcessedBucketName: '${ClaimsBucketsProcessedBucket}',
      ClaimsAccessLogsBucketName: '${ClaimsBucketsAccessLogsBucket}',
      ClaimsTrailBucketName: '${ClaimsAuditTrailTrailBucket}',
      ClaimsFunctionArn: '${ClaimsProcessorFunction.Arn}',
      ClaimsVpcId: '${ClaimsNetworkVpc}',
      ClaimsTrailArn: 'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/healthcare-trail-dev',
      ClaimsQueueUrl: '${ClaimsProcessorQueue}',
      ClaimsDeadLetterQueueUrl: '${ClaimsProcessorDeadLetterQueue}',
      ClaimsDataKeyArn: '${ClaimsKeyringDataKey.Arn}',
      ClaimsLogsKeyArn: '${ClaimsKeyringLogsKey.Arn}',
      ClaimsTrailKeyArn: '${ClaimsKeyringTrailKey.Arn}',
      ClaimsDashboardUrl:
        'https://console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#dashboards/dashboard/${ClaimsMonitoringDashboard}',
    });
  });

  test('A28 its parts are there to be used', () => {
    expect(pipeline.processor.lambdaFunction).toBeInstanceOf(lambda.Function);
    expect(pipeline.processor.deadLetterQueue).toBeInstanceOf(sqs.Queue);
    expect(pipeline.monitoring.alarms).toHaveLength(8);
    for (const part of [pipeline.keyring, pipeline.network, pipeline.buckets, pipeline.auditTrail, pipeline.evidence]) {
      expect(part).toBeDefined();
    }
  });

  test('A25 the same code gives the same template', () => {
    const { stack } = testStack();
    new HipaaPipeline(stack, 'Claims');
    expect(templateOf(stack)).toEqual(template);
  });

  test('A28 outputs of a pipeline deeper in the tree, or with other characters, have names of letters and digits', () => {
    const { stack } = testStack();
    new HipaaPipeline(new Stack(stack, 'inner') as Stack, 'my-claims_2');
    expect(Object.keys(templateOf(stack.node.findChild('inner') as Stack).Outputs)).toContain(
      'myclaims2DataBucketName',
    );
  });
});
