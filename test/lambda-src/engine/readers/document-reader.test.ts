import { runEngine } from '../../../support/run-engine';

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
