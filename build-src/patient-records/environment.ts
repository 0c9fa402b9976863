import { Fn } from 'aws-cdk-lib';
import type { Choices } from './choices';
import { NAME, PREFIXES } from './names';
import { METRICS_NAMESPACE } from '../../src/processing/private/handler-contract';

/** What the function is told. Credentials come by dynamic reference: they stand in no template, parameter or output. */
export function environmentOf({ hasDatabase }: Choices): Record<string, string> {
  const database = (value: string) => Fn.conditionIf(hasDatabase.logicalId, value, Fn.ref('AWS::NoValue')).toString();
  const secret = (key: string) =>
    database(Fn.sub(`{{resolve:secretsmanager:\${DatabaseSecretArn}:SecretString:${key}}}`));
  return {
    RECORDS_BUCKET: NAME.recordsBucket,
    INCOMING_PREFIX: PREFIXES.incoming,
    REJECTED_PREFIX: PREFIXES.rejected,
    KEYS_PREFIX: PREFIXES.keys,
    DEIDENTIFIED_PREFIX: PREFIXES.deidentified,
    MANIFESTS_PREFIX: PREFIXES.manifests,
    METRICS_NAMESPACE,
    PROCESSOR_NAME: NAME.function,
    CONFIG_VERSION: Fn.ref('ConfigVersion'),
    DATABASE_HOST: database(Fn.ref('DatabaseHost')),
    DATABASE_PORT: database(Fn.ref('DatabasePort')),
    DATABASE_NAME: database(Fn.ref('DatabaseName')),
    DATABASE_USER: secret('username'),
    DATABASE_PASSWORD: secret('password'),
  };
}
