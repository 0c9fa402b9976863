import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ComplianceEvidence, HipaaKeyring, IsolatedNetwork, ServiceCalls } from '../../src';
import { entries, evidenceOf, list, statementsOf, synth, TemplateJson, testStack, text, texts } from '../support/synth';

const KMS = ec2.InterfaceVpcEndpointAwsService.KMS;
const SECRETS = ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER;

const calls = (stack: Stack, service: ec2.InterfaceVpcEndpointAwsService, caller: string): ServiceCalls => ({
  service,
  actions: ['kms:GenerateMac'],
  resourceArns: ['arn:aws:kms:us-east-1:111122223333:key/k'],
  role: iam.Role.fromRoleArn(stack, `${caller}Role`, `arn:aws:iam::111122223333:role/${caller}`),
  securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, `${caller}Group`, `sg-${caller}`),
});

const build = (admit: (network: IsolatedNetwork, stack: Stack) => void) =>
  synth((stack) =>
    admit(new IsolatedNetwork(stack, 'Network', { keyring: new HipaaKeyring(stack, 'Keyring') }), stack),
  );
const interfaces = (template: TemplateJson) =>
  entries(template, 'AWS::EC2::VPCEndpoint').filter(
    ([, { Properties }]) => text(Properties.VpcEndpointType) === 'Interface',
  );

test('A15 X4 a network that admits no service has no interface endpoint', () => {
  expect(interfaces(build(() => undefined))).toEqual([]);
});

test('A16 calls of one service share an endpoint, each caller with a statement and a rule; another service gets its own', () => {
  const template = build((network, stack) => {
    network.admitServiceCalls(calls(stack, KMS, 'one'));
    network.admitServiceCalls(calls(stack, KMS, 'two'));
    network.admitServiceCalls(calls(stack, SECRETS, 'three'));
  });
  const callers = interfaces(template).map(([id, endpoint]) => [
    id.replace(/^Network(\w+)[0-9A-F]{8}$/, '$1'),
    ...statementsOf(endpoint).map(({ Condition }) => text(Condition.ArnEquals['aws:PrincipalArn'])),
  ]);
  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  expect(callers).toEqual([
    ['KmsEndpoint', role('one'), role('two')],
    ['SecretsmanagerEndpoint', role('three')],
  ]);
  const sources = entries(template, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) =>
    text(Properties.SourceSecurityGroupId),
  );
  expect(sources.sort()).toEqual(['sg-one', 'sg-three', 'sg-two']);
  for (const [, endpoint] of interfaces(template)) expect(texts(endpoint.Properties.SecurityGroupIds)).toHaveLength(1);
});

test('A27 an endpoint is tagged as the rest of the network', () => {
  const template = build((network, stack) => network.admitServiceCalls(calls(stack, KMS, 'one')));
  const [[, endpoint]] = interfaces(template);
  const tags = list(endpoint.Properties.Tags).map(({ Key, Value }) => `${text(Key)}=${text(Value)}`);
  expect(tags).toEqual(expect.arrayContaining(['Compliance=HIPAA', 'DataClass=PHI']));
});

test('X3 a VPC that was brought is left as it is, and the endpoint that it needs is open', () => {
  const { stack } = testStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });
  IsolatedNetwork.fromVpc(stack, 'Network', { vpc }).admitServiceCalls(calls(stack, KMS, 'one'));
  ComplianceEvidence.of(stack);
  const items = list(list(evidenceOf(stack).stacks)[0].openItems);
  const item = items.find(({ id }) => text(id) === 'network-kms-endpoint')!;
  expect(text(item.what)).toMatch(/interface endpoint of kms with private DNS/);
  expect(item.statement).toMatchObject({ Effect: 'Allow', Principal: '*', Action: 'kms:GenerateMac' });
});
