import { Duration, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { alarmsAreHeard, insufficientDataIsTold, watched } from './alarm-delivery';
import { AuditTrail, ComplianceEvidence, PipelineMonitoring, PipelineMonitoringProps } from '../../src';
import { buildParts, buildProcessor } from '../processing/parts';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  statementsOf,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const build = (props: Partial<PipelineMonitoringProps> | ((stack: Stack) => Partial<PipelineMonitoringProps>) = {}) => {
  const { stack } = testStack();
  const parts = buildParts(stack);
  const auditTrail = new AuditTrail(stack, 'Audit', parts);
  const extra = typeof props === 'function' ? props(stack) : props;
  const monitoring = new PipelineMonitoring(stack, 'Monitoring', {
    keyring: parts.keyring,
    processor: buildProcessor(stack, {}, parts),
    auditTrail,
    ...extra,
  });
  ComplianceEvidence.of(stack);
  return {
    monitoring,
    stack,
    template: templateOf(stack),
    open: list(list(evidenceOf(stack).stacks)[0].openItems).map(({ id }) => text(id)),
  };
};
const topic = (template: TemplateJson) => one(template, 'AWS::SNS::Topic');
const alarm = (template: TemplateJson, id: string) =>
  one(template, 'AWS::CloudWatch::Alarm', new RegExp(`Monitoring${id}`)).Properties;

let built: ReturnType<typeof build>;
beforeAll(() => {
  built = build();
});

describe('alarms', () => {
  test('A12 A18 each reaches its topic: action, topic policy and key policy together', () => {
    const publish = (copy: TemplateJson) => bySid(one(copy, 'AWS::SNS::TopicPolicy'), 'AllowAlarms');
    const useKey = (copy: TemplateJson) => bySid(one(copy, 'AWS::KMS::Key', /LogsKey/), 'CloudWatchAlarms');
    bothWays(
      built.template,
      alarmsAreHeard,
      // The action.
      (copy) => delete alarm(copy, 'DeadLetters').AlarmActions,
      (copy) => (alarm(copy, 'TrailTampering').AlarmActions = json(['arn:aws:sns:us-east-1:111122223333:elsewhere'])),
      (copy) => (alarm(copy, 'FunctionErrors').ActionsEnabled = json(false)),
      // The topic's policy.
      (copy) => delete copy.Resources[entries(copy, 'AWS::SNS::TopicPolicy')[0][0]],
      (copy) => (publish(copy).Principal = json({ Service: 'events.amazonaws.com' })),
      (copy) => (publish(copy).Action = json('sns:Subscribe')),
      (copy) => (publish(copy).Condition = json({ StringEquals: { 'aws:SourceAccount': '999999999999' } })),
      // The key's policy.
      (copy) => (topic(copy).Properties.KmsMasterKeyId = json('alias/aws/sns')),
      (copy) =>
        (topic(copy).Properties.KmsMasterKeyId = json({ 'Fn::GetAtt': [entries(copy, 'AWS::KMS::Key')[0][0], 'Arn'] })),
      (copy) => list(useKey(copy).Action).pop(),
      (copy) => (useKey(copy).Effect = json('Deny')),
    );
  });

  test('A12 A18 watch every way to fail', () => {
    const above = (threshold: number) => `GreaterThanThreshold ${threshold}`;
    expect(watched(built.template)).toEqual([
      `ApproximateNumberOfMessagesVisible ${above(0)}`,
      `ApproximateAgeOfOldestMessage ${above(3600)}`,
      `Errors ${above(0)}`,
      `Throttles ${above(0)}`,
      `RecordsRejected ${above(0)}`,
      `ObjectsFailed ${above(0)}`,
      `TrailTampering ${above(0)}`,
      `KeyTampering ${above(0)}`,
    ]);
    expect(text(list(alarm(built.template, 'DeadLetters').Dimensions)[0].Value)).toMatch(/DeadLetterQueue/);
    expect(text(list(alarm(built.template, 'OldestEvent').Dimensions)[0].Value)).toMatch(/ProcessorQueue/);
    expect(text(list(alarm(built.template, 'FunctionErrors').Dimensions)[0].Value)).toMatch(/ProcessorFunction/);
    expect(alarm(built.template, 'RecordsRejected')).toMatchObject({
      Namespace: 'HipaaPipeline',
      Dimensions: [{ Name: 'Processor', Value: 'healthcare-data-processing-dev' }],
    });
  });

  test('A18 the trail is watched by the metrics that its filters write', () => {
    const filters = entries(built.template, 'AWS::Logs::MetricFilter').map(
      ([, { Properties }]) => list(Properties.MetricTransformations)[0],
    );
    for (const { MetricName, MetricNamespace } of filters) {
      expect(alarm(built.template, text(MetricName)).Namespace).toEqual(MetricNamespace);
    }
    expect(filters).toHaveLength(2);
  });

  test('A12 no data is no alarm, and a metric that ends is told', () => {
    for (const [, { Properties }] of entries(built.template, 'AWS::CloudWatch::Alarm')) {
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', EvaluationPeriods: 1 });
    }
    bothWays(
      built.template,
      insufficientDataIsTold,
      (copy) => delete alarm(copy, 'DeadLetters').InsufficientDataActions,
    );
  });

  test('A24 are named by prefix and environment, as the topic is', () => {
    const { template } = build({ namePrefix: 'claims', environmentSuffix: 'prod' });
    expect(alarm(template, 'DeadLetters').AlarmName).toBe('claims-dead-letters-prod');
    expect(topic(template).Properties.TopicName).toBe('claims-alarms-prod');
    expect(text(one(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardName)).toBe(
      'claims-pipeline-${AWS::Region}-prod',
    );
  });

  test('A12 the dashboard shows every alarm, and the getter gives a copy', () => {
    const body = text(one(built.template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);
    for (const [id] of entries(built.template, 'AWS::CloudWatch::Alarm')) expect(body).toContain(`\${${id}.Arn}`);
    built.monitoring.alarms.pop();
    expect(built.monitoring.alarms).toHaveLength(8);
  });
});

describe('topic', () => {
  test('A14 is under the logs key, heard when the data key is disabled, and refuses plain HTTP', () => {
    expect(text(topic(built.template).Properties.KmsMasterKeyId)).toMatch(/LogsKey/);
    const deny = statementsOf(one(built.template, 'AWS::SNS::TopicPolicy')).find(
      ({ Effect }) => text(Effect) === 'Deny',
    );
    expect(JSON.stringify(deny?.Condition)).toBe('{"Bool":{"aws:SecureTransport":"false"}}');
  });

  test('A12 without a receiver the evidence shows it as open; with addresses they are subscribed', () => {
    expect(built.open).toContain('no-alarm-receiver');
    expect(build({ alarmEmails: [] }).open).toContain('no-alarm-receiver');
    const { open, template } = build({ alarmEmails: ['a@example.org', 'b@example.org'] });
    expect(open).not.toContain('no-alarm-receiver');
    const subscriptions = entries(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
    expect(subscriptions).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'a@example.org' }),
      expect.objectContaining({ Protocol: 'email', Endpoint: 'b@example.org' }),
    ]);
  });

  test('X3 a topic that exists is used, and none is made', () => {
    const arn = 'arn:aws:sns:us-east-1:111122223333:on-call';
    const { open, template } = build((stack) => ({ alarmTopic: sns.Topic.fromTopicArn(stack, 'OnCall', arn) }));
    expect(entries(template, 'AWS::SNS::Topic')).toEqual([]);
    for (const [, { Properties }] of entries(template, 'AWS::CloudWatch::Alarm')) {
      expect(texts(Properties.AlarmActions)).toEqual([arn]);
    }
    expect(open).not.toContain('no-alarm-receiver');
  });

  test('X3 a topic beside addresses is an error', () => {
    const both = (stack: Stack) => ({
      alarmTopic: sns.Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:us-east-1:111122223333:on-call'),
      alarmEmails: ['a@example.org'],
    });
    expect(() => build(both)).toThrow(
      'alarmEmails subscribe to a topic of its own, got alarmTopic too; subscribe the addresses to that topic, or remove it',
    );
  });
});

