import { createHash } from 'node:crypto';
import { bench, GOOD, MIXED, SOURCE_KEY } from './bench';
import { contendedBy } from './memory-store';
import { STAND_IN_TABLES, standInEngine, unzipped } from './stand-in-engine';
import type { Manifest, Outcome } from '../../../lambda-src/commit';

function committed(outcome: Outcome): Manifest {
  if (!('manifest' in outcome)) throw new Error(`expected a manifest, got ${outcome.status}`);
  return outcome.manifest;
}

describe('what a run leaves', () => {
  test('A10 a clean file becomes one data object and a manifest, under the day the source was last modified', async () => {
    const { run, data, processed } = bench(GOOD);
    const outcome = await run();
    const { runId } = committed(outcome);
    expect(outcome.status).toBe('COMPLETED');
    expect(runId).toMatch(/^[0-9a-f]{32}$/);
    expect(processed.keys()).toEqual([
      `deidentified/format=fhir-ndjson/ingest_date=2024-03-05/${runId}-part-00000.ndjson.gz`,
      `manifests/ingest_date=2024-03-05/${runId}.json`,
    ]);
    expect(data.keys()).toEqual([SOURCE_KEY]);
    expect(unzipped(processed.bytes(processed.keys()[0])).trim().split('\n')).toHaveLength(3);
  });

  test('A10 rejected records stay on the PHI side, and the manifest accounts for every record', async () => {
    const { run, data, processed } = bench(MIXED);
    const manifest = committed(await run());
    expect(manifest.status).toBe('COMPLETED_WITH_ERRORS');
    expect(data.keys()).toEqual([SOURCE_KEY, `rejected/ingest_date=2024-03-05/${manifest.runId}.ndjson.gz`].sort());
    expect(unzipped(data.bytes(data.keys()[1]))).toContain('bad Wilhelmina');
    expect(manifest.counts).toMatchObject({ read: 6, written: 3, dropped: 1, rejected: 2, byError: { REC_SYNTAX: 2 } });
    expect(manifest.error).toEqual([
      { url: `s3://data/${data.keys()[1]}`, count: 2, hmac: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(JSON.parse(processed.bytes(processed.keys()[1]).toString())).toEqual(manifest);
  });

  test('the manifest is written last, after the data object and the rejects', async () => {
    const { run, data, processed } = bench(MIXED);
    const order: string[] = [];
    for (const store of [data, processed]) {
      store.after = (call, key) => {
        if (call === 'putIfAbsent' || call === 'completeIfAbsent') order.push(key.split('/')[0]);
      };
    }
    await run();
    expect(order).toEqual(['deidentified', 'rejected', 'manifests']);
  });

  test('the manifest has the fields of its schema and no other', async () => {
    const manifest = committed(await bench(MIXED).run());
    expect(Object.keys(manifest)).toEqual(
      'schemaVersion runId status startedAt endedAt processor policy source output error counts deid'.split(' '),
    );
    expect(Object.keys(manifest.source)).toEqual('bucket keyHmac versionId eTag size hmac encoding format'.split(' '));
    expect(manifest.output).toEqual([
      expect.objectContaining({ type: 'Patient', count: 3, url: expect.stringMatching(/^s3:\/\/processed\/deid/) }),
    ]);
  });

  test('a file of which no record is written gets a manifest and no data object', async () => {
    const { run, processed } = bench(['drop', 'drop']);
    const manifest = committed(await run());
    expect(manifest).toMatchObject({ status: 'COMPLETED', output: [], error: [], counts: { read: 2, dropped: 2 } });
    expect(processed.keys()).toEqual([`manifests/ingest_date=2024-03-05/${manifest.runId}.json`]);
    expect(processed.openUploads).toBe(0);
  });

  test('a failed file leaves a manifest that counts every record as rejected, and nothing else', async () => {
    const { run, data, processed } = bench([...MIXED, '!SRC_TRUNCATED']);
    const manifest = committed(await run());
    expect(manifest).toMatchObject({
      status: 'FAILED',
      code: 'SRC_TRUNCATED',
      output: [],
      error: [],
      counts: {
        read: 6,
        written: 0,
        dropped: 0,
        rejected: 6,
        byType: {},
        byError: { REC_SYNTAX: 2, SRC_TRUNCATED: 4 },
      },
      deid: { redacted: 0 },
    });
    expect(processed.keys()).toHaveLength(1);
    expect(data.keys()).toEqual([SOURCE_KEY]);
    expect(processed.openUploads + data.openUploads).toBe(0);
  });

  test('no name of the source key or of a record is on the processed side', async () => {
    const { run, processed } = bench(MIXED);
    await run();
    const everything = processed.keys().map((key) => key + unzippedOrText(processed.bytes(key)));
    expect(everything.join('')).not.toMatch(/Wilhelmina|Abbott509|1923/);
  });
});

test('no plain hash of the source or of rejected records is on the processed side', async () => {
  const { run, data, processed } = bench(MIXED);
  const manifest = committed(await run());
  const rejects = data.bytes(data.keys().find((key) => key.startsWith('rejected/'))!);
  for (const known of [data.bytes(SOURCE_KEY), unzipped(rejects), rejects]) {
    const digest = createHash('sha256').update(known).digest('hex');
    for (const key of processed.keys()) expect(unzippedOrText(processed.bytes(key))).not.toContain(digest);
  }
  const [{ hmac }] = manifest.error;
  const again = committed(await bench(MIXED).run());
  const others = committed(await bench([...MIXED, 'bad other']).run());
  expect(again.error[0].hmac).toBe(hmac);
  expect(others.error[0].hmac).not.toBe(hmac);
});

describe('a second delivery', () => {
  test('A8 finds the manifest, writes nothing and does not open the source', async () => {
    const { run, data, processed } = bench(MIXED);
    const first = committed(await run());
    data.calls.length = processed.calls.length = 0;
    const second = await run();
    expect(second).toMatchObject({ status: 'DUPLICATE', runId: first.runId, manifest: first });
    expect([...data.calls, ...processed.calls].map(({ call }) => call)).toEqual(['head', 'get']);
  });

  test('closes whatever it opened, as the first did', async () => {
    const { run, data, processed } = bench(MIXED);
    let opened = 0;
    let closed = 0;
    for (const store of [data, processed]) {
      const get = store.get.bind(store);
      store.get = async (key, binding) => {
        const object = await get(key, binding);
        if (object) opened++;
        return object && { ...object, close: () => void closed++ };
      };
    }
    await run();
    await run();
    expect([opened, closed]).toEqual([2, 2]);
  });

  test('that finds a manifest of a later schema, or none that can be read, vouches for nothing', async () => {
    for (const text of ['{"schemaVersion":2}', '{"schemaVersion":1', 'null']) {
      const { run, processed } = bench(GOOD);
      const { runId } = committed(await bench(GOOD).run());
      processed.seed(`manifests/ingest_date=2024-03-05/${runId}.json`, Buffer.from(text));
      await expect(run()).rejects.toMatchObject({ code: 'MANIFEST_CONFLICT', message: 'MANIFEST_CONFLICT' });
      expect(processed.keys()).toHaveLength(1);
    }
  });

  test('of a failed file is a duplicate too', async () => {
    const { run } = bench(['!SRC_UNKNOWN_FORMAT']);
    expect((await run()).status).toBe('FAILED');
    expect((await run()).status).toBe('DUPLICATE');
  });

  test('of a failed file under a new policy is a new run, and the account of the failure stands', async () => {
    const lines = [...MIXED, '!REJECT_RATIO_EXCEEDED'];
    const { run, context, processed, data } = bench(lines);
    const failed = committed(await run());
    expect(failed.status).toBe('FAILED');
    const lenient = standInEngine();
    const deidentify: typeof lenient.deidentify = async (input) => {
      const { failure: _, ...result } = await lenient.deidentify(input);
      return result;
    };
    const policy = { ...STAND_IN_TABLES.policy, sha256: 'b'.repeat(64) };
    Object.assign(context, { engine: { ...lenient, deidentify }, tables: { ...STAND_IN_TABLES, policy } });
    const passed = committed(await run());
    expect(passed).toMatchObject({ status: 'COMPLETED_WITH_ERRORS', counts: { read: 6, written: 3, rejected: 2 } });
    expect(passed.runId).not.toBe(failed.runId);
    const manifests = processed.keys().filter((key) => key.startsWith('manifests/'));
    expect(manifests.map((key) => JSON.parse(processed.bytes(key).toString()).status).sort()).toEqual([
      'COMPLETED_WITH_ERRORS',
      'FAILED',
    ]);
    expect(data.keys().filter((key) => key.startsWith('rejected/'))).toHaveLength(1);
    expect((await run()).status).toBe('DUPLICATE');
  });

  test('after a rotation of the key is a new run with new codes; under the old key it is a duplicate again', async () => {
    const { run, context, processed } = bench(GOOD);
    const old = committed(await run());
    Object.assign(context, { key: Buffer.alloc(32, 8) });
    const rotated = committed(await run());
    expect(rotated.policy.keyId).not.toBe(old.policy.keyId);
    const before = processed.keys();
    Object.assign(context, { key: Buffer.alloc(32, 7) });
    expect(await run()).toMatchObject({ status: 'DUPLICATE', runId: old.runId });
    expect(processed.keys()).toEqual(before);
    expect(before).toHaveLength(4);
  });

  test.each([
    ['policy', { tables: { version: 1, policy: { profile: 'safe-harbor', sha256: 'b'.repeat(64) } } }],
    ['engine', { engine: standInEngine({ version: '2' }) }],
    ['key', { key: Buffer.alloc(32, 8) }],
  ])('under a new %s is a new run', async (_, changed) => {
    const { run, context } = bench(GOOD);
    const first = committed(await run());
    Object.assign(context, changed);
    const second = committed(await run());
    expect(second.status).toBe('COMPLETED');
    expect(second.runId).not.toBe(first.runId);
  });

  test('of a new version of the object is a new run, of the old version still a duplicate', async () => {
    const { run, data } = bench(GOOD);
    const old = (await data.head(SOURCE_KEY))!.versionId;
    const first = committed(await run());
    data.seed(SOURCE_KEY, Buffer.from('ok again\n'));
    expect(committed(await run()).runId).not.toBe(first.runId);
    expect(await run(SOURCE_KEY, old)).toMatchObject({ status: 'DUPLICATE', runId: first.runId });
  });

  test('is known by the eTag where the bucket keeps no versions', async () => {
    const { run, data } = bench(GOOD, {}, false);
    const first = committed(await run());
    expect(first.source.versionId).toBeUndefined();
    expect((await run()).status).toBe('DUPLICATE');
    data.seed(SOURCE_KEY, Buffer.from('ok other\n'));
    expect((await run()).status).toBe('COMPLETED');
  });
});

describe('the source', () => {
  test('A8 deleted since the event is no failure: nothing is written and the message is done', async () => {
    const { run, data, processed } = bench(GOOD);
    data.delete(SOURCE_KEY);
    expect(await run()).toEqual({ status: 'SOURCE_GONE' });
    expect(await run(SOURCE_KEY, 'v99')).toEqual({ status: 'SOURCE_GONE' });
    expect(processed.keys()).toEqual([]);
  });

  test('deleted between looking and reading is gone as well', async () => {
    const { run, data } = bench(GOOD, {}, false);
    data.before = (call) => {
      if (call === 'get') data.delete(SOURCE_KEY);
    };
    expect(await run()).toEqual({ status: 'SOURCE_GONE' });
  });

  test('overwritten between looking and reading is not read under the name of the old one', async () => {
    const { run, data, processed } = bench(GOOD, {}, false);
    data.before = (call, key) => {
      if (call === 'get' && key === SOURCE_KEY) data.seed(SOURCE_KEY, Buffer.from('ok other\n'));
    };
    await expect(run()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(processed.keys()).toEqual([]);
  });

  test('whose connection ends early is not taken for a truncated file', async () => {
    const { run, context, data, processed } = bench(GOOD);
    const { deidentify } = context.engine;
    const fooled = standInEngine({
      deidentify: async (input) => {
        try {
          for await (const chunk of input.source) void chunk;
        } catch {
          // As an engine would that takes every error for a fault of the file.
        }
        const result = await deidentify({ ...input, source: Object.assign(empty()) });
        return { ...result, failure: 'SRC_TRUNCATED' };
      },
    });
    Object.assign(context, { engine: fooled });
    const get = data.get.bind(data);
    data.get = async (key, binding) => {
      const opened = await get(key, binding);
      return opened && { ...opened, body: empty() };
    };
    await expect(run()).rejects.toMatchObject({ code: 'SOURCE_SHORT_READ' });
    expect(processed.keys()).toEqual([]);
  });

  test('that the engine did not read to its end is never committed as complete', async () => {
    const { run, context, processed } = bench(GOOD);
    const { deidentify } = context.engine;
    Object.assign(context, {
      engine: standInEngine({ deidentify: (input) => deidentify({ ...input, source: empty() }) }),
    });
    await expect(run()).rejects.toMatchObject({ code: 'SOURCE_NOT_DRAINED' });
    expect(processed.keys()).toEqual([]);
  });

  test('is never committed with counts that do not add up', async () => {
    const { run, context, processed } = bench(GOOD);
    const { deidentify } = context.engine;
    Object.assign(context, {
      engine: standInEngine({
        deidentify: async (input) => {
          const result = await deidentify(input);
          return { ...result, counts: { ...result.counts, read: result.counts.read + 1 } };
        },
      }),
    });
    await expect(run()).rejects.toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(processed.keys()).toEqual([]);
  });
});

describe('conflicting writes', () => {
  test('a put that met another one is repeated', async () => {
    const { run, processed } = bench(['ok']);
    const { run: whole, processed: unparted } = bench(['ok'], { partBytes: 1_000_000 });
    processed.before = contendedBy('putIfAbsent', 2);
    unparted.before = contendedBy('putIfAbsent', 3);
    expect((await run()).status).toBe('COMPLETED');
    expect((await whole()).status).toBe('COMPLETED');
  });

  test('a multipart upload that met another one starts again from the source', async () => {
    const { run, processed } = bench(GOOD);
    processed.before = contendedBy('completeIfAbsent', 2);
    expect((await run()).status).toBe('COMPLETED');
    expect(processed.calls.filter(({ call }) => call === 'createUpload')).toHaveLength(3);
    expect(processed.openUploads).toBe(0);
  });

  test('a write that never gets through fails the message', async () => {
    const { run, processed } = bench(GOOD);
    processed.before = contendedBy('completeIfAbsent', 99);
    await expect(run()).rejects.toMatchObject({ code: 'COMMIT_CONTENDED' });
    expect(processed.openUploads).toBe(0);
  });
});

async function* empty(): AsyncGenerator<Uint8Array> {
  // Ends at once.
}

function unzippedOrText(body: Buffer): string {
  return body[0] === 0x1f ? unzipped(body) : body.toString();
}
