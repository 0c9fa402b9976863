import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { buildParts, buildProcessor } from './parts';
import { ComplianceEvidence } from '../../src';
import {
  bothWays,
  bySid,
  entries,
  evidenceOf,
  json,
  list,
  one,
  resources,
  statementsOf,
  synth,
  TemplateJson,
  testStack,
  text,
  texts,
} from '../support/synth';

const policy = (template: TemplateJson) => one(template, 'AWS::IAM::ManagedPolicy', /ProcessorPolicy/);
const short = (arn: string) =>
  arn
    .replace(/\$\{(?:Buckets|Keyring|Processor|Network)(\w+?)[0-9A-F]{8}(?:\.\w+)?\}/g, '$1')
    .replace('arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:', 'ec2:')
    .replace('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:', 'logs:');

let template: TemplateJson;
beforeAll(() => {
  template = synth((stack) => buildProcessor(stack));
});

describe('the role', () => {
  test('A10 A21 A22 may do exactly this, on exactly that', () => {
    const allowed = statementsOf(policy(template))
      .filter(({ Effect }) => text(Effect) === 'Allow')
      .map(({ Sid, Action, Resource }) => [text(Sid), texts(Action).join(' '), texts(Resource).map(short).join(' ')]);
    expect(allowed).toEqual([
      ['ReadIncoming', 's3:GetObject s3:GetObjectVersion', 'DataBucket/incoming/*'],
      ['WriteRejected', 's3:GetObject s3:PutObject s3:AbortMultipartUpload', 'DataBucket/rejected/*'],
      ['KeepPseudonymKey', 's3:GetObject s3:PutObject', 'DataBucket/keys/*'],
      ['SeeDeletedKeys', 's3:ListBucketVersions', 'DataBucket'],
      [
        'WriteResults',
        's3:GetObject s3:PutObject s3:AbortMultipartUpload',
        'ProcessedBucket/deidentified/* ProcessedBucket/manifests/*',
      ],
      ['SeeAbsence', 's3:ListBucket', 'ProcessedBucket DataBucket'],
      ['UseDataKey', 'kms:Decrypt kms:GenerateDataKey', 'DataKey'],
      ['EncryptLogs', 'kms:Encrypt', 'LogsKey'],
      ['ConsumeQueue', 'sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes', 'Queue'],
      ['SendToDeadLetterQueue', 'sqs:SendMessage', 'DeadLetterQueue'],
      [
        'WriteLogs',
        'logs:CreateLogStream logs:PutLogEvents',
        'logs:log-group:/aws/lambda/healthcare-data-processing-dev:log-stream:*',
      ],
      [
        'CreateNetworkInterfaces',
        'ec2:CreateNetworkInterface',
        'ec2:subnet/VpcisolatedSubnet1Subnet ec2:subnet/VpcisolatedSubnet2Subnet ec2:security-group/SecurityGroup ec2:network-interface/*',
      ],
      [
        'ManageNetworkInterfaces',
        'ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses',
        'ec2:*/*',
      ],
      ['DescribeNetwork', 'ec2:DescribeNetworkInterfaces ec2:DescribeSubnets', '*'],
    ]);
  });

  test('A21 may list versions under keys/ only', () => {
    expect(bySid(policy(template), 'SeeDeletedKeys').Condition).toEqual({ StringLike: { 's3:prefix': 'keys/*' } });
  });

  test('A11 A21 its code may touch no network interface: all that Lambda may is denied to the function', () => {
    const everyEc2Action = (checked: TemplateJson) => {
      const deny = statementsOf(policy(checked)).find(({ Effect }) => text(Effect) === 'Deny');
      const denied = texts(deny?.Action);
      const fromCode = /:function:healthcare-data-processing-dev$/.test(
        text(deny?.Condition?.ArnEquals?.['lambda:SourceFunctionArn']),
      );
      const allowed = statementsOf(policy(checked))
        .filter(({ Effect }) => text(Effect) === 'Allow')
        .flatMap(({ Action }) => texts(Action));
      return [
        ...(fromCode ? [] : ['condition']),
        ...(text(deny?.Resource) === '*' ? [] : ['resource']),
        ...allowed.filter((action) => action.startsWith('ec2:') && !denied.includes(action)),
      ];
    };
    const deny = (copy: TemplateJson) => bySid(policy(copy), 'DenyNetworkInterfacesToCode');
    bothWays(
      template,
      everyEc2Action,
      (copy) => (deny(copy).Effect = json('Allow')),
      (copy) => list(deny(copy).Action).pop(),
      (copy) =>
        (deny(copy).Condition.ArnEquals['lambda:SourceFunctionArn'] = json(
          'arn:aws:lambda:us-east-1:111122223333:function:other',
        )),
      (copy) =>
        list(bySid(policy(copy), 'ManageNetworkInterfaces').Action).push(json('ec2:ModifyNetworkInterfaceAttribute')),
    );
  });

  test('A21 the bucket keeps the pseudonym key for this role', () => {
    const statement = bySid(one(template, 'AWS::S3::BucketPolicy', /DataBucket/), 'DenyKeyObjectToOthers');
    expect(texts(statement.Condition.ArnNotEquals['aws:PrincipalArn']).map(short)).toEqual(['Role']);
  });

  test('A21 grants that the code does not use are declared, with their reasons', () => {
    const { stack } = testStack();
    buildProcessor(stack);
    ComplianceEvidence.of(stack);
    const unused = list(list(evidenceOf(stack).stacks)[0].unusedGrants);
    expect(unused.map(({ sid }) => text(sid))).toEqual(['EncryptLogs', 'SendToDeadLetterQueue']);
    for (const { reason } of unused) expect(text(reason).length).toBeGreaterThan(40);
  });
});

