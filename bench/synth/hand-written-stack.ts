/**
 * What one would write by hand with CDK's own constructs for the same resources, policies spelled out: the measure of
 * what the facade costs at synth.
 */
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';

export function handWrittenStack(stack: Stack, code: lambda.Code): void {
  const key = (id: string, ...services: string[]) => {
    const made = new kms.Key(stack, id, { alias: `alias/hand-${id.toLowerCase()}`, enableKeyRotation: true });
    for (const service of services) {
      made.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
        }),
      );
    }
    return made;
  };
  const dataKey = key('DataKey', 'events.amazonaws.com');
  const logsKey = key('LogsKey', 'logs.amazonaws.com', 'cloudwatch.amazonaws.com', 'logging.s3.amazonaws.com');
  const trailKey = key('TrailKey', 'cloudtrail.amazonaws.com');
  const group = (id: string) =>
    new logs.LogGroup(stack, id, { encryptionKey: logsKey, retention: logs.RetentionDays.SIX_YEARS });

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    maxAzs: 2,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: true,
    flowLogs: { All: { destination: ec2.FlowLogDestination.toCloudWatchLogs(group('FlowLogs')) } },
  });
  const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });

  const bucket = (id: string, encryptionKey: kms.IKey) =>
    new s3.Bucket(stack, id, {
      encryptionKey,
      bucketKeyEnabled: true,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(90),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
        },
      ],
    });
  bucket('AccessLogs', logsKey);
  const data = bucket('Data', dataKey);
  const processed = bucket('Processed', dataKey);
  const trailBucket = bucket('TrailBucket', trailKey);
  for (const zone of [data, processed]) {
    for (const header of ['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id']) {
      zone.addToResourcePolicy(
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['s3:PutObject'],
          resources: [zone.arnForObjects('*')],
          conditions: { StringNotEquals: { [header]: 'aws:kms' }, Null: { [header]: 'false' } },
        }),
      );
    }
    endpoint.addToPolicy(
      new iam.PolicyStatement({
        principals: [new iam.StarPrincipal()],
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [zone.arnForObjects('*')],
      }),
    );
  }

  const trail = new cloudtrail.Trail(stack, 'Trail', {
    bucket: trailBucket,
    encryptionKey: trailKey,
    cloudWatchLogGroup: group('TrailLogs'),
    sendToCloudWatchLogs: true,
  });
  trail.addS3EventSelector([{ bucket: data }, { bucket: processed }]);
  const tampering = ['StopLogging', 'DisableKey'].map((event) =>
    new logs.MetricFilter(stack, `${event}Filter`, {
      logGroup: trail.logGroup!,
      filterPattern: logs.FilterPattern.stringValue('$.eventName', '=', event),
      metricNamespace: 'Hand',
      metricName: event,
    }).metric(),
  );

  const deadLetters = new sqs.Queue(stack, 'DeadLetters', { encryptionMasterKey: dataKey, enforceSSL: true });
  const queue = new sqs.Queue(stack, 'Queue', {
    encryptionMasterKey: dataKey,
    enforceSSL: true,
    visibilityTimeout: Duration.minutes(30),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
  });
  new events.Rule(stack, 'Rule', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [data.bucketName] } },
    },
    targets: [new targets.SqsQueue(queue)],
  });
  const policy = new iam.ManagedPolicy(stack, 'Policy');
  data.grantRead(policy, 'incoming/*');
  data.grantWrite(policy, 'rejected/*');
  processed.grantReadWrite(policy);
  queue.grantConsumeMessages(policy);
  const networkInterfaces = [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
  ];
  policy.addStatements(
    new iam.PolicyStatement({ actions: networkInterfaces, resources: ['*'] }),
    new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: ['*'] }),
    new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: networkInterfaces,
      resources: ['*'],
      conditions: {
        ArnEquals: { 'lambda:SourceFunctionArn': stack.formatArn({ service: 'lambda', resource: 'function' }) },
      },
    }),
  );
  const role = new iam.Role(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [policy],
  });
  const fn = new lambda.Function(stack, 'Function', {
    code,
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    role: role.withoutPolicyUpdates(),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc, allowAllOutbound: false })],
    logGroup: group('FunctionLogs'),
    deadLetterQueue: deadLetters,
    environmentEncryption: dataKey,
    reservedConcurrentExecutions: 10,
  });
  fn.addEventSource(new sources.SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }));

  const topic = new sns.Topic(stack, 'Topic', { masterKey: logsKey, enforceSSL: true });
  const metrics = [
    deadLetters.metricApproximateNumberOfMessagesVisible(),
    queue.metricApproximateAgeOfOldestMessage(),
    fn.metricErrors(),
    fn.metricThrottles(),
    new cloudwatch.Metric({ namespace: 'Hand', metricName: 'Rejected' }),
    new cloudwatch.Metric({ namespace: 'Hand', metricName: 'Failed' }),
    ...tampering,
  ];
  const alarms = metrics.map((metric, index) => {
    const alarm = new cloudwatch.Alarm(stack, `Alarm${index}`, { metric, threshold: 0, evaluationPeriods: 1 });
    alarm.addAlarmAction(new actions.SnsAction(topic));
    return alarm;
  });
  new cloudwatch.Dashboard(stack, 'Dashboard', { widgets: [[new cloudwatch.AlarmStatusWidget({ alarms })]] });

  for (const [tag, value] of Object.entries({ Compliance: 'HIPAA', DataClass: 'PHI', Environment: 'hand' })) {
    Tags.of(stack).add(tag, value);
  }
  const outputs = {
    data,
    processed,
    trailBucket,
    fn,
    vpc,
    trail,
    queue,
    deadLetters,
    dataKey,
    logsKey,
    trailKey,
    topic,
  };
  for (const [name, construct] of Object.entries(outputs)) {
    new CfnOutput(stack, `${name}Output`, { value: construct.node.addr });
  }
}
