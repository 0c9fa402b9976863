import { createHmac } from 'node:crypto';

/** What a team writes on its own: an allow-list by name, and the few values that have to change. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Change = 'keep' | 'year' | 'zip3' | 'id' | 'reference' | Allowed;
interface Allowed {
  readonly [key: string]: Change;
}

const CODING: Allowed = { system: 'keep', code: 'keep' };
const CONCEPT: Allowed = { coding: CODING };
const REFERENCE: Allowed = { reference: 'reference', type: 'keep' };
const QUANTITY: Allowed = { value: 'keep', comparator: 'keep', unit: 'keep', system: 'keep', code: 'keep' };
const PERIOD: Allowed = { start: 'year', end: 'year' };
const COMMON: Allowed = { resourceType: 'keep', id: 'id', status: 'keep', subject: REFERENCE, encounter: REFERENCE };

const RESOURCES: Readonly<Record<string, Allowed>> = {
  Patient: {
    ...COMMON,
    active: 'keep',
    gender: 'keep',
    birthDate: 'year',
    deceasedBoolean: 'keep',
    deceasedDateTime: 'year',
    address: { state: 'keep', postalCode: 'zip3' },
    maritalStatus: CONCEPT,
    multipleBirthBoolean: 'keep',
    communication: { language: CONCEPT },
    extension: { url: 'keep', valueCode: 'keep', extension: { url: 'keep', valueCoding: CODING } },
  },
  Encounter: { ...COMMON, class: CODING, type: CONCEPT, participant: { individual: REFERENCE }, period: PERIOD },
  Condition: {
    ...COMMON,
    clinicalStatus: CONCEPT,
    verificationStatus: CONCEPT,
    category: CONCEPT,
    code: CONCEPT,
    onsetDateTime: 'year',
    abatementDateTime: 'year',
    recordedDate: 'year',
  },
  Observation: {
    ...COMMON,
    category: CONCEPT,
    code: CONCEPT,
    effectiveDateTime: 'year',
    valueQuantity: QUANTITY,
    valueCodeableConcept: CONCEPT,
    component: { code: CONCEPT, valueQuantity: QUANTITY, valueCodeableConcept: CONCEPT },
  },
};
/** For the types that are not spelled out: enough to keep the walk as busy as it would be. */
const OTHER: Allowed = {
  ...COMMON,
  code: CONCEPT,
  type: CONCEPT,
  category: CONCEPT,
  patient: REFERENCE,
  period: PERIOD,
  performedPeriod: PERIOD,
  authoredOn: 'year',
  intent: 'keep',
  medicationCodeableConcept: CONCEPT,
  vaccineCode: CONCEPT,
  occurrenceDateTime: 'year',
  created: 'year',
  item: { sequence: 'keep', productOrService: CONCEPT, net: { value: 'keep', currency: 'keep' } },
};

const codes = new Map<string, string>();

export function walkRecord(text: string): string {
  const resource = JSON.parse(text) as { readonly resourceType: string };
  return JSON.stringify(walk(resource as unknown as Json, RESOURCES[resource.resourceType] ?? OTHER));
}

function walk(value: Json, change: Change): Json | undefined {
  if (Array.isArray(value)) return value.map((one: Json) => walk(one, change) ?? null);
  if (typeof change === 'object') {
    if (value === null || typeof value !== 'object') return undefined;
    const kept: Record<string, Json | undefined> = {};
    for (const [key, inner] of Object.entries(value as { readonly [key: string]: Json })) {
      const how = change[key];
      if (how !== undefined) kept[key] = walk(inner, how);
    }
    return kept as Json;
  }
  if (change === 'keep' || typeof value !== 'string') return value;
  if (change === 'year') return value.slice(0, 4);
  if (change === 'zip3') return value.slice(0, 3);
  if (change === 'id') return codeOf(value);
  const slash = value.lastIndexOf('/');
  return slash < 0 ? undefined : `${value.slice(0, slash + 1)}${codeOf(value.slice(slash + 1))}`;
}

function codeOf(id: string): string {
  let code = codes.get(id);
  if (code === undefined) {
    if (codes.size > 50000) codes.clear();
    code = createHmac('sha256', 'key').update(id).digest('hex').slice(0, 32);
    codes.set(id, code);
  }
  return code;
}
