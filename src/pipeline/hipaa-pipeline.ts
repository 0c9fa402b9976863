import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { AuditTrail, IAuditTrail } from '../audit/audit-trail';
import { DeidPolicy } from '../deidentification/deid-policy';
import { ComplianceEvidence } from '../evidence/compliance-evidence';
import { HipaaKeyring, IHipaaKeyring } from '../keyring/hipaa-keyring';
import { PipelineMonitoring } from '../monitoring/pipeline-monitoring';
import { NamingProps } from '../naming-props';
import { IIsolatedNetwork, IsolatedNetwork } from '../network/isolated-network';
import { PhiReplica } from '../phi-replica';
import { resolveDeletion } from '../private/deletion';
import { PREFIX } from '../private/prefixes';
import { PhiProcessor } from '../processing/phi-processor';
import { ProcessorCode } from '../processing/processor-code';
import { PseudonymKey } from '../processing/pseudonym-key';
import { IPhiBucketSet, PhiBucketSet } from '../storage/phi-bucket-set';
import { PhiZone } from '../storage/phi-zone';

/** What producers and readers of a pipeline deal with. */
export interface IHipaaPipeline extends IConstruct {
  readonly buckets: IPhiBucketSet;

  /** Allows delivering files: writing under `incoming/`, encryption included. */
  grantDeliver(grantee: iam.IGrantable): iam.Grant;
  /** Allows reading de-identified records and manifests, decryption included. */
  grantReadResults(grantee: iam.IGrantable): iam.Grant;
}

export interface HipaaPipelineProps extends NamingProps {
  /**
   * Keys that exist, or those of another pipeline.
   *
   * @default - a keyring of its own
   */
  readonly keyring?: IHipaaKeyring;

  /**
   * Network that exists, or that of another pipeline.
   *
   * @default - a network of its own
   */
  readonly network?: IIsolatedNetwork;

  /**
   * Buckets that exist.
   *
   * @default - buckets of its own
   */
  readonly buckets?: IPhiBucketSet;

  /**
   * Trail that exists, or that of another pipeline.
   *
   * @default - a trail of its own
   */
  readonly auditTrail?: IAuditTrail;

  /**
   * What processes new objects.
   *
   * @default ProcessorCode.deidentifier()
   */
  readonly processor?: ProcessorCode;

  /**
   * What of a record leaves the PHI side; for the built-in de-identifier.
   *
   * @default DeidPolicy.safeHarbor()
   */
  readonly policy?: DeidPolicy;

  /**
   * The key that codes for ids are made from.
   *
   * @default PseudonymKey.managed()
   */
  readonly pseudonymKey?: PseudonymKey;

  /**
   * How long logs are kept, at least 2192 days.
   *
   * @default logs.RetentionDays.SIX_YEARS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to keys, buckets, queues and logs when they leave the stack. DESTROY needs the context key
   * `cdk-hipaa-pipeline:allow-destroy` too, and is for synthetic data.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Where copies of new objects go; with a trail of its own the bucket needs Object Lock.
   *
   * @default - none; the evidence shows it as open
   */
  readonly replica?: PhiReplica;

  /**
   * Topic that alarms go to. CloudWatch must be able to publish to it and to use its key.
   *
   * @default - an encrypted topic of its own
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * E-mail addresses that alarms go to; each must confirm its subscription.
   *
   * @default - none; the evidence shows it as open
   */
  readonly alarmEmails?: string[];

  /**
   * Takes the place of the four characters that keep bucket names unique; at most 12 lower-case letters and digits.
   *
   * @default - context `bucketSuffix`, else the fourth group of the stack id
   */
  readonly bucketSuffix?: string;

  /**
   * Memory of the processor in MB, 512 to 10240.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * Longest run for one object, 5 seconds to 15 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * Instruction set of the processor.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * How many objects are processed at once, 2 to 1000; reserved.
   *
   * @default 10
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Whether the concurrency is reserved; accounts with the small default quota turn it off.
   *
   * @default true
   */
  readonly reserveConcurrency?: boolean;

  /**
   * Whether CDK's own resource empties the default security group of a VPC of its own.
   *
   * @default true
   */
  readonly restrictDefaultSecurityGroup?: boolean;

  /**
   * Whether a trail of its own records management events too; further copies of them are billed.
   *
   * @default true
   */
  readonly managementEvents?: boolean;
}

abstract class HipaaPipelineBase extends Construct implements IHipaaPipeline {
  public abstract readonly buckets: IPhiBucketSet;

  public grantDeliver(grantee: iam.IGrantable): iam.Grant {
    return this.buckets.grantWrite(grantee, PhiZone.DATA, PREFIX.incoming);
  }

  public grantReadResults(grantee: iam.IGrantable): iam.Grant {
    return [PREFIX.deidentified, PREFIX.manifests]
      .map((prefix) => this.buckets.grantRead(grantee, PhiZone.PROCESSED, prefix))
      .reduce((one, other) => one.combine(other));
  }
}

/**
 * Defines a pipeline that takes a file of patient records dropped under `incoming/` of the data bucket and writes it
 * de-identified to the processed bucket, every record accounted for in a manifest; encrypted with customer-managed
 * keys, in a network with no way out, under an audit trail, with alarms, and with the evidence of all this beside the
 * template.
 *
 * @example
 * const pipeline = new HipaaPipeline(this, 'Claims', { environmentSuffix: 'prod' });
 * pipeline.grantReadResults(analyst);
 */
export class HipaaPipeline extends HipaaPipelineBase {
  /** Uses the buckets of a pipeline that exists, to grant delivering files and reading results. */
  public static fromBuckets(scope: Construct, id: string, buckets: IPhiBucketSet): IHipaaPipeline {
    class Imported extends HipaaPipelineBase {
      public readonly buckets = buckets;
    }
    return new Imported(scope, id);
  }

