/**
 * Profile `safe-harbor` as data: 45 CFR 164.514(b)(2) as an allow-list. A type or a path that is not named here is
 * dropped.
 */

/** Primitive types whose values nobody can put a name into. `time` is left out: the hour of an event is part of its date. */
export const KEPT_PRIMITIVES = ['boolean', 'integer', 'decimal', 'positiveInt', 'unsignedInt'];

/** Types that are reduced to their year. An `instant` has no such form: it is dropped. */
export const YEAR_PRIMITIVES = ['date', 'dateTime'];

/**
 * Data types that are never entered: names, contacts, identifiers, free text, documents, and what defines rather than
 * records. Everything else is walked, and its primitives judged one by one.
 */
export const DROPPED_TYPES = [
  'Annotation',
  'Attachment',
  'ContactDetail',
  'ContactPoint',
  'Contributor',
  'ElementDefinition',
  'Expression',
  'HumanName',
  'Identifier',
  'Meta',
  'Narrative',
  'RelatedArtifact',
  'Signature',
];

/** Fields that are dropped although their type is not: a position is finer than a state, and a number all the same. */
export const DROPPED_PATHS = ['Location.position', 'Address.use', 'Address.type', 'Address.period'];

/** Quantities with one meaning: their unit and code are guarded by the same rules. */
export const QUANTITY_TYPES = ['Quantity', 'Count', 'Distance', 'Duration'];

/** Choices and fields whose Range is one of ages. */
export const AGE_RANGES = ['abatement', 'age', 'deceased', 'occurrence', 'onset', 'performed', 'timing', 'when'];

/**
 * Objects in which another element than `code` says what their numbers are, `measure` of goals and `type` of tasks: the
 * choice that holds the numbers.
 */
export const MEASURES: Readonly<Record<string, string>> = {
  'Goal.target': 'detail',
  'PlanDefinition.goal.target': 'detail',
  'Task.input': 'value',
  'Task.output': 'value',
};

/**
 * Objects whose bare numbers answer a question that is a text, and is dropped: nothing is left that says what they
 * count. Years of age, and whatever numbers people, are as likely as a score.
 */
export const ANSWERS = ['QuestionnaireResponse.item.answer', 'Parameters.parameter', 'Contract.term.offer.answer'];

/**
 * Codes that say that a value is the patient's age.
 * LOINC: age; reported; estimated; calculated; current or at death; when the specimen was taken; at death. SNOMED CT:
 * current chronological age; age. And what laboratories call it that have no terminology.
 */
export const AGE_CODES = [
  ...['30525-0', '21612-7', '21611-9', '29553-5', '63900-5', '35659-2', '39016-1'],
  ...['424144002', '397669002'],
  ...['AGE', 'Age', 'age'],
];

export const AGE_LIMIT = 90;

/** From how many units on an age is 90 years: a unit's shortest year, so that rounding never shows a higher age. */
export const AGE_UNITS: Readonly<Record<string, number>> = {
  ...units(90, 'a', 'a_j', 'a_g', 'a_t', 'y', 'yr', 'yrs', 'year', 'years'),
  ...units(90, 'yr(s)', 'year(s)', '{yr}', '{yrs}', '{year}', '{years}', 'yo', 'y/o', 'y.o.', 'year old', 'years old'),
  ...units(90 * 12, 'mo', 'mo_j', 'mo_g', 'mo_s', 'mos', 'month', 'months', 'month(s)', '{month}', '{months}'),
  ...units(4696, 'wk', 'wks', 'week', 'weeks'),
  ...units(32872, 'd', 'day', 'days'),
  ...units(32872 * 24, 'h', 'hr', 'hrs', 'hour', 'hours'),
  ...units(32872 * 24 * 60, 'min', 'mins', 'minute', 'minutes'),
  ...units(32872 * 24 * 3600, 's', 'sec', 'second', 'seconds'),
};

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';

export interface ExtensionRule {
  readonly url: string;
  /** Fields of the extension that are kept. */
  readonly values: readonly string[];
  /** Codes that a `valueCode` may have. */
  readonly codes?: readonly string[];
  /** Nested extensions that are kept. */
  readonly parts?: readonly ExtensionRule[];
}

const OMB_PARTS: readonly ExtensionRule[] = [
  { url: 'ombCategory', values: ['valueCoding'] },
  { url: 'detailed', values: ['valueCoding'] },
];

