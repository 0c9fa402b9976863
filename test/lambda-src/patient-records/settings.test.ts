import { PATIENT_RECORDS_ENV as NAME } from '../../../lambda-src/patient-records/environment';
import { readSettings } from '../../../lambda-src/patient-records/settings';

const ENV: NodeJS.ProcessEnv = {
  RECORDS_BUCKET: 'records',
  INCOMING_PREFIX: 'incoming/',
  REJECTED_PREFIX: 'rejected/',
  KEYS_PREFIX: 'keys/',
  DEIDENTIFIED_PREFIX: 'processed/deidentified/',
  MANIFESTS_PREFIX: 'processed/manifests/',
  METRICS_NAMESPACE: 'PatientRecords',
  PROCESSOR_NAME: 'function-test',
};
const DATABASE = { DATABASE_HOST: 'db.example.org', DATABASE_NAME: 'n', DATABASE_USER: 'u', DATABASE_PASSWORD: 'p' };
const OPTIONAL = Object.values(NAME).filter((name) => /^(DATABASE_|CONFIG_VERSION)/.test(name));

test('B5 the environment names one bucket and the layout in it', () => {
  expect(readSettings(ENV)).toEqual({
    bucket: 'records',
    incomingPrefix: 'incoming/',
    keysPrefix: 'keys/',
    outputs: { deidentified: 'processed/deidentified/', manifests: 'processed/manifests/', rejected: 'rejected/' },
    metricsNamespace: 'PatientRecords',
    processorName: 'function-test',
  });
});

test('B4 the database is optional, and empty values are none', () => {
  const empty = Object.fromEntries(OPTIONAL.map((name) => [name, '']));
  expect(readSettings({ ...ENV, ...empty })).not.toHaveProperty('database');
  expect(readSettings({ ...ENV, ...DATABASE, DATABASE_PORT: '' }).database).toEqual({
    host: 'db.example.org',
    port: 5432,
    name: 'n',
    user: 'u',
    password: 'p',
  });
  expect(readSettings({ ...ENV, ...DATABASE, DATABASE_PORT: '6432' }).database).toMatchObject({ port: 6432 });
});

test.each(Object.values(NAME).filter((name) => !OPTIONAL.includes(name)))('B4 %s must be set', (name) => {
  expect(() => readSettings({ ...ENV, [name]: '' })).toThrow(`environment variable ${name} must`);
});

test.each(['DATABASE_NAME', 'DATABASE_USER', 'DATABASE_PASSWORD'])('B4 with a database, %s must be set', (name) => {
  expect(() => readSettings({ ...ENV, ...DATABASE, [name]: '' })).toThrow(`environment variable ${name} must be set`);
});

test.each(['/var/run/postgresql', 'db.example.org/x', 'user@db', 'db:5432', '-x', 'a b'])(
  'B4 %s is no host: its certificate could not be checked',
  (host) => {
    expect(() => readSettings({ ...ENV, ...DATABASE, DATABASE_HOST: host })).toThrow(
      'DATABASE_HOST must be a host name',
    );
  },
);

test.each(['0', '65536', 'x', '5432.5'])('B4 %s is no port', (port) => {
  expect(() => readSettings({ ...ENV, ...DATABASE, DATABASE_PORT: port })).toThrow('DATABASE_PORT must');
});

test.each([
  ['a result would start the function again', { DEIDENTIFIED_PREFIX: 'incoming/done/' }],
  ['a source would lie among the results', { INCOMING_PREFIX: 'processed/manifests/in/' }],
  ['two prefixes are one', { REJECTED_PREFIX: 'incoming/' }],
  ['the key would lie where readers may look', { KEYS_PREFIX: 'processed/deidentified/keys/' }],
])('B3 no prefix may lie within another one: %s', (_, change) => {
  expect(() => readSettings({ ...ENV, ...change })).toThrow('no prefix may lie within another one');
});

test.each(['incoming', '/incoming/', '/'])('B3 %s is no prefix', (value) => {
  expect(() => readSettings({ ...ENV, INCOMING_PREFIX: value })).toThrow('INCOMING_PREFIX must end in a slash');
});

test('B4 no message quotes a value', () => {
  const secret = 'wolf/trout';
  for (const name of Object.values(NAME)) {
    const env = { ...ENV, ...DATABASE, DATABASE_PORT: '5432', [name]: secret };
    try {
      readSettings(env);
    } catch (error) {
      expect(String((error as Error).stack)).not.toContain('wolf');
    }
  }
  expect.hasAssertions();
});
