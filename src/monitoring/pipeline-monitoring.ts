import { Duration, IResource, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { IAuditTrail } from '../audit/audit-trail';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import { declareOpenItem } from '../private/declarations';
import { Names } from '../private/naming';
import { tagPart } from '../private/tags';
import { IPhiProcessor } from '../processing/phi-processor';
import { createDashboard } from './private/dashboard';

/** The alarms of a pipeline and the topic that they reach people by. */
export interface IPipelineMonitoring extends IResource {
  readonly alarmTopic: sns.ITopic;
}

export interface PipelineMonitoringProps extends NamingProps {
  /** Keys; the topic is under the logs key, so that its alarm is heard when the data key is disabled. */
  readonly keyring: IHipaaKeyring;
  readonly processor: IPhiProcessor;

  /**
   * Trail whose tampering alarms. A trail shared by several pipelines is watched by the one that made it.
   *
   * @default - no alarms on trail and keys
   */
  readonly auditTrail?: IAuditTrail;

  /**
   * Topic that alarms go to. CloudWatch must be able to publish to it and to use its key.
   *
   * @default - an encrypted topic of its own
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * E-mail addresses that the topic of its own sends to; each must confirm its subscription.
   *
   * @default - none; without a topic or an address the evidence shows an open item
   */
  readonly alarmEmails?: string[];

  /**
   * How old the oldest waiting event may grow.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/**
 * Defines the alarms without which a failure would go unseen, an encrypted topic that CloudWatch can publish to, and a
 * dashboard.
 *
 * @example
 * new PipelineMonitoring(this, 'Monitoring', { keyring, processor, auditTrail, alarmEmails: ['on-call@example.org'] });
 *
 * @see https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class PipelineMonitoring extends Resource implements IPipelineMonitoring {
  public readonly alarmTopic: sns.ITopic;
  public readonly dashboard: cloudwatch.CfnDashboard;
  private readonly created: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, props: PipelineMonitoringProps) {
    super(scope, id);
    validateProps(props);
    const names = new Names(this, props);
    names.claim('alarm', names.regional('dead-letters'));
    this.alarmTopic = props.alarmTopic ?? this.createTopic(names, props);
    this.watchProcessor(names, props);
    this.watchTrail(names, props.auditTrail);
    if (!props.alarmTopic && !props.alarmEmails?.length) this.declareNoReceiver();
    this.dashboard = createDashboard(this, names, this.created);
    tagPart(this, names.environment);
  }

  /** The alarms, in the order of the dashboard. */
  public get alarms(): cloudwatch.Alarm[] {
    return [...this.created];
  }

  private createTopic(names: Names, props: PipelineMonitoringProps): sns.Topic {
    const stack = Stack.of(this);
    const topicName = names.regional('alarms');
    names.claim('topic', topicName);
    props.keyring.admitAlarms();
    const topic = new sns.Topic(this, 'Topic', { topicName, masterKey: props.keyring.logsKey, enforceSSL: true });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    );
    props.alarmEmails?.forEach((email, index) => {
      new sns.Subscription(this, `Email${index}`, { topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email });
    });
    return topic;
  }

  private watchProcessor(names: Names, props: PipelineMonitoringProps): void {
    const { processor } = props;
    const { queue, deadLetterQueue, lambdaFunction } = processor;
    const maxAge = props.maxAge ?? Duration.hours(1);
    this.alarm(
      names,
      'DeadLetters',
      'dead-letters',
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      {
        description: 'Events failed every try: find out why, then `cdk-hipaa-pipeline replay --dlq`',
      },
    );
    this.alarm(
      names,
      'OldestEvent',
      'oldest-event',
      queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
      {
        description: `An event waits longer than ${maxAge.toHumanString()}`,
        above: maxAge.toSeconds(),
      },
    );
    this.alarm(names, 'FunctionErrors', 'function-errors', lambdaFunction.metricErrors(), {
      description: 'The processor failed; its events are tried again',
    });
    this.alarm(names, 'FunctionThrottles', 'function-throttles', lambdaFunction.metricThrottles(), {
      description: 'The processor had no concurrency left',
    });
    this.alarm(names, 'RecordsRejected', 'records-rejected', processor.metricRecordsRejected(), {
      description: 'Records were set aside under rejected/ of the data bucket; manifests say why',
    });
    this.alarm(names, 'ObjectsFailed', 'objects-failed', processor.metricObjectsFailed(), {
      description: 'An object could not be processed at all; its FAILED manifest says why',
    });
  }

  private watchTrail(names: Names, trail: IAuditTrail | undefined): void {
    const trailTampering = trail?.metricTrailTampering();
    if (trailTampering) {
      this.alarm(names, 'TrailTampering', 'trail-tampering', trailTampering, {
        description: 'Somebody stopped, deleted or narrowed a trail',
      });
    }
    const keyTampering = trail?.metricKeyTampering();
    if (keyTampering) {
      this.alarm(names, 'KeyTampering', 'key-tampering', keyTampering, {
        description: 'Somebody disabled, opened or scheduled the deletion of a KMS key',
      });
    }
  }

  private alarm(names: Names, id: string, type: string, metric: cloudwatch.IMetric, spec: AlarmSpec): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: names.regional(type),
      alarmDescription: spec.description,
      metric,
      threshold: spec.above ?? 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = { bind: () => ({ alarmActionArn: this.alarmTopic.topicArn }) };
    alarm.addAlarmAction(action);
    alarm.addInsufficientDataAction(action);
    this.created.push(alarm);
  }

  private declareNoReceiver(): void {
    declareOpenItem(this, {
      id: 'no-alarm-receiver',
      controls: ['164.308(a)(6)(ii)'],
      what: 'alarms go to a topic that nobody is known to listen to',
      close: 'give `alarmEmails`, or `alarmTopic` with a topic that reaches your on-call',
    });
  }
}

interface AlarmSpec {
  readonly description: string;
  /** The alarm goes off above it; 0 when left out. */
  readonly above?: number;
}

function validateProps(props: PipelineMonitoringProps): void {
  if (props.alarmTopic && props.alarmEmails) {
    throw new Error(
      'alarmEmails subscribe to a topic of its own, got alarmTopic too; subscribe the addresses to that topic, or remove it',
    );
  }
}
