import { Environment } from 'aws-cdk-lib';
import { HipaaPipeline } from '../../src';
import { alarmsAreHeard } from '../monitoring/alarm-delivery';
import {
  bothWays,
  bySid,
  entries,
  json,
  one,
  resources,
  statements,
  synth,
  TemplateJson,
  text,
} from '../support/synth';

const ACCOUNT = '111122223333';
const claims = (env?: Environment) => synth((stack) => new HipaaPipeline(stack, 'Claims'), { env });

/** Literals that tie a template to a place. */
const placed = (template: TemplateJson) => {
  // Assets lie in a bucket of the deploying account, which the CDK names by a substitution.
  const body = JSON.stringify(template);
  return [
    ...(body.match(/arn:aws(-[a-z]+)*:/g) ?? []),
    ...(body.match(
      /\b(us|eu|ap|cn|ca|sa|me|af|il|mx)-(gov-)?(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b/g,
    ) ?? []),
    ...(body.match(/(?<![\w-])\d{12}(?![\w-])/g) ?? []),
  ];
};

test('A25 without an environment nothing names a region, an account or a partition', () => {
  bothWays(
    claims(),
    placed,
    (copy) => (one(copy, 'AWS::CloudTrail::Trail').Properties.KMSKeyId = json('arn:aws:kms:x')),
    (copy) => (one(copy, 'AWS::EC2::VPC').Properties.Region = json('eu-central-1')),
    (copy) => (one(copy, 'AWS::EC2::VPC').Properties.Account = json(ACCOUNT)),
  );
});

const REGIONS: [string, string][] = [
  ['us-east-2', 'aws'],
  ['eu-central-1', 'aws'],
  ['ap-southeast-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
];

describe.each(REGIONS)('in %s', (region, partition) => {
  let template: TemplateJson;
  beforeAll(() => {
    template = claims({ account: ACCOUNT, region });
  });

  test(`A25 every ARN is of partition ${partition}`, () => {
    const body = JSON.stringify(template);
    const partitions = new Set((body.match(/arn:(aws[a-z-]*):/g) ?? []).map((arn) => arn.slice(4, -1)));
    expect([...partitions].filter((it) => it !== partition)).toEqual([]);
    expect(body).toMatch(partitions.size > 0 ? new RegExp(`arn:${partition}:`) : /"AWS::Partition"/);
  });

  test('A14 A25 services are admitted by the names that the partition knows', () => {
    const services = new Set(
      [
        ...statements(template).map(({ statement }) => statement),
        ...resources(template, 'AWS::IAM::Role').flatMap(
          ({ Properties }) =>
            Properties.AssumeRolePolicyDocument.Statement as unknown as TemplateJson['Outputs'][string]['Value'][],
        ),
      ]
        .map(({ Principal }) => text(Principal?.Service))
        .filter(Boolean),
    );
    expect([...services].sort()).toEqual(
      [
        'cloudtrail.amazonaws.com',
        'cloudwatch.amazonaws.com',
        'events.amazonaws.com',
        'lambda.amazonaws.com',
        'logging.s3.amazonaws.com',
        `logs.${region}.\${AWS::URLSuffix}`,
        'vpc-flow-logs.amazonaws.com',
      ].sort(),
    );
  });

  test('A24 A25 global names hold the region, within 64 characters', () => {
    const names = entries(template, 'AWS::IAM::Role')
      .filter(([id]) => !id.startsWith('Custom'))
      .map(([, { Properties }]) => text(Properties.RoleName));
    expect(names.sort()).toEqual(
      ['flow-logs', 'processor', 'trail-logs'].map((type) => `healthcare-${type}-${region}-dev`),
    );
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
    expect(one(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardName).toBe(
      `healthcare-pipeline-${region}-dev`,
    );
  });

  test('A12 A18 alarms are heard with a concrete account too', () => {
    const agnostic = JSON.parse(
      JSON.stringify(template).replaceAll(`"${ACCOUNT}"`, '{"Ref":"AWS::AccountId"}'),
    ) as TemplateJson;
    expect(alarmsAreHeard(agnostic)).toEqual([]);
    expect(
      bySid(one(template, 'AWS::SNS::TopicPolicy'), 'AllowAlarms').Condition.StringEquals['aws:SourceAccount'],
    ).toBe(ACCOUNT);
  });

  test('A28 the dashboard’s URL is of the partition’s console', () => {
    const host = {
      aws: 'console.aws.amazon.com',
      'aws-cn': 'console.amazonaws.cn',
      'aws-us-gov': 'console.amazonaws-us-gov.com',
    }[partition];
    expect(text(template.Outputs.ClaimsDashboardUrl.Value)).toContain(
      `https://${host}/cloudwatch/home?region=${region}#`,
    );
  });

  test('A25 it holds the same resources as without an environment', () => {
    const shape = (of: TemplateJson) => Object.entries(of.Resources).map(([id, { Type }]) => `${id} ${Type}`);
    // A concrete environment has three zones, of which two are taken.
    expect(shape(template)).toEqual(shape(claims()));
  });
});
