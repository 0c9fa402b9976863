import { runUnder } from './rule-tables';
import { KEY, patient, run, TABLES } from './run-transform';
import { deriveSubKey, keyId } from '../../../../lambda-src/engine/keys';
import { DeidPolicy, IdTreatment } from '../../../../src/deidentification/deid-policy';
import { Compiled, rule, settings } from '../../../deidentification/fhir/compile';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idOf = (id: string): unknown => run(patient({ id })).json.id;
const referenceTo = (reference: unknown): unknown =>
  run({ resourceType: 'Observation', subject: { reference, display: 'CANARY' } }).json.subject;

describe('keys', () => {
  test('each purpose has a key of its own, the same each time', () => {
    const keys = (['pseudonym', 'run', 'source', 'date-shift'] as const).map((purpose) =>
      deriveSubKey(KEY, purpose).toString('hex'),
    );
    expect(new Set(keys).size).toBe(4);
    expect(deriveSubKey(KEY, 'run').toString('hex')).toBe(keys[1]);
    expect(deriveSubKey(new Uint8Array(32), 'run').toString('hex')).not.toBe(keys[1]);
    expect(keyId(KEY)).toMatch(/^[0-9a-f]{16}$/);
    expect(keyId(KEY)).not.toBe(keyId(new Uint8Array(32)));
  });
});

describe('ids', () => {
  test('an id becomes a code in the form of a UUID, the same wherever it occurs', () => {
    const code = idOf('pat-1') as string;
    expect(code).toMatch(UUID);
    expect(referenceTo('Patient/pat-1')).toEqual({ reference: `Patient/${code}` });
    expect(referenceTo('Patient/pat-1/_history/3')).toEqual({ reference: `Patient/${code}` });
    expect(referenceTo('https://fhir.example/r4/Patient/pat-1')).toEqual({ reference: `Patient/${code}` });
    expect(referenceTo('urn:uuid:pat-1')).toEqual({ reference: `urn:uuid:${code}` });
    expect(referenceTo('pat-1')).toEqual({ reference: code });
    expect(referenceTo('#pat-1')).toEqual({ reference: `#${code}` });
    expect(referenceTo('urn:oid:1.2.3')).toEqual({ reference: `urn:uuid:${String(idOf('1.2.3'))}` });
  });

  test('the case of a UUID means nothing, the case of any other id does', () => {
    expect(idOf('2FEB4FC9-0B59-4D72-BC87-AAFCF11083D9')).toBe(idOf('2feb4fc9-0b59-4d72-bc87-aafcf11083d9'));
    expect(idOf('ABC')).not.toBe(idOf('abc'));
  });

  test.each([
    'Patient?identifier=CANARY', 'http://canary.example/page', 'Canary/1', 'Patient/', '/Patient/1', 'Patient/1?x=2', 'a/Patient/1',
    'ftp://x/Patient/1', 'Patient/CANARY NAME', '', 'http://x/?y/Patient/1', `Patient/${'1'.repeat(65)}`, 'mailto:canary@example.com', 'Patient/1#x',
    '#CANARY NAME', 'urn:uuid:CANARY NAME', 'urn:oid:CANARY NAME', 'urn:uuid:', 'Patient/1/_history2/3', 'Patient/1/history/3',
  ])('case %#: a reference that is none by id is dropped', (reference) => expect(referenceTo(reference)).toBeUndefined()); // prettier-ignore

  test('a logical reference is dropped, and what stands beside a literal one', () => {
    const subject = { type: 'Patient', identifier: { value: 'CANARY' }, display: 'CANARY' };
    expect(run({ resourceType: 'Observation', subject }).json).toEqual({ resourceType: 'Observation' });
    expect(
      run({ resourceType: 'Observation', subject: { ...subject, reference: 'Patient/1' } }).json.subject,
    ).toMatchObject({ type: 'Patient' });
    expect(run({ resourceType: 'Observation', subject: { type: 'CANARY', reference: '#' } }).json.subject).toEqual({
      reference: '#',
    });
  });

  test('an id that is none rejects the record', () => {
    for (const id of ['a b', '', 'x'.repeat(65), 'a/b', 'ä', 7, {}]) {
      expect(run(patient({ id })).code).toBe('FHIR_BAD_PRIMITIVE');
    }
  });

  test('ids of elements are no logical ids', () => {
    expect(run(patient({ contact: [{ id: 'CANARY', gender: 'male' }] })).json.contact).toEqual([{ gender: 'male' }]);
  });

  test('a resource without an id takes that of its entry, in whichever form that comes', () => {
    const code = idOf('abc-1');
    for (const entry of ['abc-1', 'urn:uuid:abc-1', 'https://fhir.example/Patient/abc-1']) {
      expect(run(patient({ active: true }), undefined, entry).json).toEqual({
        resourceType: 'Patient',
        id: code,
        active: true,
      });
    }
    expect(run(patient({ id: 'own' }), undefined, 'abc-1').json.id).toBe(idOf('own'));
    expect(run(patient({}), undefined, 'no id at all').json).toEqual({ resourceType: 'Patient' });
  });

  test('a resource shows nothing of the URL of its entry where a rule hides that', () => {
    const under = (...rules: object[]): string => {
      const tables = { ...TABLES, fhir: new Compiled(settings(), rules).fhir };
      return runUnder(tables, { resourceType: 'Patient' }, 'abc-1').text;
    };
    const none = '{"resourceType":"Patient"}';
    expect(under()).toBe('{"id":"abc-1","resourceType":"Patient"}');
    expect(under(rule('Bundle.entry.fullUrl', 'redact'))).toBe(none);
    expect(under(rule('Bundle.entry.fullUrl', 'encrypt'))).toBe(none);
    expect(under(rule('Bundle.entry', 'redact'))).toBe(none);
    const code = String(idOf('abc-1'));
    expect(under(rule('Bundle.entry', 'redact'), rule('Resource.id', 'cryptoHash'))).toContain(`"id":"${code}"`);
  });

  test('a reference within another that a rule shows takes nothing from the outer one, wherever it stands', () => {
    const rules = [rule("nodesByType('Identifier').assigner.reference", 'cryptoHash')];
    const tables = { ...TABLES, fhir: new Compiled(settings('safe-harbor'), rules).fhir };
    const identifier = '"identifier":{"assigner":{"reference":"\\u004frganization/abcdefghijklmnop"}}';
    const reference = '"reference":"Patient/p1"';
    for (const members of [`${identifier},${reference}`, `${reference},${identifier}`]) {
      const { text } = runUnder(tables, `{"resourceType":"Observation","subject":{${members}}}`);
      expect(JSON.parse(text)).toEqual({
        resourceType: 'Observation',
        subject: {
          identifier: { assigner: { reference: `Organization/${String(idOf('abcdefghijklmnop'))}` } },
          reference: `Patient/${String(idOf('p1'))}`,
        },
      });
    }
  });

  test('dropping them is the strict choice', () => {
    const strict = DeidPolicy.safeHarbor({ ids: IdTreatment.DROP });
    const observation = { resourceType: 'Observation', id: 'x', status: 'final', subject: { reference: 'Patient/1' } };
    expect(run(observation, strict, 'x').json).toEqual({ resourceType: 'Observation', status: 'final' });
  });

  test('many ids do not disturb each other', () => {
    const codes = new Set(Array.from({ length: 3000 }, (_, seed) => idOf(`id-${seed}`)));
    expect(codes.size).toBe(3000);
  });
});
