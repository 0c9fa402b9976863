import { Duration, IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE, PREFIX, ProcessorMetric } from './private/handler-contract';
import { processorEnvironment } from './private/processor-environment';
import { createProcessorPolicy } from './private/processor-policy';
import { createObjectRule, createQueues } from './private/processor-queues';
import { ProcessorCode, ProcessorCodeConfig } from './processor-code';
import { PseudonymKey, PseudonymKeyConfig } from './pseudonym-key';
import { DeidPolicy } from '../deidentification/deid-policy';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import { IIsolatedNetwork } from '../network/isolated-network';
import { declareOpenItem } from '../private/declarations';
import { Deletion, resolveDeletion } from '../private/deletion';
import { createLogGroup, logGroupArn, requireLogRetention } from '../private/log-group';
import { Names } from '../private/naming';
import { tagPart } from '../private/tags';
import { requireWithin } from '../private/validation';
import { IPhiBucketSet } from '../storage/phi-bucket-set';

/** A function that turns each new object of the data bucket into results, through a queue. */
export interface IPhiProcessor extends IResource {
  /** Value of the metrics' `Processor` dimension. */
  readonly functionName: string;
  readonly lambdaFunction: lambda.IFunction;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;

  /**
   * Allows what `cdk-hipaa-pipeline replay` does: taking events out of the dead-letter queue and sending them to the
   * queue again, encryption included.
   */
  grantReplay(grantee: iam.IGrantable): iam.Grant;

  /** Records that were set aside, in five minutes. */
  metricRecordsRejected(): cloudwatch.Metric;
  /** Objects that ended with a FAILED manifest, in five minutes. */
  metricObjectsFailed(): cloudwatch.Metric;
}

/** A processor that exists, such as one of another app. */
export interface PhiProcessorAttributes {
  readonly lambdaFunction: lambda.IFunction;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  /** Keys; the queues are under its data key. */
  readonly keyring: IHipaaKeyring;
}

export interface PhiProcessorProps extends NamingProps {
  readonly keyring: IHipaaKeyring;
  readonly network: IIsolatedNetwork;
  readonly buckets: IPhiBucketSet;

  /**
   * What runs.
   *
   * @default ProcessorCode.deidentifier()
   */
  readonly code?: ProcessorCode;

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
   * Memory in MB, 512 to 10240. CPU grows with it, and CPU bounds the speed.
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
   * Instruction set; for code of your own it must be the one that the code was built for.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * How many objects are processed at once, 2 to 1000; reserved, so that nothing else in the account takes them.
   *
   * @default 10
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Whether the concurrency is reserved. Accounts with the small default quota of 10 cannot reserve any: turn it off
   * there. The queue still bounds how many objects are processed at once.
   *
   * @default true
   */
  readonly reserveConcurrency?: boolean;

  /**
   * How often an event is tried before it is kept in the dead-letter queue, 1 to 100.
   *
   * @default 3
   */
  readonly maxReceiveCount?: number;

  /**
   * How long the function's logs are kept, at least 2192 days.
   *
   * @default logs.RetentionDays.SIX_YEARS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to queues and logs when they leave the stack. DESTROY needs the context key
   * `cdk-hipaa-pipeline:allow-destroy` too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What `replay` calls on the queue that fails and on the queue that is fed. */
const TAKE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const FEED_ACTIONS = ['sqs:SendMessage', 'sqs:GetQueueAttributes'];

abstract class PhiProcessorBase extends Resource implements IPhiProcessor {
  public abstract readonly functionName: string;
  public abstract readonly lambdaFunction: lambda.IFunction;
  public abstract readonly queue: sqs.IQueue;
  public abstract readonly deadLetterQueue: sqs.IQueue;
  /** @internal */
  public abstract readonly _keyring: IHipaaKeyring;

  public grantReplay(grantee: iam.IGrantable): iam.Grant {
    const grant = (queue: sqs.IQueue, actions: string[]) =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [queue.queueArn] });
    return grant(this.deadLetterQueue, TAKE_ACTIONS)
      .combine(grant(this.queue, FEED_ACTIONS))
      .combine(this._keyring.grantEncryptDecryptData(grantee));
  }

  public metricRecordsRejected(): cloudwatch.Metric {
    return this.metric(ProcessorMetric.RECORDS_REJECTED);
  }

  public metricObjectsFailed(): cloudwatch.Metric {
    return this.metric(ProcessorMetric.OBJECTS_FAILED);
  }

  private metric(metricName: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { Processor: this.functionName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
    });
  }
}

