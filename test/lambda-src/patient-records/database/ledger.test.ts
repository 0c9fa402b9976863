import * as fs from 'node:fs';
import * as path from 'node:path';
import { inspect } from 'node:util';
import { PASSWORD, PostgresServer } from './postgres-server';
import type { Manifest } from '../../../../lambda-src/commit';
import { KeptConnection } from '../../../../lambda-src/patient-records/database/kept-connection';
import { Ledger } from '../../../../lambda-src/patient-records/database/ledger';
import { prepareSchema } from '../../../../lambda-src/patient-records/database/schema';
import type { DatabaseTarget } from '../../../../lambda-src/patient-records/settings';
import { bench, MIXED } from '../../commit/bench';

const SCRIPT = fs.readFileSync(
  path.join(__dirname, '../../../../lambda-src/patient-records/database/schema.sql'),
  'utf8',
);
const ROWS = 'SELECT * FROM patient_records.processed_object';

let server: PostgresServer;
const open: KeptConnection[] = [];
beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);
afterEach(() => open.splice(0).forEach((connection) => connection.close()));
afterAll(() => server.remove());

function ledgerOf(target: DatabaseTarget, ca = server.authority.ca): Ledger {
  const connection = new KeptConnection(target, ca, async (client) => prepareSchema(client, SCRIPT));
  open.push(connection);
  return new Ledger(connection);
}

async function manifestOf(lines: string[] = MIXED): Promise<Manifest> {
  const outcome = await bench(lines).run();
  if (outcome.status === 'SOURCE_GONE') throw new Error('the source must be there');
  return outcome.manifest;
}

/** Why it was refused, and everything that the error would show in a log. */
async function refusalOf(attempt: Promise<void>): Promise<{ readonly code: string; readonly shown: string }> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { code: String((error as { code?: unknown })?.code), shown: inspect(error, { depth: 9, showHidden: true }) };
}

test('B5 the first row makes the schema, and says what the manifest says', async () => {
  const target = await server.database('first');
  const manifest = await manifestOf();
  await ledgerOf(target).record(manifest, 's3://records/processed/manifests/m.json');
  const [row, ...others] = await server.asAdmin(ROWS, 'first');
  expect(others).toEqual([]);
  expect(row).toEqual({
    run_id: manifest.runId,
    status: 'COMPLETED_WITH_ERRORS',
    code: null,
    source_key_hmac: manifest.source.keyHmac,
    source_version_id: manifest.source.versionId,
    source_size: String(manifest.source.size),
    source_hmac: manifest.source.hmac,
    source_encoding: 'identity',
    source_format: 'fhir-ndjson',
    policy_profile: 'safe-harbor',
    policy_sha256: manifest.policy.sha256,
    key_id: manifest.policy.keyId,
    processor_version: manifest.processor.version,
    records_read: '6',
    records_written: '3',
    records_dropped: '1',
    records_rejected: '2',
    records_by_type: { Patient: 3 },
    rejected_by_code: { REC_SYNTAX: 2 },
    fields_redacted: '3',
    fields_hashed: '0',
    fields_generalized: '0',
    fields_shifted: '0',
    outputs: manifest.output,
    rejects: manifest.error,
    manifest_url: 's3://records/processed/manifests/m.json',
    started_at: new Date(manifest.startedAt),
    ended_at: new Date(manifest.endedAt),
    recorded_at: expect.any(Date),
  });
});

test('B5 a failed file has a row with its code', async () => {
  const target = await server.database('failed');
  await ledgerOf(target).record(await manifestOf(['!SRC_CORRUPT_GZIP']), 'm');
  expect(await server.asAdmin(ROWS, 'failed')).toMatchObject([
    { status: 'FAILED', code: 'SRC_CORRUPT_GZIP', source_hmac: expect.anything(), outputs: [], rejects: [] },
  ]);
});

test('B5 a run told of again keeps its one row, with the last word and the time of the first', async () => {
  const target = await server.database('again');
  const manifest = await manifestOf();
  const ledger = ledgerOf(target);
  await ledger.record(manifest, 'm');
  const [first] = await server.asAdmin(ROWS, 'again');
  const later = { ...manifest, endedAt: '2031-01-01T00:00:00.000Z' };
  await ledger.record(later, 'm');
  await ledgerOf(target).record(later, 'm');
  const rows = await server.asAdmin(ROWS, 'again');
  expect(rows).toEqual([{ ...first, ended_at: new Date('2031-01-01T00:00:00Z') }]);
});

