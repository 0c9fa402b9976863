import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { PassThrough } from '../../support/pass-through';
import { cut, runEngine, type Run } from '../../support/run-engine';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const resource = fc
  .record(
    {
      id: fc.uuid(),
      text,
      nested: fc.constantFrom({ entry: [{ resource: { resourceType: 'Bundle' } }] }, { a: '}]"\\' }, []),
      n: fc.double(),
    },
    { requiredKeys: ['id'] },
  )
  .map((fields) => ({ resourceType: 'Patient', ...fields }));
const resources = fc.array(resource, { minLength: 1, maxLength: 6 });
const places = fc.array(fc.nat(5000), { maxLength: 12 });

/** All of a run that must be the same however the source comes. */
function outcome({ failure, format, counts, lines, rejectLines, bytesRead, output, rejects }: Run): object {
  // How far ahead of a failure was read is no part of it.
  return { failure, format, counts, lines, rejectLines, bytesRead: failure ? undefined : bytesRead, output, rejects };
}

describe('the outcome depends on the bytes alone', () => {
  const anySource = fc.oneof(
    resources.map((all) => Buffer.from(all.map((one) => JSON.stringify(one)).join('\n'))),
    resources.map((all) => Buffer.from(all.map((one) => JSON.stringify(one, null, 2)).join('\n'))),
    resources.map((all) => Buffer.from(JSON.stringify(bundle(all)))),
    resources.map((all) => Buffer.from(JSON.stringify({ entry: bundle(all).entry, resourceType: 'Bundle' }, null, 1))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(fc.constantFrom(...'{}[]",:\\\n \r1'), { maxLength: 60 })
      .map((chars) => Buffer.from(`{${chars.join('')}`)),
  );
  const damaged = fc
    .tuple(anySource, fc.option(fc.nat()), fc.option(fc.tuple(fc.nat(), fc.nat(255))))
    .map(([bytes, length, change]) => {
      const copy = Buffer.from(bytes.subarray(0, length === null ? undefined : length % (bytes.length + 1)));
      if (change && copy.length > 0) copy[change[0] % copy.length] = change[1];
      return copy;
    });
  const limits = fc.constantFrom({}, { maxRecordBytes: 60 });

  test('not on the chunks it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, places, limits, async (bytes, where, caps) => {
        const whole = await runEngine(bytes, { limits: caps });
        expect(outcome(await runEngine(cut(bytes, where), { limits: caps }))).toEqual(outcome(whole));
        const single = await runEngine(cut(bytes, [...bytes.keys()]), { limits: caps });
        expect(outcome(single)).toEqual(outcome(whole));
      }),
      { numRuns: 150 },
    );
  });

  test('not on being compressed', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, places, async (bytes, where) => {
        fc.pre(!(bytes[0] === 0x1f && bytes[1] === 0x8b));
        const plain = await runEngine(bytes);
        const members = cut(bytes, where).map((part) => gzipSync(part));
        const run = await runEngine(members);
        expect(outcome(run)).toEqual(outcome(plain));
        expect(run.encoding).toBe('gzip');
      }),
      { numRuns: 60 },
    );
  });

  test('and every record read is written, dropped or rejected', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, limits, async (bytes, caps) => {
        const { counts, lines, rejectLines, output, rejects, failure } = await runEngine(bytes, { limits: caps });
        expect(counts.written + counts.dropped + counts.rejected).toBe(counts.read);
        expect(Object.values(counts.byError).reduce((a, b) => a + b, 0)).toBe(counts.rejected);
        expect([output.count, lines.length]).toEqual([counts.written, counts.written]);
        if (failure === undefined) {
          expect([rejects.count, rejectLines.length]).toEqual([counts.rejected, counts.rejected]);
        }
        for (const { raw, byteOffset, length } of rejectLines) {
          if (raw !== undefined) expect(bytes.subarray(byteOffset, byteOffset + length).toString()).toBe(raw);
        }
      }),
      { numRuns: 300 },
    );
  });
});

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

describe('NDJSON', () => {
  test('may have a mark, blank lines, CRLF and no last line end', async () => {
    const run = await runEngine(
      '\ufeff\r\n{"resourceType":"Patient","id":"1"}\r\n\n \t\r\n {"resourceType":"Group"} \r\n{"resourceType":"List"}',
    );
    expect(run.lines).toEqual([
      '{"resourceType":"Patient","id":"1"}',
      '{"resourceType":"Group"}',
      '{"resourceType":"List"}',
    ]);
    expect(run.counts.byType).toEqual({ Patient: 1, Group: 1, List: 1 });
  });

  test('may begin with a resource that has entries before its type', async () => {
    const run = await runEngine('{"entry":[{"item":{}}],"resourceType":"List"}\n{"resourceType":"Patient"}\n');
    expect(run).toMatchObject({ format: 'fhir-ndjson', counts: { read: 2, written: 2 } });
  });

  test('may begin with a resource whose type is written with escapes, or is missing', async () => {
    const run = await runEngine(
      '{"resource\\u0054ype":"\\u0042undle","entry":[{"resource":{"resourceType":"Group"}}]}',
    );
    expect(run).toMatchObject({ format: 'fhir-bundle', counts: { byType: { Group: 1 } } });
    expect((await runEngine('{"a":1}\n{"b":2}\n')).counts).toMatchObject({ read: 2, byError: { FHIR_NO_TYPE: 2 } });
  });
});

describe('a resource on several lines', () => {
  const pretty = JSON.stringify({ resourceType: 'Patient', name: [{ family: 'x' }] }, null, 2);

  test('is one record', async () => {
    const run = await runEngine(pretty);
    expect(run).toMatchObject({ format: 'fhir-ndjson', counts: { read: 1, written: 1 } });
  });

  test('may be followed by others', async () => {
    expect((await runEngine(`${pretty}\n${pretty}\n`)).counts).toMatchObject({ read: 2, written: 2 });
  });

  test('that is cut off fails the source', async () => {
    expect((await runEngine(pretty.slice(0, -10))).failure).toBe('SRC_TRUNCATED');
  });
});

function bundle(all: readonly object[]): { resourceType: string; entry: { resource: object }[] } {
  return { resourceType: 'Bundle', entry: all.map((one) => ({ fullUrl: 'urn:uuid:x', resource: one })) };
}
