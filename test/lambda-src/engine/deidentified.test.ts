import * as fc from 'fast-check';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { runEngine, type Run } from '../../support/run-engine';
import { syntheticFile, syntheticPerson } from '../../support/synthetic-patients';

const PATIENTS = 40;
const BROKEN = 3;
const tables = DeidPolicy.safeHarbor()._compile();

async function run(source: string | Uint8Array): Promise<Run> {
  return runEngine(source, { tables });
}

/** All that is told outside the PHI side: the output, and every figure of the result. */
function told({ rejectLines, ...rest }: Run): string {
  return JSON.stringify({
    ...rest,
    rejectLines: rejectLines.map((line) => ({ ...line, raw: '', rawBase64: '' })),
  });
}

/** What must not be told of a person; the five digits of a ZIP code might stand in a hash by chance. */
function marksOf(index: number): string[] {
  const { state: _, postalCode, ...marks } = syntheticPerson(index);
  return [...Object.values(marks), `"${postalCode}`];
}

describe.each(['ndjson', 'bundle'] as const)('a file of synthetic patients as %s', (format) => {
  const source = [...syntheticFile({ patients: PATIENTS, format, broken: BROKEN })].join('');
  let result: Run;
  beforeAll(async () => {
    result = await run(source);
  });

  test('comes out with an account for every record', () => {
    const { counts, output, rejects, failure, deid } = result;
    expect(failure).toBeUndefined();
    expect(counts.byType.Patient).toBe(PATIENTS);
    expect(counts.rejected).toBe(BROKEN);
    expect(counts.written).toBe(counts.read - BROKEN);
    expect([output.count, rejects.count]).toEqual([counts.written, BROKEN]);
    expect(output.bytes).toBe(Buffer.byteLength(result.text));
    for (const kind of [deid.redacted, deid.hashed, deid.generalized]) expect(kind).toBeGreaterThan(counts.written / 2);
  });

  test('tells nothing of any patient outside the rejects', () => {
    const text = told(result);
    for (let index = 0; index < PATIENTS; index++) {
      for (const mark of marksOf(index)) expect(text.includes(mark)).toBe(false);
      expect(text).toContain(`\\"${syntheticPerson(index).state}\\"`);
    }
  });

  test('holds JSON with a type on every line', () => {
    const types = result.lines.map((line) => (JSON.parse(line) as { resourceType: string }).resourceType);
    expect(new Set(types)).toEqual(new Set(['Patient', 'Encounter', 'Condition', 'Observation']));
  });

  test('keeps records joined: every subject is a patient of the file', () => {
    const records = result.lines.map((line) => JSON.parse(line) as { id: string; subject?: { reference: string } });
    const ids = new Set(records.map(({ id }) => id));
    expect(ids.size).toBe(records.length);
    for (const { subject } of records) {
      if (subject) expect(ids.has(subject.reference.replace('Patient/', ''))).toBe(true);
    }
  });
});

test('a Bundle comes out as the same bytes as its lines', async () => {
  const lines = await run([...syntheticFile({ patients: 10 })].join(''));
  const bundle = await run([...syntheticFile({ patients: 10, format: 'bundle' })].join(''));
  expect(bundle.output).toEqual(lines.output);
});

test('a Bundle as a line among records stays one record, with each resource in it judged as its own', async () => {
  const inner = '{"resourceType":"Patient","id":"b","gender":"other","name":[{"family":"CANARY"}]}';
  const { counts, text } = await run(
    `{"resourceType":"Patient","id":"a"}\n{"resourceType":"Bundle","entry":[{"resource":${inner}}]}\n`,
  );
  expect(counts).toMatchObject({ read: 2, byType: { Patient: 1, Bundle: 1 } });
  expect(text).toContain('"gender":"other"');
  expect(text).not.toContain('CANARY');
});

test('a resource without an id takes that of its fullUrl, as references to it do', async () => {
  const { lines } = await run(
    JSON.stringify({
      entry: [
        {
          resource: { resourceType: 'Patient', active: true },
          fullUrl: 'urn:uuid:0b4d0c3e-5f1a-4e55-9d6f-3f2d8f1f7a10',
        },
        {
          fullUrl: 'urn:uuid:f2a91a5b-ff9c-4f19-8a3c-9b8f56f1a8cc',
          resource: {
            resourceType: 'Observation',
            status: 'final',
            subject: { reference: 'urn:uuid:0b4d0c3e-5f1a-4e55-9d6f-3f2d8f1f7a10' },
          },
        },
      ],
      resourceType: 'Bundle',
    }),
  );
  const [patient, observation] = lines.map(
    (line) => JSON.parse(line) as { id: string; subject?: { reference: string } },
  );
  expect(observation.subject?.reference).toBe(`urn:uuid:${patient.id}`);
});

describe.each(['ndjson', 'bundle'] as const)('a damaged file of patients as %s', (format) => {
  const whole = Buffer.from([...syntheticFile({ patients: 2, format })].join(''));
  const marks = [0, 1].flatMap(marksOf);
  const telling = fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\\n\0')), fc.nat(255));
  const edit = fc.record({
    at: fc.nat(whole.length),
    drop: fc.nat(30),
    repeat: fc.nat(30),
    insert: fc.option(telling),
  });

  test('tells nothing, accounts for all and writes JSON only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 4 }), async (edits) => {
        const source = edits.reduce<Buffer>((bytes, { at, drop, repeat, insert }) => {
          const inserted = insert === null ? [] : [insert];
          return Buffer.concat([bytes.subarray(0, at + repeat), Uint8Array.from(inserted), bytes.subarray(at + drop)]);
        }, whole);
        const result = await run(source);
        const { read, written, dropped, rejected } = result.counts;
        expect(written + dropped + rejected).toBe(read);
        const text = told(result);
        expect(marks.filter((mark) => text.includes(mark)).length).toBe(0);
        for (const line of result.lines) expect(typeof JSON.parse(line)).toBe('object');
      }),
      { numRuns: 60 },
    );
  });
});
