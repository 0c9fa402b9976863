import { App, BootstraplessSynthesizer, CfnOutput, Fn, Stack, Tags } from 'aws-cdk-lib';
import { declareChoices, declareRules } from './choices';
import { createKey } from './key';
import { createEndpoint, createSecurityGroup } from './network';
import { declareParameters } from './parameters';
import { createFailureQueue, createLogGroup, createProcessor, permitNotifications } from './processor';
import { createProcessorRole } from './processor-role';
import { createReader } from './reader';
import { createAccessLogBucket, createRecordsBucket } from './storage';
import type { Variant } from './variant';

/**
 * A hardened store for patient records as one plain template: no bootstrap, no assets, no custom resource. L1 shapes
 * directly under the stack, so that a logical id is the word that stands here.
 */
export class PatientRecordsStack extends Stack {
  constructor(app: App, id: string, variant: Variant) {
    super(app, id, {
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
      description: variant.retain
        ? 'Patient records: encrypted, versioned, de-identified on arrival; retained when the stack goes'
        : 'Patient records, for tests with synthetic data only: deleted with the stack, no MFA guard',
    });
    declareParameters(this);
    declareRules(this);
    const choices = declareChoices(this);

    const key = createKey(this, variant);
    const accessLogs = createAccessLogBucket(this, variant);
    const failureQueue = createFailureQueue(this, key, variant);
    const logGroup = createLogGroup(this, key, variant);
    const securityGroup = createSecurityGroup(this, choices);
    createEndpoint(this, choices);
    const securityGroupId = securityGroup.attrGroupId;
    const role = createProcessorRole(this, {
      choices,
      keyArn: key.attrArn,
      failureQueueArn: failureQueue.attrArn,
      securityGroupId,
    });
    const processor = createProcessor(this, { choices, key, role, failureQueue, logGroup, securityGroupId });
    const permission = permitNotifications(this, processor);
    const records = createRecordsBucket(this, {
      accessLogs,
      processorArn: processor.attrArn,
      variant,
    });
    // S3 asks whether it may start the function before it takes the notification.
    records.addResourceDependency(permission);
    const reader = createReader(this, choices);

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    output('RecordsBucketName', 'Bucket that takes records under incoming/', records.ref);
    output('RecordsBucketArn', 'ARN of the bucket of records and results', records.attrArn);
    output('AccessLogBucketName', 'Bucket of the access logs', accessLogs.bucket.ref);
    output('ProcessorName', 'Name of the function', processor.ref);
    output('ProcessorArn', 'ARN of the function', processor.attrArn);
    output('KeyId', 'Id of the key of environment, failed events and logs', key.ref);
    output('FailureQueueUrl', 'Queue that keeps the events of what could not be processed', failureQueue.ref);
    output('LogGroupName', 'Log group of the function', logGroup.ref);
    output('ReaderRoleArn', 'Role that the other account takes with its external id', reader.attrArn).condition =
      choices.hasReader;
    output('SecurityGroupId', 'Group that the database must let in', securityGroupId).condition = choices.hasVpc;

    Tags.of(this).add('Environment', Fn.ref('EnvironmentSuffix'));
    Tags.of(this).add('DataClassification', 'PHI');
    Tags.of(this).add('ComplianceScope', 'HIPAA');
  }
}
