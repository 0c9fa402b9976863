import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { declareOpenItem } from '../../private/declarations';
import type { ServiceCalls } from '../isolated-network';

/** Admits calls at the one interface endpoint of their service; the first ones make it. */
export function admitAtInterfaceEndpoint(
  scope: Construct,
  vpc: ec2.IVpc,
  subnets: ec2.ISubnet[],
  calls: ServiceCalls,
): void {
  const id = idOf(calls);
  const made = scope.node.tryFindChild(id) as ec2.InterfaceVpcEndpoint | undefined;
  const endpoint = made ?? createEndpoint(scope, id, vpc, subnets, calls.service);
  endpoint.connections.allowFrom(calls.securityGroup, ec2.Port.tcp(443), 'TLS of an admitted caller');
  endpoint.addToPolicy(statementOf(calls));
}

/** Of a VPC that was brought: whether it has the endpoint already, cannot be known from here. */
export function declareMissingEndpoint(scope: Construct, calls: ServiceCalls): void {
  const { shortName } = calls.service;
  declareOpenItem(scope, {
    id: `network-${shortName}-endpoint`,
    controls: ['164.312(e)(1)'],
    what: `the imported VPC needs an interface endpoint of ${shortName} with private DNS, or the processor cannot get its key`,
    close:
      'add the endpoint to the subnets, open to the security group of the processor, with this statement as its policy',
    statement: statementOf(calls).toStatementJson(),
  });
}

function createEndpoint(
  scope: Construct,
  id: string,
  vpc: ec2.IVpc,
  subnets: ec2.ISubnet[],
  service: ec2.InterfaceVpcEndpointAwsService,
): ec2.InterfaceVpcEndpoint {
  const group = new ec2.SecurityGroup(scope, `${id}SecurityGroup`, {
    vpc,
    description: `Endpoint of ${service.shortName}: TLS in from admitted callers, nothing out`,
    allowAllOutbound: false,
  });
  return new ec2.InterfaceVpcEndpoint(scope, id, {
    vpc,
    service,
    subnets: { subnets },
    securityGroups: [group],
    // Without a policy of its own an endpoint admits every call; CDK's default rule would open it to the whole VPC.
    open: false,
    privateDnsEnabled: true,
  });
}

function statementOf({ service, actions, resourceArns, role }: ServiceCalls): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: `${pascal(service.shortName)}${pascal(role.node.path)}`,
    // `{"AWS": "*"}` is refused in endpoint policies, and a role's name is taken in a condition only.
    principals: [new iam.StarPrincipal()],
    actions,
    resources: resourceArns,
    conditions: { ArnEquals: { 'aws:PrincipalArn': role.roleArn } },
  });
}

function idOf({ service }: ServiceCalls): string {
  return `${pascal(service.shortName)}Endpoint`;
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
