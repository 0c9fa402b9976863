import { entries, list, one, Check, statementsOf, TemplateJson, text, texts } from '../support/synth';
import type { Json } from '../support/synth';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const OWN_ACCOUNT = '${AWS::AccountId}';

const allows = (statement: Json, actions: string[]) =>
  text(statement.Effect) === 'Allow' &&
  text(statement.Principal?.Service) === CLOUDWATCH &&
  actions.every((action) => texts(statement.Action).includes(action)) &&
  text(statement.Condition?.StringEquals?.['aws:SourceAccount']) === OWN_ACCOUNT;

/**
 * Proves that each alarm reaches its topic: its action is a topic of the template, CloudWatch may publish to that topic
 * for this account, and CloudWatch may use the key that the topic is encrypted with. One that is missing and the alarm
 * fires unheard.
 */
export const alarmsAreHeard: Check = (template: TemplateJson) =>
  entries(template, 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) => {
    if (text(Properties.ActionsEnabled) === 'false') return [`${id} is switched off`];
    const actions = texts(Properties.AlarmActions);
    if (actions.length === 0) return [`${id} tells nobody`];
    return actions.flatMap((action) => undeliverable(template, action).map((why) => `${id}: ${why}`));
  });

function undeliverable(template: TemplateJson, action: string): string[] {
  const topic = entries(template, 'AWS::SNS::Topic').find(([id]) => action === `\${${id}}`);
  if (!topic) return [`${action} is no topic of the template`];
  const policies = entries(template, 'AWS::SNS::TopicPolicy').filter(([, policy]) =>
    texts(policy.Properties.Topics).includes(action),
  );
  const mayPublish = policies
    .flatMap(([, policy]) => statementsOf(policy))
    .some((statement) => allows(statement, ['sns:Publish']) && texts(statement.Resource).includes(action));
  const keyId = /^\$\{(\w+)(\.Arn)?\}$/.exec(text(topic[1].Properties.KmsMasterKeyId))?.[1];
  if (!keyId) return ['the topic is not encrypted with a key of the template'];
  const mayUseKey = statementsOf(one(template, 'AWS::KMS::Key', new RegExp(`^${keyId}$`))).some((statement) =>
    allows(statement, ['kms:Decrypt', 'kms:GenerateDataKey']),
  );
  return [
    ...(mayPublish ? [] : ['CloudWatch may not publish to the topic']),
    ...(mayUseKey ? [] : ['CloudWatch may not use the key of the topic']),
  ];
}

/** The alarms of a template by what they watch: `metric name, threshold`. */
export function watched(template: TemplateJson): string[] {
  return entries(template, 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) =>
      `${text(Properties.MetricName)} ${text(Properties.ComparisonOperator)} ${text(Properties.Threshold)}`,
  );
}

export function insufficientDataIsTold(template: TemplateJson): string[] {
  return entries(template, 'AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => list(Properties.InsufficientDataActions).length === 0)
    .map(([id]) => id);
}
