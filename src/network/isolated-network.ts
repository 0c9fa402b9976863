import { IResource, Lazy, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { admitAtInterfaceEndpoint, declareMissingEndpoint } from './private/interface-endpoints';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import { declareOpenItem, declareWildcard } from '../private/declarations';
import { Deletion, resolveDeletion } from '../private/deletion';
import { createLogGroup, logGroupArn, requireLogRetention } from '../private/log-group';
import { Names } from '../private/naming';
import { tagPart, tagPlainResources } from '../private/tags';
import { requireWithin } from '../private/validation';

/** A network that nothing leaves but S3 requests to admitted buckets. */
export interface IIsolatedNetwork extends IResource {
  readonly vpc: ec2.IVpc;
  /** The isolated subnets that functions run in. */
  readonly subnets: ec2.ISubnet[];
  /**
   * Admits one bucket at the S3 endpoint: its objects and listing, for principals of this account.
   *
   * @param bucketArn ARN of the bucket
   */
  admitBucket(bucketArn: string): void;
  /**
   * Opens a private way to one more AWS service: an interface endpoint in the subnets, paid for by the hour, whose policy
   * admits one role's calls on named resources.
   *
   * @param calls what is called, and by whom
   */
  admitServiceCalls(calls: ServiceCalls): void;
}

/** Calls that an interface endpoint is to admit. */
export interface ServiceCalls {
  /** Such as `ec2.InterfaceVpcEndpointAwsService.KMS`. */
  readonly service: ec2.InterfaceVpcEndpointAwsService;
  /** The actions that are called. */
  readonly actions: string[];
  /** What they are called on. */
  readonly resourceArns: string[];
  /** Who calls. */
  readonly role: iam.IRole;
  /** Security group of the caller. */
  readonly securityGroup: ec2.ISecurityGroup;
}

/** A VPC that a team already has. */
export interface IsolatedNetworkAttributes {
  readonly vpc: ec2.IVpc;
  /**
   * Which subnets functions run in; all must be isolated, in two availability zones at least.
   *
   * @default - the isolated subnets of the VPC
   */
  readonly subnets?: ec2.SubnetSelection;
}

export interface IsolatedNetworkProps extends NamingProps {
  /** Keys; the flow logs' group is under its logs key. */
  readonly keyring: IHipaaKeyring;

  /**
   * Address range of the VPC; each zone takes a /24 of it, so that a further zone moves none that is there.
   *
   * @default ec2.IpAddresses.cidr('10.0.0.0/16')
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * Number of availability zones, 2 to 6.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * Whether CDK's own resource empties the VPC's default security group. It brings one small function outside the VPC
   * that touches no data; without it the evidence shows an open item.
   *
   * @default true
   */
  readonly restrictDefaultSecurityGroup?: boolean;

  /**
   * How long flow logs are kept, at least 2192 days.
   *
   * @default logs.RetentionDays.SIX_YEARS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to the flow logs when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What the pipeline's code and a team's own function need of S3; anything else stops at the endpoint. */
const ENDPOINT_ACTIONS = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
  's3:AbortMultipartUpload',
  's3:ListBucket',
  's3:ListBucketVersions',
];

abstract class IsolatedNetworkBase extends Resource implements IIsolatedNetwork {
  public abstract readonly vpc: ec2.IVpc;
  public abstract readonly subnets: ec2.ISubnet[];

  private readonly bucketArns: string[] = [];

  public admitBucket(bucketArn: string): void {
    if (this.bucketArns.includes(bucketArn)) return;
    // One statement, which lists what came by synth.
    if (this.bucketArns.push(bucketArn) > 1) return;
    this._admitAtEndpoint(
      new iam.PolicyStatement({
        sid: 'PipelineBuckets',
        // `{"AWS": "*"}` is refused in endpoint policies.
        principals: [new iam.StarPrincipal()],
        actions: ENDPOINT_ACTIONS,
        resources: Lazy.list({ produce: () => this.bucketArns.flatMap((arn) => [arn, `${arn}/*`]) }),
        conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(this).account } },
      }),
    );
  }

  public abstract admitServiceCalls(calls: ServiceCalls): void;

  /** @internal */
  public abstract _admitAtEndpoint(statement: iam.PolicyStatement): void;
}

