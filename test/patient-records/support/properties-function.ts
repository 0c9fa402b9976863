import { byType } from './access';
import { lacking, unless } from './compare';
import { ACCOUNT, type Deployment, type Properties } from './deploy';
import type { Places } from './places';
import { PATIENT_RECORDS_ENV as ENV } from '../../../lambda-src/patient-records/environment';

interface Asked {
  readonly given: Record<string, string>;
  readonly suffix: string;
}

const GROUP = 'sg-0fedcba9876543210';

/** B4 B5 B8 B10: function, environment, failures, logs and key. */
export function functionProperties(deployment: Deployment, asked: Asked, at: Places): string[] {
  const { resources } = deployment;
  const { given, suffix } = asked;
  const name = `patient-records-processor-${suffix}`;
  return [
    ...lacking('B4 function', resources.Processor?.properties, {
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Architectures: ['arm64'],
      MemorySize: 1024,
      Timeout: 300,
      Role: at.processorRole,
      KmsKeyArn: at.key,
      Code: { S3Bucket: given.CodeBucket, S3Key: given.CodeKey },
      DeadLetterConfig: { TargetArn: at.queue },
      LoggingConfig: { LogGroup: `/aws/lambda/${name}` },
      ReservedConcurrentExecutions: given.ReserveConcurrency === 'false' ? undefined : 10,
      VpcConfig: given.VpcId ? { SubnetIds: given.SubnetIds.split(','), SecurityGroupIds: [GROUP] } : undefined,
      Environment: { Variables: environment(asked) },
    }),
    ...lacking('B4 retries', resources.Retries?.properties, {
      FunctionName: name,
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21600,
    }),
    ...lacking('B4 failure queue', resources.FailureQueue?.properties, {
      QueueName: `patient-records-failures-${suffix}`,
      KmsMasterKeyId: at.key,
      MessageRetentionPeriod: 1209600,
    }),
    ...lacking('B8 log group', resources.LogGroup?.properties, {
      LogGroupName: `/aws/lambda/${name}`,
      RetentionInDays: 90,
      KmsKeyId: at.key,
    }),
    ...lacking('B4 key', resources.Key?.properties, {
      EnableKeyRotation: true,
      PendingWindowInDays: 30,
      Enabled: undefined,
    }),
    ...lacking('B10 alias', resources.KeyAlias?.properties, {
      AliasName: `alias/patient-records-${suffix}`,
      TargetKeyId: 'id-of-Key',
    }),
  ];
}

/** Exactly what the function reads; credentials by reference, and none where there is no database. */
function environment({ given, suffix }: Asked): Record<string, string | number> {
  const secret = (key: string) => `{{resolve:secretsmanager:${given.DatabaseSecretArn}:SecretString:${key}}}`;
  return {
    [ENV.recordsBucket]: `patient-records-${ACCOUNT}-${suffix}`,
    [ENV.incomingPrefix]: 'incoming/',
    [ENV.rejectedPrefix]: 'rejected/',
    [ENV.keysPrefix]: 'keys/',
    [ENV.deidentifiedPrefix]: 'processed/deidentified/',
    [ENV.manifestsPrefix]: 'processed/manifests/',
    [ENV.metricsNamespace]: 'HipaaPipeline',
    [ENV.processorName]: `patient-records-processor-${suffix}`,
    [ENV.configVersion]: given.ConfigVersion ?? '1',
    ...(given.DatabaseHost && {
      [ENV.databaseHost]: given.DatabaseHost,
      [ENV.databasePort]: given.DatabasePort ?? 5432,
      [ENV.databaseName]: given.DatabaseName ?? 'healthcaredb',
      [ENV.databaseUser]: secret('username'),
      [ENV.databasePassword]: secret('password'),
    }),
  };
}

/** B11: nothing in; out to S3 and the database. */
export function networkProperties(deployment: Deployment, { given, suffix }: Asked): string[] {
  const groups = byType(deployment, 'AWS::EC2::SecurityGroup');
  const endpoints = byType(deployment, 'AWS::EC2::VPCEndpoint');
  if (!given.VpcId) return unless(groups.length + endpoints.length === 0, 'B11 a network where none was asked for');
  return [
    ...lacking('B11 security group', groups[0], {
      GroupName: `patient-records-processor-${suffix}`,
      VpcId: given.VpcId,
      SecurityGroupIngress: undefined,
      SecurityGroupEgress: [
        {
          Description: 'S3',
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          DestinationPrefixListId: given.S3PrefixListId,
        },
        ...(given.DatabaseSecurityGroupId ? [databaseEgress(given)] : []),
      ],
    }),
    ...(given.RouteTableIds
      ? lacking('B11 endpoint', endpoints[0], {
          VpcId: given.VpcId,
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.us-east-2.s3',
          RouteTableIds: given.RouteTableIds.split(','),
        })
      : unless(endpoints.length === 0, 'B11 an endpoint where none was asked for')),
  ];
}

const databaseEgress = (given: Record<string, string>) => ({
  Description: 'PostgreSQL',
  IpProtocol: 'tcp',
  FromPort: given.DatabasePort,
  ToPort: given.DatabasePort,
  DestinationSecurityGroupId: given.DatabaseSecurityGroupId,
});

/** B6 B7 B10: roles by name, with our policies and no other. */
export function roleProperties(deployment: Deployment, { given, suffix }: Asked): string[] {
  const policy = (type: string) => `arn:aws:iam::${ACCOUNT}:policy/patient-records-${type}-us-east-2-${suffix}`;
  const role = (id: string, want: Properties) =>
    lacking(`B6 ${id}`, deployment.resources[id]?.properties, {
      Policies: undefined,
      PermissionsBoundary: undefined,
      ...want,
    });
  return [
    ...role('ProcessorRole', {
      RoleName: `patient-records-processor-us-east-2-${suffix}`,
      ManagedPolicyArns: [policy('processor'), ...(given.VpcId ? [policy('network')] : [])],
    }),
    ...(given.ReaderAccountId
      ? role('ReaderRole', {
          RoleName: `patient-records-reader-us-east-2-${suffix}`,
          ManagedPolicyArns: [policy('reader')],
          MaxSessionDuration: 3600,
        })
      : unless(
          !deployment.resources.ReaderRole && !deployment.resources.ReaderPolicy,
          'B7 a reader where none was asked for',
        )),
  ];
}