  public readonly keyring: IHipaaKeyring;
  public readonly network: IIsolatedNetwork;
  public readonly buckets: IPhiBucketSet;
  public readonly auditTrail: IAuditTrail;
  public readonly processor: PhiProcessor;
  public readonly monitoring: PipelineMonitoring;
  public readonly evidence: ComplianceEvidence;

  constructor(scope: Construct, id: string, props: HipaaPipelineProps = {}) {
    super(scope, id);
    validateProps(props);
    requireOwnStack(
      this,
      'network',
      props.network instanceof IsolatedNetwork && props.network,
      'IsolatedNetwork.fromVpc',
    );
    requireOwnStack(
      this,
      'buckets',
      props.buckets instanceof PhiBucketSet && props.buckets,
      'PhiBucketSet.fromBuckets',
    );
    requireOwnStack(
      this,
      'auditTrail',
      props.auditTrail instanceof AuditTrail && props.auditTrail,
      'AuditTrail.fromTrailArn',
    );
    this.keyring = props.keyring ?? new HipaaKeyring(this, 'Keyring', props);
    const parts = { ...props, keyring: this.keyring };
    this.network = props.network ?? new IsolatedNetwork(this, 'Network', parts);
    this.buckets = props.buckets ?? new PhiBucketSet(this, 'Buckets', parts);
    this.auditTrail = props.auditTrail ?? new AuditTrail(this, 'AuditTrail', { ...parts, buckets: this.buckets });
    if (props.auditTrail) this.watchWith(props.auditTrail);
    this.processor = new PhiProcessor(this, 'Processor', {
      ...parts,
      network: this.network,
      buckets: this.buckets,
      code: props.processor,
    });
    this.monitoring = new PipelineMonitoring(this, 'Monitoring', {
      ...parts,
      processor: this.processor,
      auditTrail: props.auditTrail ? undefined : this.auditTrail,
    });
    this.evidence = ComplianceEvidence.of(this);
    this.writeOutputs(props);
  }

  /** A trail that was brought must watch this pipeline's buckets too. */
  private watchWith(trail: IAuditTrail): void {
    trail.addBucket(this.buckets.dataBucket);
    trail.addBucket(this.buckets.processedBucket);
  }

  private writeOutputs(props: HipaaPipelineProps): void {
    const { buckets, keyring, processor } = this;
    const outputs: Record<string, string> = {
      DataBucketName: buckets.dataBucket.bucketName,
      ProcessedBucketName: buckets.processedBucket.bucketName,
      AccessLogsBucketName: buckets.accessLogsBucket.bucketName,
      ...(this.auditTrail instanceof AuditTrail && { TrailBucketName: this.auditTrail.trailBucket.bucketName }),
      FunctionArn: processor.lambdaFunction.functionArn,
      VpcId: this.network.vpc.vpcId,
      TrailArn: this.auditTrail.trailArn,
      QueueUrl: processor.queue.queueUrl,
      DeadLetterQueueUrl: processor.deadLetterQueue.queueUrl,
      DataKeyArn: keyring.dataKey.keyArn,
      LogsKeyArn: keyring.logsKey.keyArn,
      TrailKeyArn: keyring.trailKey.keyArn,
      DashboardUrl: dashboardUrl(this, this.monitoring.dashboard.ref),
      ...(resolveDeletion(this, props.removalPolicy).destroy && { AllowDestroy: 'true' }),
    };
    for (const [name, value] of Object.entries(outputs)) {
      // Names that a person and the command line can tell, instead of a hash.
      new CfnOutput(this, name, { value }).overrideLogicalId(`${outputPrefix(this)}${name}`);
    }
  }
}

/** The path below the stack, letters and digits only. */
function outputPrefix(pipeline: Construct): string {
  const below = pipeline.node.path.slice(Stack.of(pipeline).node.path.length);
  return below.replace(/[^A-Za-z0-9]/g, '');
}

function dashboardUrl(scope: Construct, dashboardName: string): string {
  const { region } = Stack.of(scope);
  return `https://${consoleHost(region)}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}

/** An agnostic stack gets the host of the commercial partition. */
function consoleHost(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  return 'console.aws.amazon.com';
}

function validateProps(props: HipaaPipelineProps): void {
  refuseTogether(props.replica && props.buckets, 'replica', 'buckets', 'replicate the buckets where they are defined');
  refuseTogether(
    props.bucketSuffix !== undefined && props.buckets && props.auditTrail,
    'bucketSuffix',
    'buckets and auditTrail',
    'their names are given',
  );
  refuseTogether(
    props.managementEvents !== undefined && props.auditTrail,
    'managementEvents',
    'auditTrail',
    'set it there',
  );
  refuseTogether(
    props.restrictDefaultSecurityGroup !== undefined && props.network,
    'restrictDefaultSecurityGroup',
    'network',
    'set it there',
  );
}

/** A prop that could not take effect is an error, not a silence. */
function refuseTogether(both: unknown, prop: string, brought: string, fix: string): void {
  if (both) {
    throw new Error(`${prop} applies to a part that the pipeline makes, got ${brought} too; remove ${prop} (${fix})`);
  }
}

/** The policies of these parts name the pipeline's resources, and the pipeline names theirs: across stacks, a cycle. */
function requireOwnStack(scope: Construct, prop: string, part: Construct | false, importer: string): void {
  if (part === false || Stack.of(part) === Stack.of(scope)) return;
  throw new Error(
    `${prop} must be made in the stack of the pipeline, got one of stack ${Stack.of(part).node.path}; ` +
      `put both into one stack, or bring it by ${importer}`,
  );
}
