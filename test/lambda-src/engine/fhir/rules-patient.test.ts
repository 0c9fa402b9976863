import { runUnder, tablesOf } from './rule-tables';
import { PatientFinder, WAYS } from '../../../../lambda-src/engine/fhir/patient';
import { readElementTable } from '../../../../src/deidentification/private/fhir/element-table';
import type { ValueRule } from '../../../../src/deidentification/private/value-rule';
import { applyRule } from '../values/apply-rule';

const RULES: ValueRule[] = [
  { method: 'dateShift', form: 'date' },
  { method: 'perturb', span: 10, rangeType: 'fixed', roundTo: 3 },
];
const FIELDS = {
  id: ['any'],
  date: ['rule', 0],
  late: ['rule', 0],
  amount: ['rule', 1],
  contained: ['resource'],
  entry: ['walk', 8],
} as const;
const TYPES = ['Patient', 'Observation', 'Coverage', 'Task', 'Appointment', 'Account', 'Bundle', 'Practitioner'];
const TABLES = tablesOf(Object.fromEntries(TYPES.map((type) => [type, FIELDS])), [{ resource: ['resource'] }], RULES);

const DATE = '2000-06-15';

/** What becomes of the date under a patient's number of days; of nobody's, the year. */
function shiftedFor(patient: string): string | undefined {
  return applyRule(RULES[0], DATE, { patient }).text;
}

interface Resource {
  readonly date?: string;
  readonly late?: string;
  readonly amount?: number;
  readonly contained?: readonly Resource[];
  readonly entry?: readonly { readonly resource: Resource }[];
}

function run(record: string | object, entryId?: string): Resource {
  const { code, text } = runUnder(TABLES, record, entryId);
  return { ...(JSON.parse(code ? `{"code":"${code}"}` : text) as Resource) };
}

describe('whose dates these are', () => {
  test.each([
    ['a Patient by its id', { resourceType: 'Patient', id: 'pat-1' }],
    ['an Observation by its subject', { resourceType: 'Observation', subject: { reference: 'Patient/pat-1' } }],
    [
      'by an absolute URL',
      { resourceType: 'Observation', subject: { reference: 'https://a.example/r4/Patient/pat-1' } },
    ],
    ['by a version', { resourceType: 'Observation', subject: { reference: 'Patient/pat-1/_history/2' } }],
    ['by a URN', { resourceType: 'Observation', subject: { reference: 'urn:uuid:pat-1' } }],
    ['by its patient', { resourceType: 'Observation', patient: { reference: 'Patient/pat-1' } }],
    ['a Coverage by its beneficiary', { resourceType: 'Coverage', beneficiary: { reference: 'Patient/pat-1' } }],
    ['a Task by whom it is for', { resourceType: 'Task', for: { reference: 'Patient/pat-1' } }],
    ['an Account by its only subject', { resourceType: 'Account', subject: [{ reference: 'Patient/pat-1' }] }],
    [
      'an Appointment by the one patient who takes part',
      {
        resourceType: 'Appointment',
        participant: [{ actor: { reference: 'Practitioner/1' } }, { actor: { reference: 'Patient/pat-1' } }],
      },
    ],
    [
      'by the next element where the first names none',
      { resourceType: 'Observation', subject: { reference: 'Group/1' }, patient: { reference: 'Patient/pat-1' } },
    ],
  ])('%s', (_, record) => {
    expect(run({ ...record, date: DATE }).date).toBe(shiftedFor('pat-1'));
    expect(run({ date: DATE, ...record }).date).toBe(shiftedFor('pat-1'));
  });

  test('is told wherever the key stands and however it is written', () => {
    const text = `{"date":"${DATE}","resourceType":"Observation","\\u0073ubject":{"x":1,"refe\\u0072ence":"Pati\\u0065nt/p\\u0061t-1"}}`;
    expect(run(text).date).toBe(shiftedFor('pat-1'));
  });

  test('is the same for a UUID in small letters and in capitals', () => {
    const id = '0a1b2c3d-abcd-4ef0-8123-456789abcdef';
    const dates = [id, id.toUpperCase()].flatMap((one) => [
      run({ resourceType: 'Patient', id: one, date: DATE }).date,
      run({ resourceType: 'Observation', subject: { reference: `Patient/${one}` }, date: DATE }).date,
      run({ resourceType: 'Patient', date: DATE }, `urn:uuid:${one}`).date,
    ]);
    expect(new Set(dates)).toEqual(new Set([shiftedFor(id)]));
  });

  test('is the id of the Bundle entry for a Patient without one, and for nobody else', () => {
    expect(run({ resourceType: 'Patient', date: DATE }, 'urn:uuid:pat-1').date).toBe(shiftedFor('pat-1'));
    expect(run({ resourceType: 'Patient', id: 'pat-2', date: DATE }, 'urn:uuid:pat-1').date).toBe(shiftedFor('pat-2'));
    expect(run({ resourceType: 'Observation', date: DATE }, 'urn:uuid:pat-1').date).toBe('2000');
  });

  test('decides over noise as well', () => {
    const amount = (patient: string): number => Number(applyRule(RULES[1], '5', { patient }).text);
    expect(run({ amount: 5, resourceType: 'Patient', id: 'pat-1' }).amount).toBe(amount('pat-1'));
    expect(run({ amount: 5, resourceType: 'Practitioner', id: 'pat-1' }).amount).toBe(amount(''));
  });
});

