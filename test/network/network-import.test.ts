import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ComplianceEvidence, IsolatedNetwork } from '../../src';
import { evidenceOf, list, templateOf, testStack, text } from '../support/synth';

const ISOLATED = {
  vpcId: 'vpc-1',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  isolatedSubnetIds: ['subnet-1', 'subnet-2'],
};

const vpcOf = (stack: Stack, attrs: Partial<ec2.VpcAttributes>) =>
  ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { ...ISOLATED, ...attrs });

const openItems = (stack: Stack) => {
  ComplianceEvidence.of(stack);
  return list(list(evidenceOf(stack).stacks)[0].openItems);
};

describe('a VPC that exists', () => {
  test('X3 A11 its isolated subnets are taken, and nothing is made', () => {
    const { stack } = testStack();
    const network = IsolatedNetwork.fromVpc(stack, 'Network', { vpc: vpcOf(stack, {}) });
    network.admitBucket('one');
    expect(network.subnets.map(({ subnetId }) => subnetId)).toEqual(['subnet-1', 'subnet-2']);
    expect(network.vpc.vpcId).toBe('vpc-1');
    expect(templateOf(stack).Resources).toEqual({});
  });

  test('X3 A16 flow logs, default group and endpoint policy are open, with the statement to add', () => {
    const { stack } = testStack();
    const network = IsolatedNetwork.fromVpc(stack, 'Network', { vpc: vpcOf(stack, {}) });
    for (const arn of ['one', 'one', 'two']) network.admitBucket(arn);
    const items = openItems(stack);
    expect(items.map(({ id }) => text(id))).toEqual(['network-flow-logs', 'network-endpoint-policy']);
    expect(text(items[0].what)).toMatch(/flow logs and the default security group/);
    expect(items[1].statement).toMatchObject({
      Effect: 'Allow',
      Principal: '*',
      Resource: ['one', 'one/*', 'two', 'two/*'],
      Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  test('X3 A11 a VPC with public and private subnets serves by its isolated ones', () => {
    const { stack } = testStack();
    const vpc = vpcOf(stack, { publicSubnetIds: ['pub-1', 'pub-2'], privateSubnetIds: ['priv-1', 'priv-2'] });
    expect(IsolatedNetwork.fromVpc(stack, 'Network', { vpc }).subnets.map(({ subnetId }) => subnetId)).toEqual([
      'subnet-1',
      'subnet-2',
    ]);
  });

  test.each([
    [ec2.SubnetType.PUBLIC, 'PublicSubnet1, PublicSubnet2'],
    [ec2.SubnetType.PRIVATE_WITH_EGRESS, 'PrivateSubnet1, PrivateSubnet2'],
  ])('X3 A11 selecting %s subnets is an error', (subnetType, got) => {
    const { stack } = testStack();
    const vpc = vpcOf(stack, { publicSubnetIds: ['pub-1', 'pub-2'], privateSubnetIds: ['priv-1', 'priv-2'] });
    expect(() => IsolatedNetwork.fromVpc(stack, 'Network', { vpc, subnets: { subnetType } })).toThrow(
      `subnets must be isolated, got ${got} with a route to the internet; select isolated subnets (a gateway or NAT is a way out for PHI)`,
    );
  });

  test('X3 A11 one subnet with a way out among isolated ones is an error', () => {
    const { stack } = testStack();
    const vpc = vpcOf(stack, { privateSubnetIds: ['priv-1', 'priv-2'] });
    const subnets = { subnets: [...vpc.isolatedSubnets, vpc.privateSubnets[0]] };
    expect(() => IsolatedNetwork.fromVpc(stack, 'Network', { vpc, subnets })).toThrow(
      /got PrivateSubnet1 with a route/,
    );
  });

  test('X3 A11 a VPC without isolated subnets is an error', () => {
    const { stack } = testStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['priv-1', 'priv-2'],
    });
    expect(() => IsolatedNetwork.fromVpc(stack, 'Network', { vpc })).toThrow(/no 'Isolated' subnet groups/);
  });

  test('X3 A15 subnets in one zone are an error; a selection of them takes effect', () => {
    const { stack } = testStack();
    const vpc = vpcOf(stack, {
      availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
    });
    const select = (id: string, ...availabilityZones: string[]) =>
      IsolatedNetwork.fromVpc(stack, id, {
        vpc,
        subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED, availabilityZones },
      });
    expect(() => select('One', 'eu-west-1a')).toThrow(
      'subnets must lie in 2 availability zones at least, got 1; add a subnet in another zone',
    );
    expect(select('Two', 'eu-west-1b', 'eu-west-1c').subnets.map(({ subnetId }) => subnetId)).toEqual([
      'subnet-2',
      'subnet-3',
    ]);
  });

  test('X3 A15 two subnets of one zone count as one zone', () => {
    const { stack } = testStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetNames: ['a', 'b'],
    });
    expect(() => IsolatedNetwork.fromVpc(stack, 'Network', { vpc })).toThrow(/2 availability zones at least, got 1;/);
  });

  test('X3 A15 a VPC that CDK defines can be brought too', () => {
    const { stack } = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const network = IsolatedNetwork.fromVpc(stack, 'Network', { vpc });
    expect(network.subnets).toEqual(vpc.isolatedSubnets);
    expect(() =>
      IsolatedNetwork.fromVpc(stack, 'Open', { vpc, subnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    ).toThrow(/must be isolated/);
  });
});
