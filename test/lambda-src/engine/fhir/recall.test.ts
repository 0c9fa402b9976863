import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { ageObservation, KEY, REFERENCE_DATE, TABLES } from './run-transform';
import { syntheticRecords } from './synthetic-records';
import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { createTransform } from '../../../../lambda-src/engine/fhir';
import { DeidPolicy } from '../../../../src/deidentification/deid-policy';

/** What became of each record: a code or the output, the path, and all that was counted up to there. */
function outcomes(records: readonly string[], anew: boolean, tables = TABLES): unknown[] {
  let transform = createTransform(tables, KEY, REFERENCE_DATE);
  const before = { redacted: 0, hashed: 0, generalized: 0, shifted: 0 };
  const names = Object.keys(before) as (keyof typeof before)[];
  return records.map((record) => {
    const bytes = Buffer.from(record);
    const out = new ByteWriter();
    const code = transform.transform(bytes, 0, bytes.length, out);
    const own = transform.counts();
    for (const name of names) before[name] += own[name] * (anew ? 1 : 0);
    const counts = anew ? { ...before } : own;
    const outcome = [code ?? Buffer.from(out.written()).toString(), transform.lastPath, counts];
    if (anew) transform = createTransform(tables, KEY, REFERENCE_DATE);
    return outcome;
  });
}

/** What becomes of all records that are not rejected, read once they are all written. */
function readAtLast(records: readonly string[]): string {
  const transform = createTransform(TABLES, KEY, REFERENCE_DATE);
  const out = new ByteWriter(16);
  for (const record of records) {
    const bytes = Buffer.from(record);
    transform.transform(bytes, 0, bytes.length, out);
  }
  return Buffer.from(out.written()).toString();
}

/** A transform that remembers makes of every record what one does that has seen no other. */
function expectSame(records: readonly (string | object)[], tables = TABLES): void {
  const texts = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  expect(outcomes(texts, false, tables)).toEqual(outcomes(texts, true, tables));
}

const VITAL = { coding: [{ system: 'http://loinc.org', code: '8302-2' }], text: 'Height' };
const AGE = { coding: [{ system: 'http://loinc.org', code: '30525-0' }], text: 'Age' };

test('records as Synthea writes them', () => {
  expectSame(syntheticRecords(120));
});

test('references that come again before their codes are there, in records that are rejected, and afterwards', () => {
  const reference = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g').map((id) => ({ reference: `Patient/${id}` }));
  const observation = fc
    .record({
      id: fc.constantFrom('a', 'b', 'h'),
      subject: reference,
      performer: fc.array(reference),
      faulty: fc.nat(5),
    })
    .map(({ id, subject, performer, faulty }) =>
      JSON.stringify({
        resourceType: 'Observation',
        id,
        subject,
        performer,
        valueQuantity: { value: 5 },
        issued: faulty === 0 ? 5 : undefined,
      }),
    );
  fc.assert(
    fc.property(fc.array(observation, { minLength: 1, maxLength: 30 }), (records) => {
      const alone = records.map((record) => readAtLast([record]));
      expect(readAtLast(records)).toBe(alone.join(''));
    }),
  );
});

test('records that are made of a few values, in any order and with faults among them', () => {
  const concept = fc.constantFrom<unknown>(
    VITAL,
    AGE,
    { coding: AGE.coding },
    { ...AGE, text: 'Years lived' },
    { coding: { system: 'http://loinc.org', code: '30525-0' } },
    { coding: [{ system: 5 }] },
    [],
    'text',
  );
  const unit = fc.constantFrom(undefined, 'kg', 'a', 'years', 'Someone');
  const quantity = fc.oneof(
    fc.record({ value: fc.constantFrom<unknown>(95, 5, -0.5, 40, '5', null), unit }),
    fc.record({ unit, value: fc.constantFrom(95, 5) }),
    fc.constant({ value: 95, code: 'a', system: 'http://unitsofmeasure.org', comparator: '<' }),
  );
  const reference = fc.constantFrom<unknown>(
    { reference: 'Patient/a' },
    { reference: 'Patient/a', display: 'A' },
    null,
  );
  const address = fc.constantFrom<unknown>(
    { state: ['MA'], postalCode: ['02138'] },
    { country: 'FR', state: ['MA'], postalCode: ['02138'] },
    { state: 'MA', postalCode: '02138', period: { start: '2020-01-01' } },
  );
  const dates = fc.constantFrom<unknown>('1940-01-01', ['1940-01-01'], '1990');
  const observation = fc.record(
    {
      resourceType: fc.constant('Observation'),
      code: concept,
      subject: reference,
      valueQuantity: quantity,
      component: fc.array(fc.record({ code: concept, valueQuantity: quantity }, { requiredKeys: [] }), {
        maxLength: 2,
      }),
      modifierExtension: fc.constantFrom<unknown>(undefined, undefined, undefined, [{ url: 'x' }]),
    },
    { requiredKeys: ['resourceType'] },
  );
  const patient = fc.record(
    {
      resourceType: fc.constant('Patient'),
      address: fc.array(address, { maxLength: 2 }),
      birthDate: dates,
      deceasedDateTime: dates,
      maritalStatus: concept,
      contained: fc.array(observation, { maxLength: 1 }),
    },
    { requiredKeys: ['resourceType'] },
  );
  const spaced = fc
    .tuple(fc.oneof(observation, patient), fc.constantFrom(0, 0, 1))
    .map(([record, space]) => JSON.stringify(record, undefined, space));
  fc.assert(
    fc.property(fc.array(spaced, { maxLength: 15 }), (records) => expectSame(records)),
    { numRuns: 80 },
  );
});