test('B5 functions that start at once make the schema once, and lose no row', async () => {
  const target = await server.database('race');
  const manifest = await manifestOf();
  const runs = [...Array(12).keys()].map(async (index) =>
    ledgerOf(target).record({ ...manifest, runId: `run-${index % 6}` }, 'm'),
  );
  await Promise.all(runs);
  expect(await server.asAdmin(ROWS, 'race')).toHaveLength(6);
  expect(await server.asAdmin('SELECT version FROM patient_records.schema_version', 'race')).toEqual([{ version: 1 }]);
});

test('B5 a schema of a later version is not written to', async () => {
  const target = await server.database('newer');
  const manifest = await manifestOf();
  await ledgerOf(target).record(manifest, 'm');
  await server.asAdmin('INSERT INTO patient_records.schema_version (version) VALUES (2)', 'newer');
  expect(await refusalOf(ledgerOf(target).record(manifest, 'm'))).toMatchObject({ code: 'DATABASE_SCHEMA_NEWER' });
});

describe('least rights', () => {
  /** The three grants that the script names, as they stand there. */
  const GRANTS = SCRIPT.split('\n')
    .filter((line) => /^--\s+GRANT /.test(line))
    .map((line) => line.replace(/^--\s+/, ''));

  test('B5 with the schema made by another user, the grants that the script names are enough', async () => {
    const target = await server.database('least', false);
    await server.asAdmin(SCRIPT, 'least');
    expect(GRANTS).toHaveLength(3);
    for (const grant of GRANTS) await server.asAdmin(grant, 'least');
    const ledger = ledgerOf(target);
    const manifest = await manifestOf();
    await ledger.record(manifest, 'm');
    await ledger.record(manifest, 'm');
    expect(await server.asAdmin(ROWS, 'least')).toHaveLength(1);
  });

  test('B5 each of them is needed, and its lack is told by its code', async () => {
    const manifest = await manifestOf();
    for (const [index, left] of GRANTS.entries()) {
      const name = `lacks_${index}`;
      const target = await server.database(name, false);
      await server.asAdmin(SCRIPT, name);
      for (const grant of GRANTS.filter((each) => each !== left)) await server.asAdmin(grant, name);
      expect(await refusalOf(ledgerOf(target).record(manifest, 'm'))).toMatchObject({ code: 'DATABASE_42501' });
    }
  });

  test('B5 a user that may not create a schema is refused, and may later', async () => {
    const target = await server.database('denied', false);
    const ledger = ledgerOf(target);
    const manifest = await manifestOf();
    expect(await refusalOf(ledger.record(manifest, 'm'))).toMatchObject({ code: 'DATABASE_42501' });
    await server.asAdmin('GRANT CREATE ON DATABASE denied TO function_user');
    await ledger.record(manifest, 'm');
    expect(await server.asAdmin(ROWS, 'denied')).toHaveLength(1);
  });
});

test('B4 B5 no error shows the password, the user, or what was to be written', async () => {
  const target = await server.database('quiet');
  const manifest = await manifestOf();
  const secret = { ...manifest, startedAt: 'canary-value' };
  const refusals = [
    await refusalOf(ledgerOf({ ...target, password: `${PASSWORD}-wrong` }).record(manifest, 'm')),
    await refusalOf(ledgerOf({ ...target, user: 'canary_user' }).record(manifest, 'm')),
    await refusalOf(ledgerOf({ ...target, name: 'canary_database' }).record(manifest, 'm')),
    await refusalOf(ledgerOf(target).record(secret, 'm')),
    await refusalOf(ledgerOf({ ...target, host: 'canary.invalid' }).record(manifest, 'm')),
  ];
  expect(refusals.map(({ code }) => code)).toEqual([
    'DATABASE_28P01',
    'DATABASE_28P01',
    'DATABASE_3D000',
    'DATABASE_22007',
    expect.stringMatching(/^DATABASE_(ENOTFOUND|EAI_AGAIN)$/),
  ]);
  for (const { shown } of refusals) expect(shown).not.toMatch(/Sesame|canary|function_user|INSERT/);
});
