import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { DeidPolicy } from '../../src/deidentification/deid-policy';
import { DEFAULT_LIMITS, parsePolicy } from '../../src/deidentification/private/policy-file';
import { PolicyProblems } from '../../src/deidentification/private/policy-problems';

let dir: string;
beforeAll(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-'))));
afterAll(() => fs.rmSync(dir, { recursive: true }));

function written(content: unknown): string {
  const file = path.join(dir, 'policy.json');
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function problemsOf(content: Record<string, unknown>): string[] {
  const problems = new PolicyProblems();
  parsePolicy(content, problems);
  return problems.errors.map(({ message }) => message);
}

test('a file that only names its version is Safe Harbor: the same tables, the same hash', () => {
  const policy = DeidPolicy.fromFile(written({ version: 1 }));
  expect(policy.profile).toBe('safe-harbor');
  expect(policy._compile()).toEqual(DeidPolicy.safeHarbor()._compile());
});

test.each(['safe-harbor', 'limited-data-set', 'ms-r4-compat', 'validate-only'])('profile %s is taken', (profile) => {
  const policy = DeidPolicy.fromFile(written({ version: 1, profile }));
  expect(policy._compile().policy.profile).toBe(profile);
});

test('limits of the file are those of the tables, and change the hash', () => {
  const tables = DeidPolicy.fromFile(written({ version: 1, limits: { maxDepth: 32 } }))._compile();
  expect(tables.limits).toEqual({ ...DEFAULT_LIMITS, maxDepth: 32 });
  expect(tables.policy.sha256).not.toBe(DeidPolicy.safeHarbor()._compile().policy.sha256);
});

test('the list of restricted ZIP prefixes can only grow', () => {
  const parameters = { restrictedZipCodeTabulationAreas: ['021'] };
  const { fhir } = DeidPolicy.fromFile(written({ version: 1, fhir: { parameters } }))._compile();
  expect([fhir.zip3[21], fhir.zip3[36], fhir.zip3[22]]).toEqual(['0', '0', '1']);
});

test('a configuration of Microsoft is known by its layout; its byte-order mark is no part of it', () => {
  const policy = DeidPolicy.fromFile(written(`\uFEFF${JSON.stringify({ fhirVersion: 'R4', fhirPathRules: [] })}`));
  expect(policy.profile).toBe('ms-r4-compat');
});

describe('what is wrong is said with what was got and how to mend it', () => {
  test.each<[Record<string, unknown>, string]>([
    [{}, 'version must be 1, got nothing; write "version": 1'],
    [{ version: 2 }, 'version must be 1, got 2; write "version": 1'],
    [{ version: 1, profil: 'x' }, 'the policy has no "profil"; did you mean profile?'],
    [{ version: 1, profile: 'safeharbor' }, 'got "safeharbor"; did you mean safe-harbor?'],
    [{ version: 1, unmatched: 'drop' }, 'unmatched must be one of redact, keep, got "drop"'],
    [{ version: 1, fhir: [] }, 'fhir must be an object, got []'],
    [{ version: 1, fhir: { fhirpathRules: [] } }, 'fhir has no "fhirpathRules"; did you mean fhirPathRules?'],
    [{ version: 1, csv: {} }, 'csv must be an array of rules, got {}'],
    [{ version: 1, limits: { maxDepth: 1e9 } }, 'limits.maxDepth must be a number from 8 to 512, got 1000000000'],
    [{ version: 1, limits: { maxRecordBytes: '1' } }, 'limits.maxRecordBytes must be a number'],
    [{ fhirVersion: 'STU3', fhirPathRules: [] }, 'fhirVersion must be R4, got "STU3"'],
  ])('%j', (content, message) => {
    expect(problemsOf(content).join('\n')).toContain(message);
  });

  test('all at once, with the name of the file', () => {
    const file = written({ version: 3, profile: 'none', limits: { maxDepth: 0 } });
    expect(() => DeidPolicy.fromFile(file)).toThrow(/got 3 or more|got 3:\n(.*policy\.json.*\n?){3}/);
  });

  test('a file that is not there, is no JSON, or no object', () => {
    expect(() => DeidPolicy.fromFile(path.join(dir, 'none.json'))).toThrow(/can be read, got ENOENT/);
    expect(() => DeidPolicy.fromFile(written('{'))).toThrow(/must be JSON/);
    // Records, given in its place.
    const record = 'Abbott,Josephine,1950-03-12';
    expect(() => DeidPolicy.fromFile(written(record))).toThrow(/must be JSON: Unexpected token 'A'$/);
    expect(() => DeidPolicy.fromFile(written(`{"family":\n${record}}`))).toThrow(/must be JSON: Unexpected token 'A'$/);
    expect(() => DeidPolicy.fromFile(written('[{"family":"Abbott"}]'))).toThrow(/must be a JSON object, got an array$/);
    expect(() => DeidPolicy.fromFile(written('"Abbott"'))).toThrow(/must be a JSON object, got a string$/);
    expect(() => DeidPolicy.fromFile(written('null'))).toThrow(/must be a JSON object, got null$/);
  });

  test('a key that stands twice, of which only the last would count', () => {
    const redact = '[{"path":"Patient.name","method":"redact"}]';
    for (const twice of [
      `{"version":1,"fhir":{"fhirPathRules":${redact}},"fhir":{}}`,
      `{"version":1,"fhir":{"fhirPathRules":${redact},"fhirPath\\u0052ules" : []}}`,
      '{"version":1,"fhir":{"fhirPathRules":[{"path":"Patient.gender","method":"generalize","cases":{"true":"1","true":"2"}}]}}',
    ]) {
      expect(() => DeidPolicy.fromFile(written(twice))).toThrow(
        /must have each key once, got "(fhir|fhirPathRules|true)" twice/,
      );
    }
    const once =
      '{"version":1,"fhir":{"fhirPathRules":[{"path":"Patient.photo.title","method":"substitute","replaceWith":"{\\"version\\":1,\\"version\\":2}"}]}}';
    expect(DeidPolicy.fromFile(written(once)).profile).toBe('safe-harbor');
  });

  test('whatever JSON the file holds, the answer is a policy or an error with a reason', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('version', 'profile', 'fhir', 'csv', 'limits', 'x'), fc.jsonValue()),
        (content) => {
          const problems = new PolicyProblems();
          const policy = parsePolicy(content, problems);
          expect(policy.limits.maxDepth).toBeGreaterThan(0);
          for (const { message } of problems.all) expect(message.length).toBeGreaterThan(10);
        },
      ),
    );
  });
});
