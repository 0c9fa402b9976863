/** Records in the shape that Synthea exports, with invented people: enough for tests and measurements, the same each time. */

type Resource = Record<string, unknown>;

function uuid(seed: number): string {
  const hex = Math.abs(Math.imul(seed + 1, 2654435761))
    .toString(16)
    .padStart(8, '0');
  return `${hex}-${hex.slice(0, 4)}-4${hex.slice(1, 4)}-a${hex.slice(2, 5)}-${hex}${hex.slice(0, 4)}`;
}

function concept(system: string, code: string, display: string): Resource {
  return { coding: [{ system, code, display }], text: display };
}

function reference(seed: number, display?: string): Resource {
  return { reference: `urn:uuid:${uuid(seed)}`, ...(display === undefined ? {} : { display }) };
}

const NARRATIVE = {
  status: 'generated',
  div: '<div xmlns="http://www.w3.org/1999/xhtml">Canary Narrative of the visit</div>',
};

function patient(seed: number): Resource {
  return {
    resourceType: 'Patient',
    id: uuid(seed),
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'] },
    text: NARRATIVE,
    extension: [
      {
        url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
        extension: [
          {
            url: 'ombCategory',
            valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', display: 'White' },
          },
          { url: 'text', valueString: 'White' },
        ],
      },
      { url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex', valueCode: 'F' },
      { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: 'CanaryMaiden' },
    ],
    identifier: [
      {
        type: concept('http://terminology.hl7.org/CodeSystem/v2-0203', 'SS', 'Social Security'),
        system: 'http://hl7.org/fhir/sid/us-ssn',
        value: `999-55-${1000 + (seed % 9000)}`,
      },
      { system: 'http://hospital.example', value: uuid(seed + 7) },
    ],
    name: [{ use: 'official', family: `Canaryfamily${seed}`, given: [`Canarygiven${seed}`], prefix: ['Mrs.'] }],
    telecom: [{ system: 'phone', value: `555-017-${1000 + (seed % 9000)}`, use: 'home' }],
    gender: seed % 2 === 0 ? 'female' : 'male',
    birthDate: `${1930 + (seed % 80)}-0${1 + (seed % 9)}-17`,
    address: [
      { line: [`${seed} Canary Street`], city: 'Canaryville', state: 'MA', postalCode: '02138', country: 'US' },
    ],
    maritalStatus: concept('http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', 'M', 'Married'),
    multipleBirthBoolean: false,
    communication: [{ language: concept('urn:ietf:bcp:47', 'en-US', 'English') }],
  };
}

function observation(seed: number): Resource {
  return {
    resourceType: 'Observation',
    id: uuid(seed * 31 + 5),
    meta: {
      profile: [
        'http://hl7.org/fhir/StructureDefinition/bodyheight',
        'http://hl7.org/fhir/StructureDefinition/vitalsigns',
      ],
    },
    status: 'final',
    category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs', 'vital-signs')],
    code: concept('http://loinc.org', '8302-2', 'Body Height'),
    subject: reference(seed - (seed % 16)),
    encounter: reference(seed * 17 + 3),
    effectiveDateTime: '2011-03-09T10:58:37-08:00',
    issued: '2011-03-09T10:58:37.651-08:00',
    valueQuantity: { value: 100 + (seed % 900) / 10, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
  };
}

function encounter(seed: number): Resource {
  return {
    resourceType: 'Encounter',
    id: uuid(seed * 17 + 3),
    identifier: [{ use: 'official', system: 'https://github.com/synthetichealth/synthea', value: uuid(seed * 17 + 3) }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'EMER' },
    type: [concept('http://snomed.info/sct', '50849002', 'Emergency Room Admission')],
    subject: reference(seed - (seed % 16), 'Mrs. Canarydisplay'),
    participant: [{ individual: reference(90001, 'Dr. Canarydoctor') }],
    period: { start: '1994-02-23T10:58:37-08:00', end: '1994-02-23T11:58:37-08:00' },
    location: [{ location: reference(90002, 'CANARY HOSPITAL') }],
    serviceProvider: reference(90003, 'CANARY HOSPITAL'),
  };
}

function condition(seed: number): Resource {
  return {
    resourceType: 'Condition',
    id: uuid(seed * 13 + 9),
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
    },
    code: concept('http://snomed.info/sct', '74400008', 'Appendicitis'),
    subject: reference(seed - (seed % 16)),
    encounter: reference(seed * 17 + 3),
    onsetDateTime: '1994-02-23T10:58:37-08:00',
    recordedDate: '1994-02-23T10:58:37-08:00',
    note: [{ text: 'Canarynote: patient lives alone' }],
  };
}

function claim(seed: number): Resource {
  const item = (sequence: number): Resource => ({
    sequence,
    productOrService: concept('http://snomed.info/sct', '50849002', 'Emergency Room Admission'),
    encounter: [reference(seed * 17 + 3)],
    net: { value: 129.16, currency: 'USD' },
  });
  return {
    resourceType: 'Claim',
    id: uuid(seed * 11 + 2),
    status: 'active',
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }] },
    use: 'claim',
    patient: reference(seed - (seed % 16), 'Canarydisplay'),
    billablePeriod: { start: '1994-02-23T10:58:37-08:00', end: '1994-02-23T11:58:37-08:00' },
    created: '1994-02-23T11:58:37-08:00',
    provider: reference(90003, 'CANARY HOSPITAL'),
    priority: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/processpriority', code: 'normal' }] },
    insurance: [{ sequence: 1, focal: true, coverage: { display: 'Canaryinsurer' } }],
    item: [item(1), item(2), item(3)],
    total: { value: 119.22, currency: 'USD' },
  };
}

function report(seed: number): Resource {
  return {
    resourceType: 'DiagnosticReport',
    id: uuid(seed * 7 + 1),
    status: 'final',
    category: [concept('http://loinc.org', '34117-2', 'History and physical note')],
    code: concept('http://loinc.org', '34117-2', 'History and physical note'),
    subject: reference(seed - (seed % 16)),
    encounter: reference(seed * 17 + 3),
    effectiveDateTime: '1994-02-23T10:58:37-08:00',
    issued: '1994-02-23T10:58:37.651-08:00',
    performer: [reference(90001, 'Dr. Canarydoctor')],
    presentedForm: [{ contentType: 'text/plain', data: Buffer.from('Canarynote '.repeat(60)).toString('base64') }],
  };
}

/** One patient, then what happened to them, as NDJSON lines; every text that must not come out holds `Canary`. */
export function syntheticRecords(count: number): string[] {
  const makers = [observation, encounter, observation, condition, claim, observation, report, observation];
  return Array.from({ length: count }, (_, seed) =>
    JSON.stringify(seed % 16 === 0 ? patient(seed) : makers[seed % makers.length](seed)),
  );
}
