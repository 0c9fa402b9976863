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
    const made = new kms.Key(stack, id, {
      alias: `alias/hand-${id.toLowerCase()}`,
      description: `${id} of the stack by hand`,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    for (const service of services) {
      made.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: service.replaceAll('.', ''),
          principals: [new iam.ServicePrincipal(service)],
          actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
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
    new logs.LogGroup(stack, id, {
      logGroupName: `/hand/${id}`,
      encryptionKey: logsKey,
      retention: logs.RetentionDays.SIX_YEARS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    maxAzs: 2,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: true,
    flowLogs: { All: { destination: ec2.FlowLogDestination.toCloudWatchLogs(group('FlowLogs')) } },
  });
  const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });

  const bucket = (id: string, encryptionKey: kms.IKey, accessLogs?: s3.Bucket) => {
    const made = new s3.Bucket(stack, id, {
      bucketName: `hand-${id.toLowerCase()}-${stack.account}`,
      encryptionKey,
      bucketKeyEnabled: true,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: ['incoming/', 'rejected/'].map((prefix) => ({
        id: prefix,
        prefix,
        noncurrentVersionExpiration: Duration.days(90),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
        transitions: [
          { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
          { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
        ],
      })),
    });
    made.addToResourcePolicy(deny('DenyPlainHttp', 's3:*', made, { Bool: { 'aws:SecureTransport': false } }));
    if (accessLogs) {
      (made.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
        destinationBucketName: accessLogs.bucketName,
        logFilePrefix: `${id}/`,
      };
      accessLogs.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: `AllowLogsOf${id}`,
          principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
          actions: ['s3:PutObject'],
          resources: [accessLogs.arnForObjects('*')],
          conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
        }),
      );
    }
    return made;
  };
  const deny = (sid: string, action: string, of: s3.Bucket, conditions?: Record<string, Record<string, unknown>>) =>
    new iam.PolicyStatement({
      sid,
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: [action],
      resources: [of.bucketArn, of.arnForObjects('*')],
      conditions,
    });
  const accessLogs = bucket('AccessLogs', logsKey);
  const data = bucket('Data', dataKey, accessLogs);
  const processed = bucket('Processed', dataKey, accessLogs);
  const trailBucket = bucket('TrailBucket', trailKey, accessLogs);
  const sse = 's3:x-amz-server-side-encryption';
  for (const zone of [data, processed]) {
    for (const header of [sse, `${sse}-aws-kms-key-id`]) {
      const conditions = { StringNotEquals: { [header]: dataKey.keyArn }, Null: { [header]: 'false' } };
      zone.addToResourcePolicy(deny(`Deny${header.length}`, 's3:PutObject', zone, conditions));
    }
    const customerKey = `${sse}-customer-algorithm`;
    zone.addToResourcePolicy(deny('DenyCustomerKey', 's3:PutObject', zone, { Null: { [customerKey]: 'false' } }));
    endpoint.addToPolicy(
      new iam.PolicyStatement({
        principals: [new iam.StarPrincipal()],
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [zone.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account } },
      }),
    );
  }
  data.addToResourcePolicy(deny('DenyKeyOverwrite', 's3:PutObject', data, { Null: { 's3:if-none-match': 'true' } }));
  data.addToResourcePolicy(deny('DenyKeyDeletion', 's3:DeleteObject', data));

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

  const deadLetters = new sqs.Queue(stack, 'DeadLetters', {
    queueName: 'hand-dead-letters',
    encryptionMasterKey: dataKey,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const queue = new sqs.Queue(stack, 'Queue', {
    queueName: 'hand-objects',
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
    functionName: 'hand-data-processing',
    environment: { DATA: data.bucketName, PROCESSED: processed.bucketName, KEY: dataKey.keyArn, INCOMING: 'incoming/' },
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
    const alarm = new cloudwatch.Alarm(stack, `Alarm${index}`, {
      alarmName: `hand-alarm-${index}`,
      alarmDescription: `Alarm ${index} of the stack by hand`,
      metric,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new actions.SnsAction(topic));
    alarm.addInsufficientDataAction(new actions.SnsAction(topic));
    return alarm;
  });
  new cloudwatch.Dashboard(stack, 'Dashboard', {
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ alarms })],
      alarms.map((alarm) => new cloudwatch.AlarmWidget({ alarm, title: alarm.node.id })),
    ],
  });

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
