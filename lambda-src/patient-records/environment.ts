/** Names of the function's environment variables: what the template sets. An empty value counts as absent. */
export const PATIENT_RECORDS_ENV = {
  /** Name of the bucket that holds everything: sources, results, rejects and the pseudonym key. */
  recordsBucket: 'RECORDS_BUCKET',
  /** New objects under it start the function; nothing is ever written there. */
  incomingPrefix: 'INCOMING_PREFIX',
  /** For rejected records: PHI. */
  rejectedPrefix: 'REJECTED_PREFIX',
  /** Holds the pseudonym key. */
  keysPrefix: 'KEYS_PREFIX',
  deidentifiedPrefix: 'DEIDENTIFIED_PREFIX',
  manifestsPrefix: 'MANIFESTS_PREFIX',
  metricsNamespace: 'METRICS_NAMESPACE',
  /** Value of the metrics' `Processor` dimension: the function's name. */
  processorName: 'PROCESSOR_NAME',
  /** Not read: a new value makes Lambda start the function anew, with the secret as it is by then. */
  configVersion: 'CONFIG_VERSION',
  /** Absent: no database is written to, and the other four are not looked at. */
  databaseHost: 'DATABASE_HOST',
  /** @default 5432 */
  databasePort: 'DATABASE_PORT',
  databaseName: 'DATABASE_NAME',
  databaseUser: 'DATABASE_USER',
  databasePassword: 'DATABASE_PASSWORD',
} as const;

/** What lies beside the bundle in the function's zip. */
export const ZIP_FILE = {
  tables: 'tables.json',
  /** The authorities that may vouch for the database; PEM. */
  databaseCa: 'rds-ca.pem',
  schema: 'schema.sql',
} as const;
