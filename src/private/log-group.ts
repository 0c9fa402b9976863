import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deletion } from './deletion';

/** Six years with their two leap days, the retention of 45 CFR 164.316(b)(2)(i). */
export const DEFAULT_LOG_RETENTION = logs.RetentionDays.SIX_YEARS;

/** Throws where logs would be gone before six years. */
export function requireLogRetention(retention: logs.RetentionDays | undefined): void {
  if (retention !== undefined && retention < DEFAULT_LOG_RETENTION) {
    throw new Error(
      `logRetention must be at least SIX_YEARS (2192 days, 45 CFR 164.316(b)(2)(i)), got ${retention} days; ` +
        'leave it out or take a longer one',
    );
  }
}

/** ARN of a log group by its fixed name: a `Ref` would tie key, group and role into a cycle. */
export function logGroupArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** What a log group needs of a keyring. */
export interface LogsKeyring {
  readonly logsKey: kms.IKey;
  admitLogGroup(logGroupArn: string): void;
}

export interface LogGroupSpec {
  readonly name: string;
  readonly keyring: LogsKeyring;
  readonly retention?: logs.RetentionDays;
  readonly deletion: Deletion;
}

/**
 * A log group of our own under the logs key, which admits it; groups that services make on their own are neither
 * encrypted nor expire.
 */
export function createLogGroup(scope: Construct, id: string, spec: LogGroupSpec): logs.LogGroup {
  spec.keyring.admitLogGroup(logGroupArn(scope, spec.name));
  return new logs.LogGroup(scope, id, {
    logGroupName: spec.name,
    encryptionKey: spec.keyring.logsKey,
    retention: spec.retention ?? DEFAULT_LOG_RETENTION,
    removalPolicy: spec.deletion.policy,
  });
}