describe('the year is left where it is nobody that we know', () => {
  test.each([
    ['no reference', { resourceType: 'Observation' }],
    ['another resource with an id', { resourceType: 'Practitioner', id: 'pat-1' }],
    ['a group', { resourceType: 'Observation', subject: { reference: 'Group/pat-1' } }],
    ['a contained resource', { resourceType: 'Observation', subject: { reference: '#pat-1' } }],
    ['an id without a type', { resourceType: 'Observation', subject: { reference: 'pat-1' } }],
    ['a search', { resourceType: 'Observation', subject: { reference: 'Patient?identifier=1' } }],
    ['an identifier', { resourceType: 'Observation', subject: { identifier: { value: 'pat-1' } } }],
    ['no text', { resourceType: 'Observation', subject: { reference: 5 } }],
    ['a text too long for an id', { resourceType: 'Patient', id: 'x'.repeat(65) }],
    ['no object', { resourceType: 'Observation', subject: 'Patient/pat-1' }],
    [
      'two patients',
      { resourceType: 'Account', subject: [{ reference: 'Patient/pat-1' }, { reference: 'Patient/pat-2' }] },
    ],
    [
      'a URN among people of all kinds',
      { resourceType: 'Appointment', participant: [{ actor: { reference: 'urn:uuid:pat-1' } }] },
    ],
  ])('%s', (_, record) => {
    expect(run({ ...record, date: DATE }).date).toBe('2000');
  });

  test('the same patient twice is one', () => {
    const subject = [{ reference: 'Patient/pat-1' }, { reference: 'http://a.example/Patient/pat-1' }];
    expect(run({ resourceType: 'Account', subject, date: DATE }).date).toBe(shiftedFor('pat-1'));
  });

  test('a patient of the record before is forgotten', () => {
    const { transform } = runUnder(TABLES, { resourceType: 'Patient', id: 'pat-1', date: DATE });
    expect(transform.counts().shifted).toBe(1);
    expect(run({ resourceType: 'Observation', date: DATE }).date).toBe('2000');
  });
});

describe('resources within resources', () => {
  test('contained ones have no identity of their own, and what comes after them is the outer one again', () => {
    const contained = [
      { resourceType: 'Patient', id: 'p', date: DATE },
      { resourceType: 'Observation', subject: { reference: 'Patient/pat-2' }, date: DATE },
    ];
    const written = run({ resourceType: 'Patient', id: 'pat-1', date: DATE, contained, late: DATE });
    expect(written.contained!.map(({ date }) => date)).toEqual(['2000', '2000']);
    expect([written.date, written.late]).toEqual([shiftedFor('pat-1'), shiftedFor('pat-1')]);
  });

  test('the outer one is looked through once, however many it holds', () => {
    const finds = jest.spyOn(PatientFinder.prototype, 'ofResource');
    const contained = Array.from({ length: 9 }, () => ({ resourceType: 'Observation', date: DATE }));
    const subject = { reference: 'Patient/pat-1' };
    expect(run({ resourceType: 'Observation', subject, contained, late: DATE }).late).toBe(shiftedFor('pat-1'));
    expect(finds).toHaveBeenCalledTimes(1);
    finds.mockRestore();
  });

  test('entries of a Bundle are each of their own patient', () => {
    const entry = ['pat-1', 'pat-2'].flatMap((id) => [
      { resource: { resourceType: 'Patient', id, date: DATE } },
      { resource: { date: DATE, resourceType: 'Observation', subject: { reference: `Patient/${id}` } } },
      { resource: { resourceType: 'Practitioner', id, date: DATE } },
    ]);
    const written = run({ resourceType: 'Bundle', date: DATE, entry, late: DATE });
    const dates = ['pat-1', 'pat-2'].flatMap((id) => [shiftedFor(id), shiftedFor(id), '2000']);
    expect(written.entry!.map(({ resource }) => resource.date)).toEqual(dates);
    expect([written.date, written.late]).toEqual(['2000', '2000']);
  });
});

test('R4 has each of the elements at the top of some resource, and no Patient elsewhere under these names', () => {
  const { types } = readElementTable();
  const resources = Object.values(types).filter(({ kind }) => kind === 'resource');
  for (const way of WAYS) {
    const found = resources.map(({ fields }) => fields[way]).filter((field) => field !== undefined);
    expect(found.some(({ type }) => type === 'Reference' || way === 'participant')).toBe(true);
  }
  expect(types['Appointment.participant'].fields.actor.type).toBe('Reference');
});
