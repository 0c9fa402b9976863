import { Fn } from 'aws-cdk-lib';

/*
 * Fixed names, `{resource-type}-{environment-suffix}`, so that bucket, permission, function, role and key can name each
 * other without a cycle. Bucket names are shared by all accounts, hence the account id; names of roles and policies by
 * all regions of an account, hence the region.
 */

const regional = (type: string) => Fn.sub(`${type}-\${EnvironmentSuffix}`);
const global = (type: string) => Fn.sub(`${type}-\${AWS::Region}-\${EnvironmentSuffix}`);
const bucket = (type: string) => `${type}-\${AWS::AccountId}-\${EnvironmentSuffix}`;
const arn = (text: string) => Fn.sub(`arn:\${AWS::Partition}:${text}`);
const regionalArn = (service: string, resource: string) =>
  arn(`${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}-\${EnvironmentSuffix}`);

const RECORDS = bucket('patient-records');
const LOGS = bucket('patient-records-logs');
const FUNCTION = 'patient-records-processor';

export const NAME = {
  recordsBucket: Fn.sub(RECORDS),
  accessLogBucket: Fn.sub(LOGS),
  function: regional(FUNCTION),
  logGroup: regional(`/aws/lambda/${FUNCTION}`),
  failureQueue: regional('patient-records-failures'),
  keyAlias: regional('alias/patient-records'),
  securityGroup: regional(FUNCTION),
  endpoint: regional('patient-records-s3'),
  processorRole: global(FUNCTION),
  networkPolicy: global('patient-records-network'),
  readerRole: global('patient-records-reader'),
} as const;

export const ARN = {
  recordsBucket: arn(`s3:::${RECORDS}`),
  accessLogBucket: arn(`s3:::${LOGS}`),
  processorRole: arn(`iam::\${AWS::AccountId}:role/${FUNCTION}-\${AWS::Region}-\${EnvironmentSuffix}`),
  function: regionalArn('lambda', `function:${FUNCTION}`),
  logGroup: regionalArn('logs', `log-group:/aws/lambda/${FUNCTION}`),
} as const;

/** Where things lie in the records bucket. What may be read from outside lies under one prefix. */
export const PREFIXES = {
  incoming: 'incoming/',
  rejected: 'rejected/',
  keys: 'keys/',
  processed: 'processed/',
  deidentified: 'processed/deidentified/',
  manifests: 'processed/manifests/',
} as const;
