import type { Random } from './random';
import type { SyntheticPerson } from './synthetic-patients';

export interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [key: string]: unknown;
}

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const RACES = [
  ['2106-3', 'White'],
  ['2054-5', 'Black or African American'],
  ['2028-9', 'Asian'],
] as const;
const CONDITIONS = [
  ['38341003', 'Hypertensive disorder'],
  ['44054006', 'Diabetes mellitus type 2'],
  ['195662009', 'Acute viral pharyngitis'],
  ['233604007', 'Pneumonia'],
] as const;
const MEASURES = [
  ['8302-2', 'Body height', 'cm', 140, 200],
  ['29463-7', 'Body weight', 'kg', 40, 130],
  ['8867-4', 'Heart rate', '/min', 50, 110],
  ['2339-0', 'Glucose', 'mg/dL', 70, 180],
  ['2093-3', 'Total cholesterol', 'mg/dL', 120, 280],
] as const;

export function patientResource(person: SyntheticPerson, random: Random): Resource {
  const [code, race] = random.pick(RACES);
  const gender = random.pick(['female', 'male']);
  const identifier = (type: string, value: string): object => ({
    type: { coding: [{ system: `${TERMINOLOGY}/v2-0203`, code: type }], text: `${type} of ${person.family}` },
    system: `http://hospital.invalid/${type.toLowerCase()}`,
    value,
  });
  return {
    resourceType: 'Patient',
    id: person.id,
    meta: { lastUpdated: '2024-05-04T10:11:12.345+00:00', source: `feed-of-${person.city}` },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${person.given} ${person.family}, ${person.birthDate}</div>`,
    },
    extension: [
      {
        url: `${US_CORE}/us-core-race`,
        extension: [
          { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display: race } },
          { url: 'text', valueString: race },
        ],
      },
      { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: person.relative },
      { url: `${US_CORE}/us-core-birthsex`, valueCode: gender === 'female' ? 'F' : 'M' },
    ],
    identifier: [identifier('MR', person.mrn), identifier('SS', person.ssn)],
    active: true,
    name: [{ use: 'official', family: person.family, given: [person.given], prefix: ['Mx.'] }],
    telecom: [
      { system: 'phone', value: person.phone, use: 'home' },
      { system: 'email', value: person.email },
    ],
    gender,
    birthDate: person.birthDate,
    ...(random.chance(10) ? { deceasedDateTime: `${random.date(2023, 2024)}T03:20:00-05:00` } : {}),
    address: [
      {
        line: [person.street],
        city: person.city,
        state: person.state,
        postalCode: person.postalCode,
        country: 'US',
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/geolocation',
            extension: [
              { url: 'latitude', valueDecimal: random.between(25000, 48000) / 1000 },
              { url: 'longitude', valueDecimal: -random.between(70000, 120000) / 1000 },
            ],
          },
        ],
      },
    ],
    maritalStatus: { coding: [{ system: `${TERMINOLOGY}/v3-MaritalStatus`, code: 'M', display: 'Married' }] },
    multipleBirthBoolean: random.chance(3),
    contact: [{ name: { text: person.relative }, telecom: [{ system: 'phone', value: person.phone }] }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en-US' }] } }],
  };
}

export function* clinicalResources(person: SyntheticPerson, random: Random): Generator<Resource> {
  for (let visits = random.between(1, 3); visits > 0; visits--) {
    const day = random.date(2015, 2023);
    const encounter = encounterResource(person, random, day);
    yield encounter;
    yield conditionResource(person, random, day, encounter.id);
    for (let n = random.between(2, 5); n > 0; n--) yield measureResource(person, random, day, encounter.id);
    yield bloodPressureResource(person, random, day, encounter.id);
  }
}

function encounterResource(person: SyntheticPerson, random: Random, day: string): Resource {
  return {
    resourceType: 'Encounter',
    id: random.uuid(),
    identifier: [{ system: 'http://hospital.invalid/visit', value: `${person.mrn}-${random.digits(6)}` }],
    status: 'finished',
    class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
    type: [
      {
        coding: [{ system: 'http://snomed.info/sct', code: '185349003', display: 'Encounter for check up' }],
        text: `Check up of ${person.given}`,
      },
    ],
    subject: { reference: `Patient/${person.id}`, display: `${person.given} ${person.family}` },
    participant: [
      { individual: { reference: `Practitioner/${random.uuid()}`, display: `Dr. ${person.practitioner}` } },
    ],
    period: { start: `${day}T09:15:00-05:00`, end: `${day}T09:45:00-05:00` },
    serviceProvider: { display: `${person.city} General` },
  };
}

function conditionResource(person: SyntheticPerson, random: Random, day: string, encounter: string): Resource {
  const [code, display] = random.pick(CONDITIONS);
  return {
    resourceType: 'Condition',
    id: random.uuid(),
    clinicalStatus: { coding: [{ system: `${TERMINOLOGY}/condition-clinical`, code: 'active' }] },
    verificationStatus: { coding: [{ system: `${TERMINOLOGY}/condition-ver-status`, code: 'confirmed' }] },
    code: { coding: [{ system: 'http://snomed.info/sct', code, display }], text: display },
    subject: { reference: `Patient/${person.id}` },
    encounter: { reference: `Encounter/${encounter}` },
    onsetDateTime: `${day}T09:20:00-05:00`,
    recordedDate: day,
    note: [{ text: `${person.given} says that ${person.relative} had it too; call ${person.phone}` }],
  };
}

function measureResource(person: SyntheticPerson, random: Random, day: string, encounter: string): Resource {
  const [code, display, unit, low, high] = random.pick(MEASURES);
  return {
    ...observation(person, random, day, encounter),
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    valueQuantity: quantity(random.between(low * 10, high * 10) / 10, unit),
  };
}

function bloodPressureResource(person: SyntheticPerson, random: Random, day: string, encounter: string): Resource {
  const part = (code: string, value: number): object => ({
    code: { coding: [{ system: 'http://loinc.org', code }] },
    valueQuantity: quantity(value, 'mm[Hg]'),
  });
  return {
    ...observation(person, random, day, encounter),
    code: { coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure panel' }] },
    component: [part('8480-6', random.between(90, 180)), part('8462-4', random.between(50, 110))],
  };
}

function observation(person: SyntheticPerson, random: Random, day: string, encounter: string): Resource {
  return {
    resourceType: 'Observation',
    id: random.uuid(),
    status: 'final',
    category: [{ coding: [{ system: `${TERMINOLOGY}/observation-category`, code: 'vital-signs' }] }],
    subject: { reference: `Patient/${person.id}` },
    encounter: { reference: `Encounter/${encounter}` },
    effectiveDateTime: `${day}T09:30:00-05:00`,
    issued: `${day}T09:30:00.000-05:00`,
  };
}

function quantity(value: number, unit: string): object {
  return { value, unit, system: 'http://unitsofmeasure.org', code: unit };
}