/**
 * Defines a VPC of isolated subnets: no internet gateway, no NAT, no public subnet. The one way out is the free S3
 * gateway endpoint, whose policy admits registered buckets only. Flow logs of all traffic go to an encrypted log group;
 * the default security group is closed.
 *
 * @example
 * const network = new IsolatedNetwork(this, 'Network', { keyring });
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export class IsolatedNetwork extends IsolatedNetworkBase {
  /**
   * Uses a VPC that exists. What CDK knows of it is validated; the endpoint's policy, the flow logs and the default
   * security group are shown as open, with what to add.
   */
  public static fromVpc(scope: Construct, id: string, attrs: IsolatedNetworkAttributes): IIsolatedNetwork {
    const subnets = requireIsolatedSubnets(attrs);
    class Imported extends IsolatedNetworkBase {
      public readonly vpc = attrs.vpc;
      public readonly subnets = subnets;

      public admitServiceCalls(calls: ServiceCalls): void {
        declareMissingEndpoint(this, calls);
      }

      /** @internal */
      public _admitAtEndpoint(statement: iam.PolicyStatement): void {
        declareOpenItem(this, {
          id: 'network-endpoint-policy',
          controls: ['164.312(e)(1)'],
          what: 'the imported VPC needs an S3 gateway endpoint whose policy admits the pipeline’s buckets only',
          close: 'add the endpoint to the route tables of the subnets, with this statement as its policy',
          statement: Lazy.any({ produce: () => statement.toStatementJson() }),
        });
      }
    }
    const network = new Imported(scope, id);
    declareOpenItem(network, {
      id: 'network-flow-logs',
      controls: ['164.312(b)', '164.312(e)(1)'],
      what: 'flow logs and the default security group of the imported VPC are not managed here',
      close: 'log all traffic of the VPC to an encrypted group kept 2192 days, and empty its default security group',
    });
    return network;
  }

  public readonly vpc: ec2.IVpc;
  public readonly subnets: ec2.ISubnet[];
  /** The S3 gateway endpoint, the one way out. */
  public readonly s3Endpoint: ec2.GatewayVpcEndpoint;
  /** Log group of the flow logs. */
  public readonly flowLogGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: IsolatedNetworkProps) {
    super(scope, id);
    requireWithin('maxAzs', props.maxAzs, 2, 6, 'omit it for 2');
    requireLogRetention(props.logRetention);
    const names = new Names(this, props);
    const deletion = resolveDeletion(this, props.removalPolicy);
    const restrictDefaultSecurityGroup = props.restrictDefaultSecurityGroup ?? true;

    const hadProvider = closedGroupProvider(this) !== undefined;
    const vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: names.regional('vpc'),
      ipAddresses: props.ipAddresses,
      maxAzs: props.maxAzs ?? 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      restrictDefaultSecurityGroup,
    });
    requireZones(vpc, props.maxAzs);
    this.vpc = vpc;
    this.subnets = vpc.isolatedSubnets;
    this.s3Endpoint = vpc.addGatewayEndpoint('S3Endpoint', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    this.flowLogGroup = this.createFlowLogs(props, names, deletion);

    if (!restrictDefaultSecurityGroup) {
      declareOpenItem(this, {
        id: 'default-security-group',
        controls: ['164.312(e)(1)'],
        what: 'the default security group of the VPC admits traffic among its members',
        close: 'leave restrictDefaultSecurityGroup out, or empty the group by hand',
      });
    }
    tagPart(this, names.environment);
    const provider = closedGroupProvider(this);
    // One that another VPC of the stack brought is not ours to tag.
    if (provider && !hadProvider) tagPlainResources(provider, names.environment);
  }

  public admitServiceCalls(calls: ServiceCalls): void {
    admitAtInterfaceEndpoint(this, this.vpc, this.subnets, calls);
  }

  /** @internal */
  public _admitAtEndpoint(statement: iam.PolicyStatement): void {
    this.s3Endpoint.addToPolicy(statement);
    declareWildcard(
      this.s3Endpoint,
      'PipelineBuckets',
      'object keys are not known in advance: the narrowest form is every object of a named bucket; the principal is ' +
        'narrowed by account, since endpoint policies take no role',
    );
  }

  private createFlowLogs(props: IsolatedNetworkProps, names: Names, deletion: Deletion): logs.LogGroup {
    const name = `/aws/vpc/${names.regional('flow-logs')}`;
    names.claim('log group', name);
    const arn = logGroupArn(this, name);
    const group = createLogGroup(this, 'FlowLogGroup', {
      name,
      keyring: props.keyring,
      retention: props.logRetention,
      deletion,
    });

    const stack = Stack.of(this);
    const policy = new iam.ManagedPolicy(this, 'FlowLogPolicy', {
      managedPolicyName: names.global('flow-logs'),
      statements: [
        new iam.PolicyStatement({
          sid: 'WriteFlowLogs',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [arn, `${arn}:log-stream:*`],
        }),
      ],
    });
    declareWildcard(
      policy,
      'WriteFlowLogs',
      'the flow-log service names its own log streams, one per network interface',
    );
    const role = new iam.Role(this, 'FlowLogRole', {
      roleName: names.global('flow-logs'),
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }),
          },
        },
      }),
      managedPolicies: [policy],
    });
    // The L2 writes an inline policy and a PassRole grant that nothing needs.
    new ec2.CfnFlowLog(this, 'FlowLog', {
      resourceId: this.vpc.vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logGroupName: group.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
      maxAggregationInterval: 60,
    });
    return group;
  }
}

/** Role and function of CDK's own resource that empties default security groups; one in a stack. */
function closedGroupProvider(scope: Construct): Construct | undefined {
  return Stack.of(scope).node.tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider') as
    Construct | undefined;
}

/** CDK gives an environment-agnostic stack two zones, whatever is asked for. */
function requireZones(vpc: ec2.Vpc, maxAzs: number | undefined): void {
  const { account, region } = Stack.of(vpc);
  if (maxAzs === undefined || !(Token.isUnresolved(account) || Token.isUnresolved(region))) return;
  if (vpc.availabilityZones.length < maxAzs) {
    throw new Error(
      `maxAzs must be at most ${vpc.availabilityZones.length} in a stack without account and region, got ${maxAzs}; ` +
        'give the stack an env, or omit maxAzs',
    );
  }
}

function requireIsolatedSubnets(attrs: IsolatedNetworkAttributes): ec2.ISubnet[] {
  const { vpc } = attrs;
  const selected = vpc.selectSubnets(attrs.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
  const open = selected.subnets.filter(
    (subnet) => vpc.publicSubnets.includes(subnet) || vpc.privateSubnets.includes(subnet),
  );
  if (open.length > 0) {
    throw new Error(
      `subnets must be isolated, got ${open.map((subnet) => subnet.node.id).join(', ')} with a route to the internet; ` +
        'select isolated subnets (a gateway or NAT is a way out for PHI)',
    );
  }
  const zones = new Set(selected.availabilityZones).size;
  if (!selected.isPendingLookup && zones < 2) {
    throw new Error(
      `subnets must lie in 2 availability zones at least, got ${zones}; ` + 'add a subnet in another zone',
    );
  }
  return selected.subnets;
}
