import { Fn } from 'aws-cdk-lib';
import type { Choices } from './choices';
import { NAME, PREFIXES } from './names';
import { PATIENT_RECORDS_ENV as ENV } from '../../lambda-src/patient-records/environment';
import { METRICS_NAMESPACE } from '../../src/processing/private/handler-contract';

/** What the function is told. Credentials come by dynamic reference: they stand in no template, parameter or output. */
export function environmentOf({ hasDatabase }: Choices): Record<string, string> {
  const database = (value: string) => Fn.conditionIf(hasDatabase.logicalId, value, Fn.ref('AWS::NoValue')).toString();
  const secret = (key: string) =>
    database(Fn.sub(`{{resolve:secretsmanager:\${DatabaseSecretArn}:SecretString:${key}}}`));
  return {
    [ENV.recordsBucket]: NAME.recordsBucket,
    [ENV.incomingPrefix]: PREFIXES.incoming,
    [ENV.rejectedPrefix]: PREFIXES.rejected,
    [ENV.keysPrefix]: PREFIXES.keys,
    [ENV.deidentifiedPrefix]: PREFIXES.deidentified,
    [ENV.manifestsPrefix]: PREFIXES.manifests,
    [ENV.metricsNamespace]: METRICS_NAMESPACE,
    [ENV.processorName]: NAME.function,
    [ENV.configVersion]: Fn.ref('ConfigVersion'),
    [ENV.databaseHost]: database(Fn.ref('DatabaseHost')),
    [ENV.databasePort]: database(Fn.ref('DatabasePort')),
    [ENV.databaseName]: database(Fn.ref('DatabaseName')),
    [ENV.databaseUser]: secret('username'),
    [ENV.databasePassword]: secret('password'),
  };
}
