import { HipaaPipeline } from '../../src';
import { entries, synth, TemplateJson } from '../support/synth';

/*
 * A contract. CloudFormation knows a resource by its logical id: a change here makes a deployment replace a PHI store
 * with an empty one (or fail on its fixed name), and leave the old one behind outside the stack. Never edit a line to
 * make the test pass: keep the construct id and path. A deliberate change is a breaking one, and its release notes tell
 * how to import what exists.
 */
const CONTRACT: Record<string, string[]> = {
  'AWS::KMS::Key': ['ClaimsKeyringDataKey0070A8A4', 'ClaimsKeyringLogsKeyEF59D89A', 'ClaimsKeyringTrailKeyA5E86166'],
  'AWS::KMS::Alias': [
    'ClaimsKeyringDataKeyAlias42BB6CAE',
    'ClaimsKeyringLogsKeyAlias31EE3B96',
    'ClaimsKeyringTrailKeyAlias53F18CE3',
  ],
  'AWS::S3::Bucket': [
    'ClaimsBucketsAccessLogsBucketAA36A289',
    'ClaimsBucketsDataBucketFA3A8F84',
    'ClaimsBucketsProcessedBucketB1BE1F78',
    'ClaimsAuditTrailTrailBucket2ACB5A57',
  ],
  'AWS::S3::BucketPolicy': [
    'ClaimsBucketsAccessLogsBucketPolicy4BBDB2A3',
    'ClaimsBucketsDataBucketPolicy257F0744',
    'ClaimsBucketsProcessedBucketPolicy202CB2FE',
    'ClaimsAuditTrailTrailBucketPolicy65BFB507',
  ],
  'AWS::Logs::LogGroup': [
    'ClaimsNetworkFlowLogGroup3CC5AD19',
    'ClaimsAuditTrailLogGroup72253CCC',
    'ClaimsProcessorLogGroup6047D0CA',
  ],
  'AWS::SQS::Queue': ['ClaimsProcessorDeadLetterQueue310AD731', 'ClaimsProcessorQueue79CFEEE0'],
  'AWS::SQS::QueuePolicy': ['ClaimsProcessorDeadLetterQueuePolicy07CF08BC', 'ClaimsProcessorQueuePolicyF7B87C4A'],
  'AWS::CloudTrail::Trail': ['ClaimsAuditTrailEEB61CCD'],
  'AWS::Lambda::Function': ['ClaimsProcessorFunctionFFBBF0A7'],
};

let template: TemplateJson;
beforeAll(() => {
  template = synth((stack) => new HipaaPipeline(stack, 'Claims'), { id: 'Claims' });
});

test.each(Object.entries(CONTRACT))('A26 the logical ids of %s do not change', (type, ids) => {
  const own = entries(template, type)
    .map(([id]) => id)
    .filter((id) => !id.startsWith('Custom'));
  expect(own).toEqual(ids);
});

test('A26 every type that is retained is in the contract', () => {
  const retained = Object.values(template.Resources)
    .filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate')
    .map(({ Type }) => Type);
  expect([...new Set(retained)].filter((type) => CONTRACT[type] === undefined)).toEqual([]);
});
