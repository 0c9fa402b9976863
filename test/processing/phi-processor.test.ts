import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { buildParts, buildProcessor } from './parts';
import { PhiProcessorProps } from '../../src';
import { PROCESSOR_ENV } from '../../src/processing/private/handler-contract';
import { bothWays, entries, json, list, one, resources, synth, TemplateJson, text, texts } from '../support/synth';

const processor = (props?: Partial<PhiProcessorProps>, options?: Parameters<typeof synth>[1]) =>
  synth((stack) => buildProcessor(stack, props), options);
const fn = (template: TemplateJson) => one(template, 'AWS::Lambda::Function', /Processor/);
const queue = (template: TemplateJson) => one(template, 'AWS::SQS::Queue', /ProcessorQueue/);
const deadLetters = (template: TemplateJson) => one(template, 'AWS::SQS::Queue', /DeadLetterQueue/);
const trigger = (template: TemplateJson) => one(template, 'AWS::Lambda::EventSourceMapping').Properties;

let template: TemplateJson;
beforeAll(() => {
  template = processor();
});

describe('function', () => {
  test('A9 has 512 MB and 5 minutes, on arm64, with code that ships in the package', () => {
    expect(fn(template).Properties).toMatchObject({
      MemorySize: 512,
      Timeout: 300,
      Architectures: ['arm64'],
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      FunctionName: 'healthcare-data-processing-dev',
      ReservedConcurrentExecutions: 10,
    });
  });

  test('A10 its environment has exactly the names of the handler contract', () => {
    const names = (checked: TemplateJson) => {
      const got = Object.keys(fn(checked).Properties.Environment.Variables).sort();
      const want: string[] = Object.values(PROCESSOR_ENV).sort();
      return [...got.filter((name) => !want.includes(name)), ...want.filter((name) => !got.includes(name))];
    };
    bothWays(
      template,
      names,
      (copy) => delete fn(copy).Properties.Environment.Variables.PSEUDONYM_KEY,
      (copy) => (fn(copy).Properties.Environment.Variables.SECRET = json('x')),
    );
    const values = fn(template).Properties.Environment.Variables;
    expect(text(values.DATA_BUCKET)).toMatch(/DataBucket/);
    expect(text(values.PROCESSED_BUCKET)).toMatch(/ProcessedBucket/);
    expect(text(values.DATA_KEY_ARN)).toMatch(/DataKey\w+\.Arn/);
    expect(values).toMatchObject({
      INCOMING_PREFIX: 'incoming/',
      REJECTED_PREFIX: 'rejected/',
      PSEUDONYM_KEY_SOURCE: 'object',
      PSEUDONYM_KEY: 'keys/pseudonym-key',
      DEIDENTIFIED_PREFIX: 'deidentified/',
      MANIFESTS_PREFIX: 'manifests/',
      METRICS_NAMESPACE: 'HipaaPipeline',
      PROCESSOR_NAME: 'healthcare-data-processing-dev',
    });
  });

  test('A10 its environment is encrypted with the data key', () => {
    const encrypted = (checked: TemplateJson) =>
      /DataKey/.test(text(fn(checked).Properties.KmsKeyArn)) ? [] : ['clear'];
    bothWays(template, encrypted, (copy) => delete fn(copy).Properties.KmsKeyArn);
  });

  test('A11 A17 runs in the isolated subnets behind a group of its own: nothing in, TLS out', () => {
    const config = fn(template).Properties.VpcConfig;
    expect(texts(config.SubnetIds)).toEqual([
      expect.stringMatching('isolatedSubnet1'),
      expect.stringMatching('isolatedSubnet2'),
    ]);
    expect(texts(config.SecurityGroupIds)).toEqual([expect.stringMatching(/ProcessorSecurityGroup\w+\.GroupId/)]);
    const closed = (checked: TemplateJson) => {
      const group = one(checked, 'AWS::EC2::SecurityGroup').Properties;
      const egress = list(group.SecurityGroupEgress).filter(
        ({ IpProtocol, FromPort, ToPort }) =>
          !(text(IpProtocol) === 'tcp' && text(FromPort) === '443' && text(ToPort) === '443'),
      );
      return [
        ...list(group.SecurityGroupIngress).map(text),
        ...entries(checked, 'AWS::EC2::SecurityGroupIngress').map(([id]) => id),
        ...egress.map(text),
      ];
    };
    const group = (copy: TemplateJson) => one(copy, 'AWS::EC2::SecurityGroup').Properties;
    bothWays(
      template,
      closed,
      (copy) => (group(copy).SecurityGroupIngress = json([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }])),
      (copy) => (list(group(copy).SecurityGroupEgress)[0].IpProtocol = json('-1')),
      (copy) => list(group(copy).SecurityGroupEgress).push(json({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80 })),
      (copy) => (copy.Resources.Hole = { Type: 'AWS::EC2::SecurityGroupIngress', Properties: json({}) }),
    );
    expect(list(group(template).SecurityGroupEgress)).toHaveLength(1);
  });

  test('A20 logs to its own group, 2192 days under the logs key', () => {
    const group = one(template, 'AWS::Logs::LogGroup', /ProcessorLogGroup/);
    expect(group.Properties).toMatchObject({
      LogGroupName: '/aws/lambda/healthcare-data-processing-dev',
      RetentionInDays: 2192,
    });
    expect(text(group.Properties.KmsKeyId)).toMatch(/LogsKey/);
    expect(text(fn(template).Properties.LoggingConfig.LogGroup)).toMatch(/ProcessorLogGroup/);
    expect(group).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('A21 A22 depends on its policy by its role, which takes no inline policy', () => {
    const role = one(template, 'AWS::IAM::Role', /ProcessorRole/);
    expect(text(fn(template).Properties.Role)).toMatch(/ProcessorRole\w+\.Arn/);
    expect(fn(template).DependsOn).toContainEqual(expect.stringMatching('ProcessorRole'));
    expect(texts(role.Properties.ManagedPolicyArns)).toEqual([expect.stringMatching('ProcessorPolicy')]);
    expect(role.Properties.Policies).toBeUndefined();
    expect(entries(template, 'AWS::IAM::Policy')).toEqual([]);
    expect(list(role.Properties.AssumeRolePolicyDocument.Statement).map(({ Principal }) => Principal)).toEqual([
      { Service: 'lambda.amazonaws.com' },
    ]);
  });
});

describe('queues', () => {
  /** What breaks the way of a failed event: tries, then the dead-letter queue, encrypted, long enough to be replayed. */
  const kept = (checked: TemplateJson) => {
    const { Properties } = queue(checked);
    const { RedrivePolicy } = Properties;
    return [
      ...(Number(text(RedrivePolicy?.maxReceiveCount)) === 3 ? [] : ['tries']),
      ...(/DeadLetterQueue/.test(text(RedrivePolicy?.deadLetterTargetArn)) ? [] : ['redrive']),
      ...(Number(text(deadLetters(checked).Properties.MessageRetentionPeriod)) === 14 * 86400 ? [] : ['retention']),
      ...[queue(checked), deadLetters(checked)]
        .filter((it) => !/DataKey/.test(text(it.Properties.KmsMasterKeyId)))
        .map(() => 'encryption'),
      ...(Number(text(Properties.VisibilityTimeout)) >= 6 * Number(text(fn(checked).Properties.Timeout))
        ? []
        : ['visibility']),
      ...(texts(trigger(checked).FunctionResponseTypes).includes('ReportBatchItemFailures') ? [] : ['partial batches']),
    ];
  };

  test('A12 a failed event is tried three times, then kept 14 days in an encrypted dead-letter queue', () => {
    bothWays(
      template,
      kept,
      (copy) => delete queue(copy).Properties.RedrivePolicy,
      (copy) => (queue(copy).Properties.RedrivePolicy.maxReceiveCount = json(1)),
      (copy) => (deadLetters(copy).Properties.MessageRetentionPeriod = json(345600)),
      (copy) => delete deadLetters(copy).Properties.KmsMasterKeyId,
      (copy) => delete queue(copy).Properties.KmsMasterKeyId,
      (copy) => (queue(copy).Properties.VisibilityTimeout = json(300)),
      (copy) => delete trigger(copy).FunctionResponseTypes,
    );
    expect(queue(template).Properties).toMatchObject({
      QueueName: 'healthcare-objects-dev',
      VisibilityTimeout: 1800,
      MessageRetentionPeriod: 1209600,
    });
    expect(deadLetters(template).Properties.QueueName).toBe('healthcare-dead-letters-dev');
  });

  test('A12 one object a run, ten runs at once; what the function cannot report goes to the dead-letter queue too', () => {
    expect(trigger(template)).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 10 } });
    expect(text(trigger(template).EventSourceArn)).toMatch(/ProcessorQueue/);
    expect(text(fn(template).Properties.DeadLetterConfig.TargetArn)).toMatch(/DeadLetterQueue/);
    const [target] = list(one(template, 'AWS::Events::Rule').Properties.Targets);
    expect(text(target.DeadLetterConfig.Arn)).toMatch(/DeadLetterQueue/);
  });

  test('A26 queues are retained', () => {
    for (const made of resources(template, 'AWS::SQS::Queue')) {
      expect(made).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });
});

