import { Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Choices } from './choices';
import { ARN, NAME } from './names';

/** Nothing in; out to S3 and to the database only. */
export function createSecurityGroup(stack: Stack, { hasVpc, hasDatabaseGroup }: Choices): ec2.CfnSecurityGroup {
  const group = new ec2.CfnSecurityGroup(stack, 'SecurityGroup', {
    groupName: NAME.securityGroup,
    groupDescription: 'Patient records: nothing in, S3 and the database out',
    vpcId: Fn.ref('VpcId'),
    securityGroupEgress: [
      {
        description: 'S3',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        destinationPrefixListId: Fn.ref('S3PrefixListId'),
      },
      Fn.conditionIf(
        hasDatabaseGroup.logicalId,
        {
          Description: 'PostgreSQL',
          IpProtocol: 'tcp',
          FromPort: Fn.ref('DatabasePort'),
          ToPort: Fn.ref('DatabasePort'),
          DestinationSecurityGroupId: Fn.ref('DatabaseSecurityGroupId'),
        },
        Fn.ref('AWS::NoValue'),
      ),
    ],
  });
  group.cfnOptions.condition = hasVpc;
  return group;
}

/** For subnets that have no way to S3 yet; it leads to the records bucket and nowhere else. */
export function createEndpoint(stack: Stack, { makesEndpoint }: Choices): void {
  const endpoint = new ec2.CfnVPCEndpoint(stack, 'S3Endpoint', {
    vpcId: Fn.ref('VpcId'),
    vpcEndpointType: 'Gateway',
    serviceName: Fn.sub('com.amazonaws.${AWS::Region}.s3'),
    routeTableIds: Fn.split(',', Fn.ref('RouteTableIds')),
    policyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'RecordsBucketOnly',
          principals: [new iam.StarPrincipal()],
          actions: [
            's3:GetObject',
            's3:GetObjectVersion',
            's3:PutObject',
            's3:AbortMultipartUpload',
            's3:ListBucket',
            's3:ListBucketVersions',
          ],
          resources: [ARN.recordsBucket, `${ARN.recordsBucket}/*`],
          conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(stack).account } },
        }),
      ],
    }),
  });
  endpoint.cfnOptions.condition = makesEndpoint;
}