/** Extensions of Patient that are kept: demographics that Safe Harbor does not name. Their texts are not. */
export const PATIENT_EXTENSIONS: readonly ExtensionRule[] = [
  { url: `${US_CORE}race`, values: [], parts: OMB_PARTS },
  { url: `${US_CORE}ethnicity`, values: [], parts: OMB_PARTS },
  { url: `${US_CORE}birthsex`, values: ['valueCode'], codes: ['ASKU', 'F', 'M', 'OTH', 'UNK'] },
  {
    url: `${US_CORE}sex`,
    values: ['valueCode', 'valueCoding'],
    codes: ['248152002', '248153007', 'asked-declined', 'asked-unknown', 'unknown', 'UNK'],
  },
  { url: `${US_CORE}genderIdentity`, values: ['valueCodeableConcept'] },
];

/**
 * Systems that number people, or places smaller than a state. A code of theirs is an identifier, whatever element it
 * stands in. An entry that ends in `/`, `:`, `.` or `-` is a prefix, and of two entries that match a system the longer one
 * counts.
 */
export const IDENTIFIER_SYSTEMS = [
  // HL7's names for identifier systems (SSN, NPI, MBI, passports); the code systems among them are named below.
  'http://hl7.org/fhir/sid/',
  'https://hl7.org/fhir/sid/',
  // HL7's branch of external identifier namespaces.
  'urn:oid:2.16.840.1.113883.3.',
  'urn:oid:2.16.840.1.113883.4.',
  // Means "the code is a URI": of anything.
  'urn:ietf:rfc:3986',
  // Counties (FIPS 6-4), ZIP codes, all that has a name on a map (GNIS), and a city that registers deaths by itself.
  'http://terminology.hl7.org/CodeSystem/FIPS64',
  'urn:oid:2.16.840.1.113883.6.93',
  'http://terminology.hl7.org/CodeSystem/USZIPCODES',
  'urn:oid:2.16.840.1.113883.6.231',
  'urn:oid:2.16.840.1.113883.6.245',
  'http://hl7.org/fhir/us/vr-common-library/CodeSystem/CodeSystem-jurisdictions-vr',
  // HL7's table of counties.
  'http://terminology.hl7.org/CodeSystem/v2-0289',
  'urn:oid:2.16.840.1.113883.12.289',
  // Among the variables of CMS: numbers of people and claims, and the ZIP codes of those who treat them.
  'https://bluebutton.cms.gov/resources/identifier/',
  'https://bluebutton.cms.gov/resources/variables/bene_id',
  'https://bluebutton.cms.gov/resources/variables/clm_id',
  'https://bluebutton.cms.gov/resources/variables/prvdr_zip',
  // The census' numbers of counties, places and tracts.
  'http://www.census.gov/geo/',
  'https://www.census.gov/geo/',
];

/** Published terminologies, whose codes are longer numbers than a stranger's system is trusted with. */
export const KNOWN_SYSTEMS = [
  'http://loinc.org',
  'http://snomed.info/sct',
  'http://www.nlm.nih.gov/research/umls/rxnorm',
  'http://hl7.org/fhir/',
  'http://hl7.org/fhir/sid/cvx',
  'http://hl7.org/fhir/sid/mvx',
  'http://hl7.org/fhir/sid/ndc',
  'http://hl7.org/fhir/sid/icd-',
  'http://hl7.org/fhir/sid/ex-icd-',
  'http://hl7.org/fhir/sid/icpc-',
  'http://terminology.hl7.org/',
  'http://nucc.org/provider-taxonomy',
  'http://www.ama-assn.org/go/cpt',
  'http://fdasis.nlm.nih.gov',
  'http://www.whocc.no/atc',
  'http://va.gov/terminology/medrt',
  'http://dicom.nema.org/resources/ontology/DCM',
  'https://bluebutton.cms.gov/resources/',
  'https://www.cms.gov/Medicare/',
  'urn:iso:std:iso:',
  'urn:oid:2.16.840.1.113883.5.',
  'urn:oid:2.16.840.1.113883.6.',
  'urn:oid:2.16.840.1.113883.12.',
  'urn:oid:2.16.840.1.113883.18.',
];

function units(amount: number, ...names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, amount]));
}