describe('props', () => {
  test('A9 A12 memorySize, timeout, architecture, concurrency and tries take effect', () => {
    const changed = processor({
      memorySize: 1024,
      timeout: Duration.seconds(5),
      architecture: lambda.Architecture.X86_64,
      reservedConcurrentExecutions: 2,
      maxReceiveCount: 7,
    });
    expect(fn(changed).Properties).toMatchObject({
      MemorySize: 1024,
      Timeout: 5,
      Architectures: ['x86_64'],
      ReservedConcurrentExecutions: 2,
    });
    expect(trigger(changed).ScalingConfig).toEqual({ MaximumConcurrency: 2 });
    expect(queue(changed).Properties).toMatchObject({ VisibilityTimeout: 30, RedrivePolicy: { maxReceiveCount: 7 } });
  });

  test.each<[Partial<PhiProcessorProps>, string]>([
    [{ memorySize: 511 }, 'memorySize must be a whole number from 512 to 10240, got 511; omit it for 512 MB'],
    [{ memorySize: 10241 }, 'memorySize must be a whole number from 512 to 10240, got 10241; omit it for 512 MB'],
    [
      { timeout: Duration.seconds(4) },
      'timeout (seconds) must be a whole number from 5 to 900, got 4; omit it for 5 minutes',
    ],
    [
      { timeout: Duration.minutes(16) },
      'timeout (seconds) must be a whole number from 5 to 900, got 960; omit it for 5 minutes',
    ],
    [
      { timeout: Duration.millis(5500) },
      'timeout (seconds) must be a whole number from 5 to 900, got 5.5; omit it for 5 minutes',
    ],
    [{ maxReceiveCount: 0 }, 'maxReceiveCount must be a whole number from 1 to 100, got 0; omit it for 3'],
    [{ maxReceiveCount: 101 }, 'maxReceiveCount must be a whole number from 1 to 100, got 101; omit it for 3'],
    [
      { reservedConcurrentExecutions: 1 },
      'reservedConcurrentExecutions must be a whole number from 2 to 1000, got 1; the queue needs 2 at least; to reserve none, set reserveConcurrency to false',
    ],
    [{ reservedConcurrentExecutions: 0 }, 'got 0; the queue needs 2 at least'],
    [{ reservedConcurrentExecutions: 1001 }, 'from 2 to 1000, got 1001'],
    [{ logRetention: logs.RetentionDays.ONE_WEEK }, 'logRetention must be at least SIX_YEARS'],
    [{ removalPolicy: RemovalPolicy.DESTROY }, 'removalPolicy DESTROY deletes PHI and needs a second key'],
  ])('A9 A12 %j is an error', (props, message) => {
    expect(() => processor(props)).toThrow(message);
  });

  test('A9 A12 a timeout that is a token is an error, since the queue follows from it; memory may be one', () => {
    const stack = new Stack(new App(), 'Test');
    const parameter = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
    const parts = buildParts(stack);
    expect(() => buildProcessor(stack, { timeout: Duration.seconds(parameter) }, parts, 'One')).toThrow(
      'timeout must be known at synth, got a token; pass a literal: the queue hides events for six times as long',
    );
    expect(() => buildProcessor(stack, { memorySize: parameter }, parts, 'Two')).not.toThrow();
  });

  test('A12 reserveConcurrency false reserves none, and the queue still bounds how many run', () => {
    const unreserved = processor({ reserveConcurrency: false, reservedConcurrentExecutions: 4 });
    expect(fn(unreserved).Properties.ReservedConcurrentExecutions).toBeUndefined();
    expect(trigger(unreserved).ScalingConfig).toEqual({ MaximumConcurrency: 4 });
  });

  test('A20 A24 names, log group and retention follow the props', () => {
    const named = processor({
      namePrefix: 'claims',
      environmentSuffix: 'prod',
      logRetention: logs.RetentionDays.TEN_YEARS,
    });
    expect(fn(named).Properties.FunctionName).toBe('claims-data-processing-prod');
    expect(one(named, 'AWS::Logs::LogGroup', /Processor/).Properties).toMatchObject({
      LogGroupName: '/aws/lambda/claims-data-processing-prod',
      RetentionInDays: 3653,
    });
    expect(text(one(named, 'AWS::IAM::Role', /ProcessorRole/).Properties.RoleName)).toBe(
      'claims-processor-${AWS::Region}-prod',
    );
  });

  test('A26 DESTROY with both keys deletes queues and logs', () => {
    const destroyed = processor(
      { removalPolicy: RemovalPolicy.DESTROY },
      { context: { 'cdk-hipaa-pipeline:allow-destroy': true } },
    );
    expect(
      [queue(destroyed), deadLetters(destroyed), one(destroyed, 'AWS::Logs::LogGroup', /Processor/)].map(
        (it) => it.DeletionPolicy,
      ),
    ).toEqual(Array(3).fill('Delete'));
  });

  test('A24 two processors in one stack: an error by one name, fine by another suffix', () => {
    const two = (environmentSuffix: string) => (stack: Stack) => {
      const parts = buildParts(stack);
      buildProcessor(stack, {}, parts, 'One');
      buildProcessor(stack, { environmentSuffix }, parts, 'Two');
    };
    expect(() => synth(two('dev'))).toThrow(/^function name "healthcare-data-processing-dev" must be unique/);
    expect(entries(synth(two('test')), 'AWS::SQS::Queue')).toHaveLength(4);
  });
});