describe('no loop', () => {
  /** What could start the function by its own writes. */
  const loops = (checked: TemplateJson) => {
    const rule = one(checked, 'AWS::Events::Rule').Properties;
    const { detail, source } = rule.EventPattern;
    const prefixes = list(detail?.object?.key).map(({ prefix }) => text(prefix));
    const buckets = texts(detail?.bucket?.name);
    const writes = resources(checked, 'AWS::IAM::ManagedPolicy')
      .flatMap(statementsOf)
      .filter(
        ({ Effect, Action }) =>
          text(Effect) === 'Allow' &&
          texts(Action).some((action) => /^(\*|s3:(\*|Put.*|Copy.*|Restore.*|Replicate.*))$/.test(action)),
      )
      .flatMap(({ Resource }) => texts(Resource));
    // An ARN pattern reaches a prefix when either begins with the other.
    const reaches = (arn: string, target: string) => {
      const head = arn.replace(/\*.*$/, '');
      return target.startsWith(head) || (arn.includes('*') && head.startsWith(target));
    };
    const dataBucket = entries(checked, 'AWS::S3::Bucket')
      .map(([id]) => id)
      .find((id) => /BucketsDataBucket/.test(id))!;
    return [
      ...(text(source) === 'aws.s3' && texts(rule.EventPattern['detail-type']).join() === 'Object Created'
        ? []
        : ['events']),
      ...(buckets.join() === `\${${dataBucket}}` ? [] : ['buckets']),
      ...(prefixes.join() === 'incoming/' ? [] : ['prefixes']),
      ...writes.filter((arn) => reaches(arn, `\${${dataBucket}.Arn}/incoming/`)),
    ];
  };

  test('A8 the rule matches new objects of the data bucket under incoming/ and nothing else, and the function can write none', () => {
    const rule = (copy: TemplateJson) => one(copy, 'AWS::Events::Rule').Properties.EventPattern;
    const resource = (copy: TemplateJson, sid: string, tail: string) => {
      bySid(policy(copy), sid).Resource = json({
        'Fn::Join': ['', [bySid(policy(copy), 'SeeDeletedKeys').Resource, tail]],
      });
    };
    bothWays(
      template,
      loops,
      (copy) => delete rule(copy).detail.object,
      (copy) => (rule(copy).detail.object.key = json([{ prefix: '' }])),
      (copy) => list(rule(copy).detail.object.key).push(json({ prefix: 'rejected/' })),
      (copy) => delete rule(copy).detail.bucket,
      (copy) => list(rule(copy).detail.bucket.name).push(json('another')),
      (copy) => (rule(copy)['detail-type'] = json(['Object Created', 'Object Tags Added'])),
      (copy) => resource(copy, 'WriteRejected', '/*'),
      (copy) => resource(copy, 'KeepPseudonymKey', '/incoming/again/*'),
      (copy) => (bySid(policy(copy), 'WriteResults').Resource = json('*')),
      (copy) => list(bySid(policy(copy), 'ReadIncoming').Action).push(json('s3:PutObject')),
    );
  });

  test('A8 A14 only this rule may send to the queues, and only to them it does', () => {
    const { Targets, Name, State } = one(template, 'AWS::Events::Rule').Properties;
    expect([Name, State]).toEqual(['healthcare-object-created-dev', 'ENABLED']);
    expect(list(Targets).map(({ Arn }) => short(text(Arn)))).toEqual(['Queue']);
    for (const queuePolicy of resources(template, 'AWS::SQS::QueuePolicy')) {
      const allows = statementsOf(queuePolicy).filter(({ Effect }) => text(Effect) === 'Allow');
      expect(allows).toHaveLength(1);
      expect(allows[0]).toMatchObject({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
      expect(text(allows[0].Condition.ArnEquals['aws:SourceArn'])).toBe(
        'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/healthcare-object-created-dev',
      );
      const denies = statementsOf(queuePolicy).filter(({ Effect }) => text(Effect) === 'Deny');
      expect(denies.map(({ Condition }) => JSON.stringify(Condition))).toEqual([
        '{"Bool":{"aws:SecureTransport":"false"}}',
      ]);
    }
  });

  test('A14 the data key admits this rule to the encrypted queue', () => {
    const statement = bySid(one(template, 'AWS::KMS::Key', /DataKey/), 'EventBridgeToQueue');
    expect(texts(statement.Condition.ArnEquals['aws:SourceArn'])).toEqual([
      'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/healthcare-object-created-dev',
    ]);
  });
});

describe('more rights', () => {
  test('A21 addToPolicy and grants of other constructs reach the managed policy, never an inline one', () => {
    const extended = synth((stack) => {
      const processor = buildProcessor(stack, {}, buildParts(stack));
      processor.addToPolicy(
        new iam.PolicyStatement({
          sid: 'More',
          actions: ['sns:Publish'],
          resources: ['arn:aws:sns:us-east-1:111122223333:t'],
        }),
      );
      new dynamodb.Table(stack, 'Table', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      }).grantReadData(processor);
    });
    expect(bySid(policy(extended), 'More').Action).toBe('sns:Publish');
    expect(statementsOf(policy(extended)).flatMap(({ Action }) => texts(Action))).toContain('dynamodb:GetItem');
    expect(entries(extended, 'AWS::IAM::Policy')).toEqual([]);
  });
});