test('a quantity that was shown under one code is aggregated under that of an age', () => {
  const valueQuantity = { value: 95, unit: 'kg' };
  const shown = { resourceType: 'Observation', code: VITAL, valueQuantity };
  expectSame([shown, shown, ageObservation({ valueQuantity }), shown, { ...shown, code: { ...AGE, text: 'other' } }]);
  const [, , [aged]] = outcomes(
    [shown, shown, ageObservation({ valueQuantity })].map((one) => JSON.stringify(one)),
    false,
  ) as [string][];
  expect(JSON.parse(aged)).toMatchObject({ valueQuantity: { value: 89, comparator: '>' } });
});

test('what stands beside a number is remembered, and what the number alone decides is not', () => {
  const of = (quantity: string): string => `{"resourceType":"Observation","valueQuantity":${quantity}}`;
  expectSame(
    [
      '{"value":1,"unit":"kg"}',
      '{"value":2.50,"unit":"kg"}',
      '{"value":-3e2,"unit":"kg"}',
      '{"value":01,"unit":"kg"}',
      '{"value":1.,"unit":"kg"}',
      '{"value":"1","unit":"kg"}',
      '{"value":1,"unit":"kg"',
      '{"value":4,"unit":"kg","value":5}',
      '{"value":4,"unit":"kg","value":5}',
      '["value":1,"unit":"kg"}',
      '{"value":6,"unit":"kg"}',
      '{ "value":6,"unit":"kg"}',
      '{"value":40,"unit":"a"}',
      '{"value":95,"unit":"a"}',
      '{"value":41,"unit":"a"}',
      '{"value":7}',
      '{"value":8}',
    ].map(of),
  );
});

test('a value that is remembered does not lift the limit of depth', () => {
  const tables = { ...TABLES, limits: { ...TABLES.limits, maxDepth: 12 } };
  const nested = (depth: number): object => ({ linkId: '1', item: [depth > 0 ? nested(depth - 1) : { linkId: '2' }] });
  const questionnaire = (depth: number): object => ({ resourceType: 'Questionnaire', item: [nested(depth)] });
  expectSame([0, 0, 1, 2, 3, 4, 5, 4, 3, 2, 5, 6, 5, 1].map(questionnaire), tables);
});

test('a key that comes twice is noticed beside a value that is remembered', () => {
  const code = JSON.stringify(VITAL);
  const once = `{"resourceType":"Observation","code":${code}}`;
  expectSame([once, once, `{"resourceType":"Observation","code":${code},"code":${code}}`, once]);
});

test('what stands after a value that is remembered is read as strictly as ever', () => {
  const once = `{"resourceType":"Observation","code":${JSON.stringify(VITAL)}}`;
  expectSame([
    once,
    once,
    ...Array.from(once, (_, at) => once.slice(0, at)),
    `${once}}`,
    `${once.slice(0, -1)} x}`,
    once,
  ]);
});

test('items beside others keep their places, and those that stand alone do not', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'policy-')), 'policy.json');
  const fhirPathRules = [{ path: 'Patient.birthDate', method: 'redact' }];
  fs.writeFileSync(file, JSON.stringify({ version: 1, profile: 'ms-r4-compat', fhir: { fhirPathRules } }));
  const named = (name: object): object => ({
    resourceType: 'Patient',
    name: [{ _given: [null, { id: 'x' }], ...name }],
  });
  const beside = named({ given: ['A', 'B'] });
  expectSame([beside, named({}), beside, named({ use: 'usual' })], DeidPolicy.fromFile(file)._compile());
});

test('a policy with rules, which may ask whose a record is, remembers nothing', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'policy-')), 'policy.json');
  const fhirPathRules = [{ path: 'Encounter.period', method: 'dateShift' }];
  fs.writeFileSync(file, JSON.stringify({ version: 1, profile: 'limited-data-set', fhir: { fhirPathRules } }));
  const policy = DeidPolicy.fromFile(file);
  const encounter = (id: string): object => ({
    resourceType: 'Encounter',
    subject: { reference: `Patient/${id}` },
    period: { start: '2020-01-01', end: '2020-01-02' },
  });
  expectSame([encounter('a'), encounter('a'), encounter('b'), encounter('a'), encounter('b')], policy._compile());
});
