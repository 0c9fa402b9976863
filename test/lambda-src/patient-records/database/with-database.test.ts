import * as fs from 'node:fs';
import * as path from 'node:path';
import { PASSWORD, PostgresServer } from './postgres-server';
import type { ProcessContext } from '../../../../lambda-src/commit';
import { KeptConnection } from '../../../../lambda-src/patient-records/database/kept-connection';
import { Ledger } from '../../../../lambda-src/patient-records/database/ledger';
import { prepareSchema } from '../../../../lambda-src/patient-records/database/schema';
import type { DatabaseTarget } from '../../../../lambda-src/patient-records/settings';
import { MemoryStore } from '../../commit/memory-store';
import { ENCODED, oneBucket, PHI, type OneBucket } from '../one-bucket';

const SCRIPT = fs.readFileSync(
  path.join(__dirname, '../../../../lambda-src/patient-records/database/schema.sql'),
  'utf8',
);

let server: PostgresServer;
let serial = 0;
const open: KeptConnection[] = [];
beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);
afterEach(() => open.splice(0).forEach((connection) => connection.close()));
afterAll(() => server.remove());

function rowWriter(target: DatabaseTarget): ProcessContext['beforeManifest'] {
  const connection = new KeptConnection(target, server.authority.ca, async (client) => prepareSchema(client, SCRIPT));
  open.push(connection);
  const ledger = new Ledger(connection);
  return async (manifest, key) => ledger.record(manifest, `s3://records/${key}`);
}

interface Bench extends OneBucket {
  readonly target: DatabaseTarget;
  /** Another instance of the function over the same bucket and database. */
  another(): OneBucket;
  rows(): Promise<Array<Record<string, unknown>>>;
  /** What the row must say, where a manifest stands. */
  expectRowOfManifest(): Promise<void>;
}

async function benchWithDatabase(): Promise<Bench> {
  const target = await server.database(`bench_${++serial}`);
  const records = new MemoryStore('records');
  const another = () => oneBucket({ beforeManifest: rowWriter(target) }, records);
  const rows = async () => server.asAdmin('SELECT * FROM patient_records.processed_object', target.name);
  const manifestKeys = () => records.keys().filter((key) => key.startsWith('processed/manifests/'));
  return {
    ...another(),
    target,
    another,
    rows,
    expectRowOfManifest: async () => {
      const [key, ...others] = manifestKeys();
      expect(others).toEqual([]);
      const manifest = JSON.parse(records.bytes(key).toString());
      expect(await rows()).toMatchObject([
        {
          run_id: manifest.runId,
          manifest_url: `s3://records/${key}`,
          outputs: manifest.output,
          started_at: new Date(manifest.startedAt),
          ended_at: new Date(manifest.endedAt),
        },
      ]);
    },
  };
}

const manifests = ({ records }: OneBucket) => records.keys().filter((key) => key.startsWith('processed/manifests/'));

test('B5 an object has its row, and deliveries of it leave it at one', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  await bench.expectRowOfManifest();
  await bench.deliver(ENCODED, ENCODED);
  await bench.another().deliver(ENCODED);
  await bench.expectRowOfManifest();
});

test('B5 functions that process an object at once end with one row, that of the manifest that stands', async () => {
  const bench = await benchWithDatabase();
  await Promise.all([1, 2, 3, 4].map(async () => bench.another().deliver(ENCODED)));
  await bench.expectRowOfManifest();
});

test.each(['before', 'after'] as const)(
  'B5 killed right %s the manifest is written, the next delivery ends with both row and manifest',
  async (moment) => {
    const bench = await benchWithDatabase();
    bench.records[moment] = (call, key) => {
      if (call === 'putIfAbsent' && key.startsWith('processed/manifests/')) throw new Error('killed');
    };
    await expect(bench.deliver(ENCODED)).rejects.toThrow('1 of 1 records');
    expect(manifests(bench)).toHaveLength(moment === 'before' ? 0 : 1);
    expect(await bench.rows()).toHaveLength(1);
    bench.records[moment] = () => undefined;
    await bench.another().deliver(ENCODED);
    await bench.expectRowOfManifest();
  },
);

test('B5 a row that was lost after its manifest comes back with the next delivery', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  await server.asAdmin('DELETE FROM patient_records.processed_object', bench.target.name);
  await bench.deliver(ENCODED);
  await bench.expectRowOfManifest();
});

test('B5 with the database down nothing is committed and the delivery fails; with it up again the object is not lost', async () => {
  const bench = await benchWithDatabase();
  server.down();
  const failed = bench.deliver(ENCODED);
  await expect(failed).rejects.toThrow('1 of 1 records must be processed again: DATABASE_ECONNREFUSED');
  expect(manifests(bench)).toEqual([]);
  expect(bench.lines.map((line) => JSON.parse(line).code)).toEqual(['DATABASE_ECONNREFUSED']);
  server.up();
  await bench.deliver(ENCODED);
  await bench.expectRowOfManifest();
});

test('B5 a duplicate with the database down fails too: its row may be missing', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  server.down();
  await expect(bench.deliver(ENCODED)).rejects.toThrow('DATABASE_');
  server.up();
  await bench.deliver(ENCODED);
  await bench.expectRowOfManifest();
});

test('B5 a restart of the database while an object is processed is not noticed', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  bench.records.seed('incoming/second', bench.records.bytes(bench.records.keys()[0]));
  let restarts = 0;
  bench.records.before = (call, key) => {
    if (call === 'get' && key === 'incoming/second') {
      restarts++;
      server.restart();
    }
  };
  await bench.deliver('incoming/second');
  expect(restarts).toBe(1);
  expect(await bench.rows()).toHaveLength(2);
  expect(manifests(bench)).toHaveLength(2);
});

test('B5 a row that another session holds makes the delivery fail, and is written by the next one', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  const holder = await server.adminClient(bench.target.name);
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM patient_records.processed_object FOR UPDATE');
  await expect(bench.deliver(ENCODED)).rejects.toThrow('DATABASE_57014');
  await holder.end();
  await bench.deliver(ENCODED);
  await bench.expectRowOfManifest();
});

test('B4 B5 neither rows, log nor errors tell keys, records or credentials', async () => {
  const bench = await benchWithDatabase();
  await bench.deliver(ENCODED);
  const wrong = oneBucket({ beforeManifest: rowWriter({ ...bench.target, password: `${PASSWORD}-wrong` }) });
  const error: unknown = await wrong.deliver(ENCODED).catch((thrown: unknown) => thrown);
  const told = [await bench.rows(), bench.lines, wrong.lines, String((error as Error).stack)];
  expect(JSON.stringify(told)).toContain('DATABASE_28P01');
  expect(JSON.stringify(told)).not.toMatch(PHI);
  expect(JSON.stringify(told)).not.toMatch(/Sesame|function_user/);
});
