import { CfnElement, CfnResource, Stack, TagManager } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { HipaaPipeline } from '../../src';
import { bothWays, entries, json, list, TemplateJson, templateOf, testStack, text } from '../support/synth';

const WANTED: Record<string, string> = { Compliance: 'HIPAA', DataClass: 'PHI', Environment: 'prod' };

/** CloudFormation types of the default pipeline that take no tags. */
const UNTAGGABLE = [
  'AWS::KMS::Alias',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::IAM::ManagedPolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::Logs::MetricFilter',
  'Custom::VpcRestrictDefaultSG',
];

const tagsOf = (properties: TemplateJson['Resources'][string]['Properties'] | undefined): Record<string, string> => {
  const tags = properties?.Tags;
  if (tags === undefined) return {};
  return Array.isArray(tags)
    ? Object.fromEntries(list(tags).map(({ Key, Value }) => [text(Key), text(Value)]))
    : Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, text(value)]));
};

const untagged = (template: TemplateJson) =>
  Object.entries(template.Resources)
    .filter(([id, { Type }]) => !UNTAGGABLE.includes(Type) && !id.startsWith('Own'))
    .filter(([, { Properties }]) => Object.entries(WANTED).some(([key, value]) => tagsOf(Properties)[key] !== value))
    .map(([id, { Type }]) => `${id} ${Type}`);

let stack: Stack;
let template: TemplateJson;
beforeAll(() => {
  stack = testStack().stack;
  new HipaaPipeline(stack, 'Claims', { environmentSuffix: 'prod' });
  new s3.Bucket(stack, 'Own');
  template = templateOf(stack);
});

test('A27 every taggable resource of the default pipeline has the three tags', () => {
  bothWays(
    template,
    untagged,
    (copy) => delete entries(copy, 'AWS::S3::Bucket')[0][1].Properties.Tags,
    (copy) => (entries(copy, 'AWS::SQS::Queue')[0][1].Properties.Tags = json([{ Key: 'Compliance', Value: 'HIPAA' }])),
    (copy) => (copy.Resources.Hole = { Type: 'AWS::DynamoDB::Table', Properties: json({}) }),
  );
});

test('A27 the types held to take no tags are those that CDK gives no tags', () => {
  const taggable = stack.node
    .findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node) && TagManager.of(node) !== undefined)
    .map(({ cfnResourceType }) => cfnResourceType);
  expect(UNTAGGABLE.filter((type) => taggable.includes(type))).toEqual([]);
});

test('A27 nothing of the stack beside it is tagged', () => {
  const own = stack.node.findChild('Own').node.defaultChild as CfnElement;
  expect(tagsOf(template.Resources[stack.resolve(own.logicalId) as string].Properties)).toEqual({});
  expect(stack.tags.renderTags()).toBeUndefined();
});

test('A27 the helper that closes default security groups is tagged where the pipeline brought it, and not where another VPC did', () => {
  const helpers = (before: boolean) => {
    const { stack: own } = testStack();
    if (before) new ec2.Vpc(own, 'Own', { restrictDefaultSecurityGroup: true });
    new HipaaPipeline(own, 'Claims', { environmentSuffix: 'prod' });
    return Object.entries(templateOf(own).Resources)
      .filter(([id]) => id.startsWith('CustomVpcRestrict'))
      .map(([, { Properties }]) => tagsOf(Properties));
  };
  expect(helpers(false)).toEqual([WANTED, WANTED]);
  expect(helpers(true)).toEqual([{}, {}]);
});