describe('props', () => {
  test('A12 maxAge moves the alarm on the oldest event', () => {
    const oldest = alarm(build({ maxAge: Duration.minutes(90) }).template, 'OldestEvent');
    expect(oldest.Threshold).toBe(5400);
    expect(text(oldest.AlarmDescription)).toMatch(/longer than 1 hour 30 minutes/);
  });

  test('X3 A18 without a trail, or with one that exists, it is not watched here', () => {
    for (const props of [
      () => ({ auditTrail: undefined }),
      (stack: Stack) => ({
        auditTrail: AuditTrail.fromTrailArn(stack, 'Theirs', 'arn:aws:cloudtrail:us-east-1:999999999999:trail/theirs'),
      }),
    ]) {
      expect(watched(build(props).template).join()).not.toMatch(/Tampering/);
    }
  });

  test('A24 two in one stack: an error by one name, also with a topic that exists; fine by another suffix', () => {
    const two = (environmentSuffix: string, own: boolean) => {
      const { stack } = testStack();
      const parts = buildParts(stack);
      const { keyring } = parts;
      const processor = buildProcessor(stack, {}, parts);
      const alarmTopic = own
        ? undefined
        : sns.Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:us-east-1:111122223333:on-call');
      new PipelineMonitoring(stack, 'One', { keyring, processor, alarmTopic });
      return new PipelineMonitoring(stack, 'Two', { keyring, processor, alarmTopic, environmentSuffix });
    };
    for (const own of [true, false]) {
      expect(() => two('dev', own)).toThrow(
        /^alarm name "healthcare-dead-letters-dev" must be unique .* both Test\/One and Test\/Two/,
      );
    }
    expect(() => two('test', true)).not.toThrow();
  });
});
