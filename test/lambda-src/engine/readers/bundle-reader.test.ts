import * as fc from 'fast-check';
import { bundle, resources } from '../../../support/arbitrary-resources';
import { PassThrough } from '../../../support/pass-through';
import { runEngine } from '../../../support/run-engine';

describe('a Bundle', () => {
  test('comes out as the NDJSON of its entries, whatever the order of its keys', async () => {
    await fc.assert(
      fc.asyncProperty(resources, fc.boolean(), fc.constantFrom(undefined, 2, '\t'), async (all, late, indent) => {
        const { resourceType, entry } = bundle(all);
        const source = late ? { meta: {}, entry, resourceType } : { resourceType, type: 'collection', entry };
        const run = await runEngine(JSON.stringify(source, null, indent));
        const ndjson = await runEngine(all.map((one) => JSON.stringify(one)).join('\n'));
        expect(run.format).toBe('fhir-bundle');
        expect(run.text).toBe(ndjson.text);
        expect(run.counts).toEqual(ndjson.counts);
      }),
      { numRuns: 60 },
    );
  });

  test('counts an entry without a resource as dropped', async () => {
    const run = await runEngine(
      '{"resourceType":"Bundle","entry":[{"request":{"method":"DELETE"}},{},{"resource":{"resourceType":"Patient"}}]}',
    );
    expect(run.counts).toMatchObject({ read: 3, written: 1, dropped: 2, rejected: 0 });
  });

  test('without entries holds no records', async () => {
    const run = await runEngine('{"resourceType":"Bundle","type":"searchset","total":0}');
    expect(run).toMatchObject({ format: 'fhir-bundle', counts: { read: 0 } });
    expect(run.failure).toBeUndefined();
  });

  test('gives the id of fullUrl with each resource, in either order of keys', async () => {
    const transform = new PassThrough();
    const entries = [
      '"fullUrl":"urn:uuid:0a","resource":{"resourceType":"Patient"}',
      '"resource":{"resourceType":"Patient"},"fullUrl":"http://server/fhir/Patient/b-1"',
      '"resource":{"resourceType":"Patient"},"fullUrl":"Patient\\/c"',
      '"\\u0066ullUrl":"urn:uuid:d","\\u0072esource":{"resourceType":"Patient"}',
      '"resource":{"resourceType":"Patient","fullUrl":"urn:uuid:not-this"}',
      '"fullUrl":"http://server/fhir/Patient?name=x","resource":{"resourceType":"Patient"}',
      '"fullUrl":"http://server/Patient/v/_history/2","resource":{"resourceType":"Patient"}',
      `"fullUrl":"http://server/${'x'.repeat(5000)}/Patient/e","resource":{"resourceType":"Patient"}`,
    ];
    const source = `{"resourceType":"Bundle","entry":[${entries.map((entry) => `{${entry}}`).join(',')}]}`;
    await runEngine(source, { createTransform: () => transform });
    expect(transform.entryIds).toEqual(['0a', 'b-1', 'c', 'd', undefined, undefined, 'v', undefined]);
  });

  test('may be far larger than a record, an entry may not', async () => {
    const limits = { maxRecordBytes: 200 };
    const small = '{"resource":{"resourceType":"Patient"}}';
    const large = `{"resource":{"resourceType":"Patient","id":"${'x'.repeat(200)}"}}`;
    const list = [...Array<string>(50).fill(small), large, ...Array<string>(50).fill(small)].join(',');
    for (const source of [
      `{"resourceType":"Bundle","entry":[${list}]}`,
      `{"entry":[${list}],"resourceType":"Bundle"}`,
    ]) {
      const run = await runEngine(source, { limits });
      expect(run.counts).toMatchObject({ read: 101, written: 100, byError: { REC_TOO_LARGE: 1 } });
    }
  });

  test('with two resources in one entry has that entry rejected', async () => {
    const run = await runEngine(
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"},"resource":{"resourceType":"Group"}}]}',
    );
    expect(run.counts).toMatchObject({ read: 1, byError: { FHIR_DUPLICATE_KEY: 1 } });
  });

  test('with something else in place of an entry or a resource has it rejected', async () => {
    const run = await runEngine('{"resourceType":"Bundle","entry":[null,[1],"x",{"resource":null},{"resource":7}]}');
    expect(run.counts).toMatchObject({ read: 5, byError: { REC_SYNTAX: 5 } });
  });

  test('with a broken entry has that entry rejected, where its brackets still balance', async () => {
    const run = await runEngine(
      '{"resourceType":"Bundle","entry":[{"resource":{"a":[1}}},{"resource":{"resourceType":"Patient"}}]}',
    );
    expect(run.counts).toMatchObject({ read: 2, written: 1, byError: { REC_SYNTAX: 1 } });
  });

  test('may be followed by others, on lines or not', async () => {
    const one = JSON.stringify(bundle([{ resourceType: 'Patient' }]));
    for (const between of ['', '\n', '\r\n\r\n']) {
      expect((await runEngine([one, one, one].join(between))).counts).toMatchObject({ read: 3, written: 3 });
    }
  });

  test.each<[string, string, string]>([
    [
      'that is cut off inside an entry',
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Pa',
      'SRC_TRUNCATED',
    ],
    ['that is cut off between entries', '{"resourceType":"Bundle","entry":[{"resource":{"a":1}}', 'SRC_TRUNCATED'],
    ['that lacks its last bracket', '{"resourceType":"Bundle","entry":[{"resource":{"a":1}}]', 'SRC_TRUNCATED'],
    ['with one bracket too many', '{"resourceType":"Bundle","entry":[]}}', 'SRC_UNKNOWN_FORMAT'],
    ['followed by something else', '{"resourceType":"Bundle","entry":[]} tail', 'SRC_UNKNOWN_FORMAT'],
    ['followed by another resource', '{"resourceType":"Bundle"}\n{"resourceType":"Patient"}', 'SRC_UNKNOWN_FORMAT'],
    ['whose entries are no list', '{"resourceType":"Bundle","entry":{}}', 'SRC_UNKNOWN_FORMAT'],
    ['with two lists of entries', '{"resourceType":"Bundle","entry":[],"entry":[]}', 'SRC_UNKNOWN_FORMAT'],
    ['that is said to be something else too', '{"resourceType":"Bundle","resourceType":"List"}', 'SRC_UNKNOWN_FORMAT'],
    ['without commas', '{"resourceType":"Bundle","entry":[{} {}]}', 'SRC_UNKNOWN_FORMAT'],
    ['without a colon', '{"resourceType":"Bundle","entry"[]}', 'SRC_UNKNOWN_FORMAT'],
  ])('%s fails the source', async (_, source, code) => {
    const run = await runEngine(source);
    expect(run.failure).toBe(code);
    expect(run.counts).toMatchObject({ written: 0, rejected: run.counts.read });
  });

  test('that turns out to be none after more than a record of entries fails the source', async () => {
    const run = await runEngine(`{"entry":[${'{"item":{}},'.repeat(50)}{}],"resourceType":"List"}`, {
      limits: { maxRecordBytes: 100 },
    });
    expect(run).toMatchObject({ failure: 'SRC_UNKNOWN_FORMAT', counts: { read: 51, written: 0, rejected: 51 } });
  });
});
