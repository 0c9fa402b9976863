import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ListeningIo } from './listening-io';
import { run } from '../../cli-src/cli';

let dir: string;
beforeAll(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-'))));
afterAll(() => fs.rmSync(dir, { recursive: true }));

async function policy(...args: string[]): Promise<ListeningIo & { code?: number }> {
  const io: ListeningIo & { code?: number } = new ListeningIo();
  io.code = await run(['policy', ...args], io);
  return io;
}

function written(content: unknown): string {
  const file = path.join(dir, 'policy.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

const RULES = {
  version: 1,
  fhir: {
    fhirPathRules: [
      { path: "nodesByType('HumanName')", method: 'redact' },
      { path: 'Patient.name.family', method: 'keep' },
      { path: 'Patient.birthDate', method: 'dateShift' },
    ],
  },
  hl7v2: [
    { path: 'PID-11', method: 'redact' },
    { path: 'PID-11.4', method: 'keep' },
    { path: 'PV1-7.1', method: 'cryptoHash' },
  ],
  csv: [
    { column: 'Risk Score', method: 'keep' },
    { column: 'Visit Date', method: 'dateShift' },
  ],
};

describe('policy check', () => {
  test('says errors and warnings with rule, reason and remedy, and ends with 1', async () => {
    const rules = [
      { path: 'Patient.adress', method: 'redact' },
      { path: 'Patient.name', method: 'hide' },
    ];
    const io = await policy('check', written({ version: 1, fhir: { fhirPathRules: rules } }));
    expect(io.code).toBe(1);
    expect(io.lines[0]).toMatch(
      /^error: POLICY_UNKNOWN_PATH .*fhir rule 1 \(Patient\.adress\).*did you mean Patient\.address\?/,
    );
    expect(io.lines[1]).toMatch(/^error: POLICY_INVALID .*fhir rule 2 .*method must be one of keep/);
    expect(io.lines.join('\n')).toContain('2 errors, 0 warnings');
  });

  test('a sound file ends with 0, and tells its hash and the size of its tables', async () => {
    const io = await policy('check', written({ version: 1 }));
    expect(io.code).toBe(0);
    expect(io.lines.join('\n')).toMatch(
      /profile\s+safe-harbor[\s\S]*0 errors[\s\S]*sha256\s+[0-9a-f]{64}\ntables\s+\d+ KB/,
    );
  });

  test('a rule that never decides, and one that shows more than Safe Harbor, are warnings', async () => {
    const io = await policy('check', written(RULES), '--json');
    const { problems } = JSON.parse(io.lines[0]) as {
      problems: { severity: string; rule?: number; message: string }[];
    };
    expect(problems).toContainEqual(expect.objectContaining({ severity: 'warning', section: 'fhir', rule: 2 }));
    expect(problems).toContainEqual(expect.objectContaining({ severity: 'warning', section: 'fhir', rule: 3 }));
    expect(problems).not.toContainEqual(expect.objectContaining({ code: 'POLICY_INVALID' }));
    expect(io.code).toBe(0);
  });
});

test("policy check of a configuration of Microsoft's tool says what it does and does not cover", async () => {
  const fhirPathRules = [
    { path: 'Patient.name', method: 'redact' },
    { path: 'Resource.id', method: 'cryptoHash' },
    { path: "Patient.extension('x')", method: 'redact' },
  ];
  const io = await policy('check', written({ fhirVersion: 'R4', fhirPathRules, parameters: { dateShiftKey: '123' } }));
  const said = io.lines.join('\n');
  expect(said).toContain("1 rule as in Microsoft's tool, 1 different, 1 not covered");
  expect(said).toMatch(/different: the code has 128 bits.*\n\s+rule 2: Resource\.id, cryptoHash/);
  expect(said).toMatch(/not covered: .*\n\s+rule 3: Patient\.extension\('x'\), redact/);
  expect(said).toContain('keys in the file are ignored');
  expect(said).toContain('a Bundle comes out as NDJSON');
  expect(said).toContain('reckoned by the year, from the last change of the source');
});

describe('policy explain', () => {
  test('names the rule that decides over an element of FHIR, and those that come too late', async () => {
    const io = await policy('explain', written(RULES), '--path', 'Patient.name.family');
    expect(io.lines.join('\n')).toMatch(/becomes\s+removed\ndecided by\s+rule 1: nodesByType\('HumanName'\), redact/);
    expect(io.lines.join('\n')).toMatch(/too late\s+rule 2: Patient\.name\.family, keep/);
  });

  test('names the profile where no rule decides, with the reason', async () => {
    const io = await policy('explain', 'safe-harbor', '--path', 'Patient.address.postalCode');
    expect(io.lines.join('\n')).toMatch(/decided by\s+profile safe-harbor\nbecause\s+no rule matches it/);
  });

  test.each([
    ['PID-11.4', /becomes\s+removed\ndecided by\s+rule 1: PID-11, redact[\s\S]*too late\s+rule 2: PID-11\.4, keep/],
    ['PID-19', /becomes\s+removed[\s\S]*identifier \(G\), social security numbers/],
    ['PID-3.1', /becomes\s+keyed code/],
    ['PID-3.5', /becomes\s+kind of id/],
    ['PV1-2.3', /becomes\s+coding system, where its code is kept/],
    ['ZPD-3', /becomes\s+removed[\s\S]*a sender's own/],
    ['csv:risk_score', /becomes\s+text as written\ndecided by\s+rule 1: Risk Score, keep/],
    ['csv:SSN', /becomes\s+removed[\s\S]*identifier \(G\)/],
    ['PV1-7.1', /becomes\s+replaced by a keyed code\ndecided by\s+rule 3: PV1-7\.1, cryptoHash/],
    ['PV1-7', /becomes\s+replaced by a keyed code\ndecided by\s+profile[\s\S]*rule 3 decides over PV1-7\.1 in it/],
    ['PID-11', /becomes\s+removed\ndecided by\s+rule 1: PID-11, redact\nbecause\s+it is the first [^;]*\n?$/],
    ['MSH-2', /becomes\s+as written[\s\S]*how the message is read/],
    ['csv:visit_date', /becomes\s+shifted by a number of days[\s\S]*removed where it is as old as an age over 89/],
    ['csv:BIRTH_DAT', /becomes\s+removed[\s\S]*unknown columns are removed; did you mean BIRTH_DT\?/],
    ['csv:FAVOURITE', /becomes\s+removed[\s\S]*the dictionary does not know it/],
  ])('%s', async (asked, answer) => {
    expect((await policy('explain', written(RULES), '--path', asked)).lines.join('\n')).toMatch(answer);
  });

  test.each([
    ['Patient.adress', 'did you mean address?'],
    ['Patient.deceased[x]', 'leave [...] out'],
    ['Home.address', 'write Patient.address.city, PID-11.3 or csv:CITY, say'],
    ['PDI-5', 'did you mean PD1?'],
    ['PID-99', 'did you mean one of PID-1 to PID-40?'],
    ['PID-11.99', 'did you mean one of PID-11.1 to PID-11.23?'],
    ['PID-0', 'counted from 1'],
    ['pid-5', 'write it like PID-5'],
    ['PID', 'write PID-1, say'],
    ['csv:', 'write csv:ZIP, say'],
  ])('%s, which nothing has, is an error with a suggestion', async (asked, suggestion) => {
    const io = await policy('explain', 'safe-harbor', '--path', asked);
    expect([io.code, io.errors]).toEqual([1, expect.stringContaining(suggestion)]);
  });

  test('answers as JSON: one for each type of a choice', async () => {
    const io = await policy('explain', 'safe-harbor', '--path', 'Patient.deceased', '--json');
    expect(JSON.parse(io.lines[0])).toMatchObject([{ type: 'boolean' }, { type: 'dateTime' }]);
  });
});

test.each([
  ['safeharbor', 'did you mean safe-harbor?'],
  ['ms-r4-compat', 'name it in a policy file'],
  ['absent.json', 'check the path'],
])('%s, neither a profile nor a file, is an error that says what there is', async (name, hint) => {
  for (const args of [
    ['policy', 'check', name],
    ['deidentify', 'in', 'out', '--policy', name],
  ]) {
    const io = new ListeningIo();
    expect(await run(args, io)).toBe(1);
    expect(io.errors).toMatch(/a policy must be safe-harbor, limited-data-set, validate-only or a file, got /);
    expect(io.errors).toContain(hint);
  }
});

test.each([[['explain', 'safe-harbor']], [['check', 'safe-harbor', '--path', 'x']], [['list', 'safe-harbor']]])(
  'what is no question is a usage error: %j',
  async (args) => expect((await policy(...args)).code).toBe(2),
);