/**
 * Defines the function that processes each new object under `incoming/`: in isolated subnets, with a role of its own
 * that can do nothing else, fed by an encrypted queue with a dead-letter queue. Nothing that it writes can start it.
 *
 * Grant it more by `addToPolicy`, or by the grants of other constructs: `table.grantReadData(processor)`. The function's
 * own role takes no inline policies.
 *
 * @example
 * const processor = new PhiProcessor(this, 'Processor', { keyring, network, buckets, memorySize: 1024 });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class PhiProcessor extends PhiProcessorBase implements iam.IGrantable {
  /** Uses a processor that exists, to watch it or to grant the replay of its events. */
  public static fromPhiProcessorAttributes(scope: Construct, id: string, attrs: PhiProcessorAttributes): IPhiProcessor {
    class Imported extends PhiProcessorBase {
      public readonly functionName = attrs.lambdaFunction.functionName;
      public readonly lambdaFunction = attrs.lambdaFunction;
      public readonly queue = attrs.queue;
      public readonly deadLetterQueue = attrs.deadLetterQueue;
      /** @internal */
      public readonly _keyring = attrs.keyring;
    }
    return new Imported(scope, id);
  }

  public readonly functionName: string;
  public readonly lambdaFunction: lambda.IFunction;
  public readonly queue: sqs.IQueue;
  public readonly deadLetterQueue: sqs.IQueue;
  public readonly role: iam.Role;
  public readonly securityGroup: ec2.SecurityGroup;
  public readonly logGroup: logs.LogGroup;
  /** The managed policy of the role, so that grants of other constructs reach it. */
  public readonly grantPrincipal: iam.IPrincipal;
  /** @internal */
  public readonly _keyring: IHipaaKeyring;
  private readonly managedPolicy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: PhiProcessorProps) {
    super(scope, id);
    validateProps(props);
    const names = new Names(this, props);
    const deletion = resolveDeletion(this, props.removalPolicy);
    const timeout = props.timeout ?? Duration.minutes(5);
    const concurrency = props.reservedConcurrentExecutions ?? 10;
    const code = (props.code ?? ProcessorCode.deidentifier())._bind(this, props.policy);
    const key = (props.pseudonymKey ?? PseudonymKey.managed())._bind(this);
    this._keyring = props.keyring;
    this.functionName = names.regional('data-processing');
    names.claim('function', this.functionName);

    const { queue, deadLetterQueue } = createQueues(this, {
      names,
      key: props.keyring.dataKey,
      timeout,
      maxReceiveCount: props.maxReceiveCount ?? 3,
      deletion,
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.securityGroup = this.createSecurityGroup(props.network, names);
    this.logGroup = this.createLogGroup(props, deletion);
    this.managedPolicy = createProcessorPolicy(this, names.global('processor'), {
      ...props,
      queue,
      deadLetterQueue,
      logGroupArn: logGroupArn(this, this.logGroupName()),
      subnets: props.network.subnets,
      securityGroup: this.securityGroup,
      functionName: this.functionName,
      prefixes: { ...PREFIX, deidentified: code.resultsPrefix },
      writesRecords: code.writesRecords,
      keyUse: key.use,
    });
    this.grantPrincipal = this.managedPolicy.grantPrincipal;
    this.role = new iam.Role(this, 'Role', {
      roleName: names.global('processor'),
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [this.managedPolicy],
    });
    const environment = processorEnvironment({
      ...props,
      functionName: this.functionName,
      resultsPrefix: code.resultsPrefix,
      key,
    });
    this.lambdaFunction = this.createFunction(props, code, environment, timeout, concurrency);
    this.connect(props, names, concurrency);
    this.admitKeyUse(props.network, key);
    tagPart(this, names.environment);
  }

  /** Lets the function do more. */
  public addToPolicy(statement: iam.PolicyStatement): void {
    this.managedPolicy.addStatements(statement);
  }

  private createSecurityGroup(network: IIsolatedNetwork, names: Names): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      securityGroupName: names.regional('processor'),
      description: 'PHI processor: nothing in, TLS out',
      allowAllOutbound: false,
    });
    // No region-agnostic prefix list of S3 exists. The subnets have no route out but the S3 endpoint.
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'TLS, to the S3 gateway endpoint');
    return group;
  }

  private logGroupName(): string {
    return `/aws/lambda/${this.functionName}`;
  }

  private createLogGroup(props: PhiProcessorProps, deletion: Deletion): logs.LogGroup {
    return createLogGroup(this, 'LogGroup', {
      name: this.logGroupName(),
      keyring: props.keyring,
      retention: props.logRetention,
      deletion,
    });
  }

  private createFunction(
    props: PhiProcessorProps,
    { code, runtime, handler }: ProcessorCodeConfig,
    environment: Record<string, string>,
    timeout: Duration,
    concurrency: number,
  ): lambda.Function {
    const reserve = props.reserveConcurrency ?? true;
    if (!reserve) {
      declareOpenItem(this, {
        id: 'no-reserved-concurrency',
        controls: ['164.312(b)'],
        what: 'other functions of the account can take the concurrency that the processor needs',
        close: 'raise the account’s quota and leave reserveConcurrency out',
      });
    }
    return new lambda.Function(this, 'Function', {
      functionName: this.functionName,
      description: 'De-identifies new objects of the data bucket',
      code,
      runtime,
      handler,
      architecture: props.architecture ?? lambda.Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      timeout,
      reservedConcurrentExecutions: reserve ? concurrency : undefined,
      role: this.role.withoutPolicyUpdates(),
      vpc: props.network.vpc,
      vpcSubnets: { subnets: props.network.subnets },
      securityGroups: [this.securityGroup],
      deadLetterQueue: this.deadLetterQueue,
      logGroup: this.logGroup,
      environment,
      environmentEncryption: props.keyring.dataKey,
    });
  }

  /** Bucket -> rule -> queue -> function; and what keys, endpoint and bucket policies must admit for it. */
  private connect(props: PhiProcessorProps, names: Names, concurrency: number): void {
    const { buckets, keyring, network } = props;
    const ruleName = names.regional('object-created');
    const ruleArn = Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: ruleName });
    keyring.admitEventRule(ruleArn);
    network.admitBucket(buckets.dataBucket.bucketArn);
    network.admitBucket(buckets.processedBucket.bucketArn);
    // With a key from elsewhere too: nobody else gets at keys that were made before.
    buckets.admitKeyReader(this.role);
    createObjectRule(this, {
      ruleName,
      ruleArn,
      bucketName: buckets.dataBucket.bucketName,
      prefix: PREFIX.incoming,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
    });
    new lambda.EventSourceMapping(this, 'Trigger', {
      target: this.lambdaFunction,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: concurrency,
    });
  }

  /** A key outside the buckets is reached through an endpoint of its service. */
  private admitKeyUse(network: IIsolatedNetwork, { use }: PseudonymKeyConfig): void {
    if (!use) return;
    const { actions, resources: resourceArns } = use.call;
    network.admitServiceCalls({
      service: use.service,
      actions,
      resourceArns,
      role: this.role,
      securityGroup: this.securityGroup,
    });
  }
}

function validateProps(props: PhiProcessorProps): void {
  requireWithin('memorySize', props.memorySize, 512, 10240, 'omit it for 512 MB');
  if (props.timeout?.isUnresolved()) {
    throw new Error(
      'timeout must be known at synth, got a token; pass a literal: the queue hides events for six times as long',
    );
  }
  requireWithin('timeout (seconds)', props.timeout?.toSeconds({ integral: false }), 5, 900, 'omit it for 5 minutes');
  requireWithin('maxReceiveCount', props.maxReceiveCount, 1, 100, 'omit it for 3');
  requireWithin(
    'reservedConcurrentExecutions',
    props.reservedConcurrentExecutions,
    2,
    1000,
    'the queue needs 2 at least; to reserve none, set reserveConcurrency to false',
  );
  requireLogRetention(props.logRetention);
}
