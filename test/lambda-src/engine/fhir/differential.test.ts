import * as fc from 'fast-check';
import { type JsonObject, ReferenceWalk, Rejected } from './reference-walk';
import { KEY, run, TABLES } from './run-transform';
import { syntheticRecords } from './synthetic-records';
import { deriveSubKey } from '../../../../lambda-src/engine/keys';
import { readElementTable } from '../../../../src/deidentification/private/fhir/element-table';

const walk = new ReferenceWalk(TABLES.fhir, deriveSubKey(KEY, 'pseudonym'), 2024);
const elements = readElementTable().types;

/** What the parse-walk-stringify version makes of a record, or the code with which it rejects it. */
function byHand(record: JsonObject): unknown {
  try {
    return walk.resource(record);
  } catch (error) {
    if (error instanceof Rejected) return error.message;
    throw error;
  }
}

function byBytes(record: object): unknown {
  const { code, json } = run(record);
  return code ?? json;
}

const texts = ['2020-02-29', '1930', '1980-01-01T10:00:00Z', 'final', 'male', 'M', '30525-0', 'a', 'mo', 'mg', 'years', '{years}', 'a{x}', 'Patient', 'Patient/1', '#x', 'urn:uuid:y', '02138', 'MA', 'US', 'CA', 'http://loinc.org', 'http://unitsofmeasure.org', 'http://a.example', '>', '<', 'Free text', 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race', 'ombCategory']; // prettier-ignore
const numbers = [0, 1, 5, 89, 90, 1080, 1.5, -3, 2147483648];
const text = fc.constantFrom(...texts);
const number = fc.constantFrom(...numbers);

/** A value that mostly fits its type, and sometimes does not. */
function valueOf(type: string, depth: number): fc.Arbitrary<unknown> {
  const odd = fc.oneof(fc.constant(null), text, number, fc.constant({}), fc.constant([]));
  const fit = ((): fc.Arbitrary<unknown> => {
    if (type === 'boolean') return fc.boolean();
    if (['decimal', 'integer', 'positiveInt', 'unsignedInt'].includes(type)) return number;
    if (type === 'date' || type === 'dateTime') return fc.constantFrom('2020', '1930-01-01', '1990-05');
    if (type === 'id') return fc.constantFrom('x', 'y', '1');
    if (elements[type].kind === 'primitive') return text;
    if (depth === 0) return fc.constant({});
    return type === 'Resource'
      ? fc.constantFrom('Patient', 'Observation').chain((name) => resourceOf(name, depth - 1))
      : objectOf(type, depth - 1);
  })();
  return fc.oneof({ weight: 60, arbitrary: fit }, { weight: 1, arbitrary: odd });
}

function objectOf(type: string, depth: number): fc.Arbitrary<JsonObject> {
  const names = Object.keys(elements[type].fields).filter((name) => name !== 'modifierExtension');
  return fc.subarray(names, { maxLength: Math.min(9, names.length) }).chain((chosen) =>
    fc.record(
      Object.fromEntries(
        chosen.map((name) => {
          const field = elements[type].fields[name];
          const value = valueOf(field.type, depth);
          return [name, field.many ? fc.array(value, { minLength: 1, maxLength: 2 }) : value];
        }),
      ),
    ),
  ) as fc.Arbitrary<JsonObject>;
}

function resourceOf(type: string, depth: number): fc.Arbitrary<JsonObject> {
  return objectOf(type, depth).map((fields) => ({ resourceType: type, ...fields }));
}

test('bytes and hand agree on records as Synthea writes them', () => {
  for (const line of syntheticRecords(200)) {
    const record = JSON.parse(line) as JsonObject;
    expect(byBytes(record)).toEqual(byHand(record));
    expect(JSON.stringify(byBytes(record))).not.toMatch(/Canary/i);
  }
});

test.each([
  'Patient',
  'Observation',
  'Condition',
  'FamilyMemberHistory',
  'Claim',
  'MedicationRequest',
  'Encounter',
  'Location',
  'Questionnaire',
  'Bundle',
])('bytes and hand agree on random resources of type %s', (type) => {
  fc.assert(
    fc.property(resourceOf(type, 4), (record) => expect(byBytes(record)).toEqual(byHand(record))),
    { numRuns: 300 },
  );
});

test('bytes and hand agree on a random resource of each of the 146 concrete types', () => {
  expect(Object.keys(TABLES.fhir.resources)).toHaveLength(146);
  for (const type of Object.keys(TABLES.fhir.resources)) {
    fc.assert(
      fc.property(resourceOf(type, 3), (record) => expect(byBytes(record)).toEqual(byHand(record))),
      { numRuns: 8 },
    );
  }
});
