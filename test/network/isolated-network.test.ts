import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ComplianceEvidence, HipaaKeyring, IsolatedNetwork, IsolatedNetworkProps } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  resources,
  statementsOf,
  synth,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const EU = { account: '111122223333', region: 'eu-west-1' };

const build =
  (props: Partial<IsolatedNetworkProps> = {}) =>
  (stack: Stack) =>
    new IsolatedNetwork(stack, 'Network', { keyring: new HipaaKeyring(stack, 'Keyring'), ...props });
const network = (props?: Partial<IsolatedNetworkProps>, options?: Parameters<typeof synth>[1]) =>
  synth(build(props), options);

/** Everything by which a packet could leave a VPC, a gateway endpoint excepted. */
const waysOut = (template: TemplateJson) =>
  Object.entries(template.Resources)
    .filter(
      ([, { Type, Properties }]) =>
        /InternetGateway|NatGateway|VPNGateway|VPCGatewayAttachment|TransitGateway|VPCPeering|AWS::EC2::Route$/.test(
          Type,
        ) ||
        (Type === 'AWS::EC2::Subnet' && text(Properties.MapPublicIpOnLaunch) !== 'false') ||
        (Type === 'AWS::EC2::VPCEndpoint' && text(Properties.VpcEndpointType) !== 'Gateway'),
    )
    .map(([id]) => id);

