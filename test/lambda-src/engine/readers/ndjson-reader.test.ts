import { runEngine } from '../../../support/run-engine';

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