describe('vpc', () => {
  let template: TemplateJson;
  beforeAll(() => {
    template = network();
  });

  test('A15 has isolated subnets only, in two availability zones, and no way out', () => {
    const zones = resources(template, 'AWS::EC2::Subnet').map(({ Properties }) =>
      JSON.stringify(Properties.AvailabilityZone),
    );
    expect(new Set(zones).size).toBe(2);
    expect(texts(resources(template, 'AWS::EC2::Subnet')[0].Properties.Tags).join()).toContain('Isolated');
    const add = (copy: TemplateJson, Type: string, Properties = {}) =>
      (copy.Resources.Hole = { Type, Properties: json(Properties) });
    bothWays(
      template,
      waysOut,
      (copy) => add(copy, 'AWS::EC2::InternetGateway'),
      (copy) => add(copy, 'AWS::EC2::NatGateway'),
      (copy) => add(copy, 'AWS::EC2::Route', { DestinationCidrBlock: '0.0.0.0/0' }),
      (copy) => add(copy, 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }),
      (copy) => (resources(copy, 'AWS::EC2::Subnet')[0].Properties.MapPublicIpOnLaunch = json(true)),
    );
  });

  test('A16 the S3 gateway endpoint is on the route table of every subnet', () => {
    const everyTable = (checked: TemplateJson) => {
      const endpoint = one(checked, 'AWS::EC2::VPCEndpoint').Properties;
      const on = texts(endpoint.RouteTableIds);
      return entries(checked, 'AWS::EC2::RouteTable')
        .map(([id]) => `\${${id}}`)
        .filter((id) => !on.includes(id));
    };
    bothWays(template, everyTable, (copy) => list(one(copy, 'AWS::EC2::VPCEndpoint').Properties.RouteTableIds).pop());
    expect(JSON.stringify(one(template, 'AWS::EC2::VPCEndpoint').Properties.ServiceName)).toMatch(
      /com\.amazonaws\..*\.s3/,
    );
  });

  test('A16 flow logs of all traffic go to an encrypted group of six years, by a role that can do nothing else', () => {
    const flowLog = one(template, 'AWS::EC2::FlowLog').Properties;
    expect(flowLog).toMatchObject({
      TrafficType: 'ALL',
      ResourceType: 'VPC',
      LogDestinationType: 'cloud-watch-logs',
      MaxAggregationInterval: 60,
    });
    expect(text(flowLog.ResourceId)).toMatch(/NetworkVpc/);
    expect(text(flowLog.LogGroupName)).toMatch(/FlowLogGroup/);
    expect(text(flowLog.DeliverLogsPermissionArn)).toMatch(/FlowLogRole/);
    const group = one(template, 'AWS::Logs::LogGroup');
    expect(group).toMatchObject({
      Properties: { LogGroupName: '/aws/vpc/healthcare-flow-logs-dev', RetentionInDays: 2192 },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(text(group.Properties.KmsKeyId)).toMatch(/LogsKey/);
    const policy = one(template, 'AWS::IAM::ManagedPolicy');
    expect(statementsOf(policy)).toHaveLength(1);
    const write = bySid(policy, 'WriteFlowLogs');
    expect(write.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams']);
    const arn =
      'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/vpc/healthcare-flow-logs-dev';
    expect(texts(write.Resource)).toEqual([arn, `${arn}:log-stream:*`]);
  });

  test('A14 A16 the flow-log service may take the role for this account only', () => {
    const role = resources(template, 'AWS::IAM::Role').find(({ Properties }) =>
      /flow-logs/.test(text(Properties.RoleName)),
    )!;
    const [trust] = list(role.Properties.AssumeRolePolicyDocument.Statement);
    expect(trust.Principal).toEqual({ Service: 'vpc-flow-logs.amazonaws.com' });
    expect(trust.Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    expect(text(trust.Condition.ArnLike['aws:SourceArn'])).toBe(
      'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc-flow-log/*',
    );
  });

  test('A14 A20 the logs key admits the group of the flow logs', () => {
    const logsKey = one(template, 'AWS::KMS::Key', /LogsKey/);
    expect(
      texts(bySid(logsKey, 'CloudWatchLogs').Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn'])[0],
    ).toMatch(/:log-group:\/aws\/vpc\/healthcare-flow-logs-dev$/);
  });

  test('A16 the default security group is closed', () => {
    const closed = (checked: TemplateJson) =>
      entries(checked, 'Custom::VpcRestrictDefaultSG').length === 1 ? [] : ['open'];
    bothWays(template, closed, (copy) => delete copy.Resources[entries(copy, 'Custom::VpcRestrictDefaultSG')[0][0]]);
  });
});

describe('endpoint policy', () => {
  const admitted = (...arns: string[]) =>
    synth((stack) => {
      const made = build()(stack);
      for (const arn of arns) made.admitBucket(arn);
    });

  test('A16 admits the registered buckets and their objects, each once, for this account, with spelled-out actions', () => {
    const statements = statementsOf(one(admitted('one', 'one', 'two', 'one'), 'AWS::EC2::VPCEndpoint'));
    expect(statements).toEqual([
      {
        Sid: 'PipelineBuckets',
        Effect: 'Allow',
        // `{"AWS": "*"}` is refused in endpoint policies.
        Principal: '*',
        Action: [
          's3:GetObject',
          's3:GetObjectVersion',
          's3:PutObject',
          's3:AbortMultipartUpload',
          's3:ListBucket',
          's3:ListBucketVersions',
        ],
        Resource: ['one', 'one/*', 'two', 'two/*'],
        Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('A16 A22 its wildcard is declared once', () => {
    const { stack } = testStack();
    const made = build()(stack);
    for (const arn of ['one', 'one', 'two']) made.admitBucket(arn);
    ComplianceEvidence.of(stack);
    const wildcards = list(list(evidenceOf(stack).stacks)[0].wildcards).filter(
      ({ sid }) => text(sid) === 'PipelineBuckets',
    );
    expect(wildcards).toHaveLength(1);
  });
});

describe('props', () => {
  test('A15 maxAzs takes effect in a stack with an env, from 2 to 6', () => {
    expect(resources(network({ maxAzs: 3 }, { env: EU }), 'AWS::EC2::Subnet')).toHaveLength(3);
    for (const maxAzs of [1, 7, 2.5]) {
      expect(() => network({ maxAzs })).toThrow(
        `maxAzs must be a whole number from 2 to 6, got ${maxAzs}; omit it for 2`,
      );
    }
  });

  test('A15 A25 more zones than an agnostic stack has are an error, not a silence', () => {
    expect(() => network({ maxAzs: 2 })).not.toThrow();
    expect(() => network({ maxAzs: 3 })).toThrow(
      'maxAzs must be at most 2 in a stack without account and region, got 3; give the stack an env, or omit maxAzs',
    );
  });

  test('A15 ipAddresses sets the range', () => {
    expect(one(network(), 'AWS::EC2::VPC').Properties.CidrBlock).toBe('10.0.0.0/16');
    expect(
      one(network({ ipAddresses: ec2.IpAddresses.cidr('172.16.0.0/20') }), 'AWS::EC2::VPC').Properties.CidrBlock,
    ).toBe('172.16.0.0/20');
  });

  test('A16 restrictDefaultSecurityGroup false leaves the custom resource out, and the evidence shows it as open', () => {
    const items = (restrictDefaultSecurityGroup?: boolean) => {
      const { stack } = testStack();
      build({ restrictDefaultSecurityGroup })(stack);
      ComplianceEvidence.of(stack);
      const functions = entries(templateOf(stack), 'AWS::Lambda::Function').length;
      return { functions, open: list(list(evidenceOf(stack).stacks)[0].openItems).map(({ id }) => text(id)) };
    };
    expect(items(false)).toEqual({ functions: 0, open: ['default-security-group'] });
    expect(items()).toEqual({ functions: 1, open: [] });
  });

  test('A20 logRetention takes effect, not below six years', () => {
    expect(
      one(network({ logRetention: logs.RetentionDays.TEN_YEARS }), 'AWS::Logs::LogGroup').Properties.RetentionInDays,
    ).toBe(3653);
    expect(() => network({ logRetention: logs.RetentionDays.ONE_YEAR })).toThrow(
      /^logRetention must be at least SIX_YEARS/,
    );
  });

  test('A24 two networks in one stack: an error by one name, fine by another suffix', () => {
    const two = (environmentSuffix: string) => (stack: Stack) => {
      const keyring = new HipaaKeyring(stack, 'Keyring');
      new IsolatedNetwork(stack, 'One', { keyring });
      new IsolatedNetwork(stack, 'Two', { keyring, environmentSuffix });
    };
    expect(() => synth(two('dev'))).toThrow(/^log group name "\/aws\/vpc\/healthcare-flow-logs-dev" must be unique/);
    const template = synth(two('test'));
    expect(resources(template, 'AWS::EC2::VPC')).toHaveLength(2);
    const logsKey = one(template, 'AWS::KMS::Key', /LogsKey/);
    expect(
      texts(bySid(logsKey, 'CloudWatchLogs').Condition.ArnEquals['kms:EncryptionContext:aws:logs:arn']),
    ).toHaveLength(2);
  });

  test('A27 the tags are on the part and not on its scope', () => {
    const template = synth((stack) => {
      build()(stack);
      new CfnResource(stack, 'Own', { type: 'AWS::SNS::Topic' });
    });
    expect(texts(one(template, 'AWS::EC2::VPC').Properties.Tags).join()).toMatch(/Compliance/);
    expect(template.Resources.Own.Properties).toBeUndefined();
  });
});
