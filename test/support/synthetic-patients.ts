import { Random } from './random';
import { clinicalResources, patientResource, type Resource } from './synthetic-resources';

export interface SyntheticOptions {
  readonly patients: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default 'ndjson' */
  readonly format?: 'ndjson' | 'bundle';
  /** Broken records, spread over the whole. @default 0 */
  readonly broken?: number;
}

/** Who a made-up patient is: strings that occur nowhere but in that patient's records, and must not leave with them. */
export interface SyntheticPerson {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly ssn: string;
  readonly mrn: string;
  readonly phone: string;
  readonly email: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly relative: string;
  readonly practitioner: string;
}

const GIVEN = ['Alma', 'Bert', 'Carla', 'Dario', 'Edda', 'Ferris', 'Gilda', 'Hugo', 'Iris', 'Jonas', 'Kira', 'Lorenz'];
const FAMILY = ['Ashwood', 'Birchley', 'Cedarholm', 'Dunmore', 'Elmsworth', 'Fairmont', 'Greystone', 'Hollowell'];
const STREETS = ['Ginkgo Way', 'Juniper Street', 'Larch Road', 'Magnolia Avenue', 'Poplar Lane'];
const CITIES = ['Springhaven', 'Oakbridge', 'Lakewell', 'Stonefield', 'Millbrook'];
/** Three-digit areas with their states; 036 and 821 are too small to be told. */
const AREAS: readonly (readonly [string, string])[] = [
  ['021', 'MA'],
  ['104', 'NY'],
  ['606', 'IL'],
  ['900', 'CA'],
  ['036', 'VT'],
  ['821', 'WY'],
];

/** The person with this number: the same for the same seed, in whatever order it is asked for. */
export function syntheticPerson(index: number, seed = 1): SyntheticPerson {
  const random = new Random(seed, index, 1);
  const name = (from: readonly string[]): string => `${random.pick(from)}${index}${random.digits(3)}`;
  const [area, state] = random.pick(AREAS);
  return {
    id: random.uuid(),
    given: name(GIVEN),
    family: name(FAMILY),
    birthDate: random.date(1926, 2022),
    ssn: `999-${random.digits(2)}-${random.digits(4)}`,
    mrn: `MRN${index}${random.digits(7)}`,
    phone: `555-${random.digits(3)}-${random.digits(4)}`,
    email: `p${index}x${random.digits(5)}@example.invalid`,
    street: `${random.between(1, 9999)} ${random.pick(STREETS)} ${index}`,
    city: `${random.pick(CITIES)}${index}`,
    state,
    postalCode: `${area}${random.digits(2)}`,
    relative: name(GIVEN),
    practitioner: name(FAMILY),
  };
}

/** All resources of all patients, in order; every one has its own id. */
export function* syntheticResources(patients: number, seed = 1): Generator<Resource> {
  for (let index = 0; index < patients; index++) {
    const person = syntheticPerson(index, seed);
    const random = new Random(seed, index, 2);
    yield patientResource(person, random);
    yield* clinicalResources(person, random);
  }
}

/** A source file in pieces of text, one record each. */
export function* syntheticFile(options: SyntheticOptions): Generator<string> {
  const { patients, seed = 1, format = 'ndjson', broken = 0 } = options;
  const separator = format === 'bundle' ? ',\n' : '\n';
  let before = format === 'bundle' ? '{"resourceType":"Bundle","type":"collection","entry":[\n' : '';
  const record = (id: string, text: string): string => {
    const line = format === 'bundle' ? `{"fullUrl":"urn:uuid:${id}","resource":${text}}` : text;
    const piece = `${before}${line}`;
    before = separator;
    return piece;
  };
  for (let index = 0; index < patients; index++) {
    const person = syntheticPerson(index, seed);
    const random = new Random(seed, index, 2);
    const patient = patientResource(person, random);
    yield record(person.id, JSON.stringify(patient));
    for (const resource of clinicalResources(person, random)) yield record(resource.id, JSON.stringify(resource));
    const due = Math.floor(((index + 1) * broken) / patients) - Math.floor((index * broken) / patients);
    for (let i = 0; i < due; i++) yield record(random.uuid(), brokenRecord(person, format));
  }
  if (format === 'bundle') yield `${before === separator ? '' : before}\n]}\n`;
  else if (before !== '') yield '\n';
}

/** In a Bundle the brackets of a broken record must balance, or the file as a whole is broken. */
function brokenRecord(person: SyntheticPerson, format: 'ndjson' | 'bundle'): string {
  const start = `{"resourceType":"Patient","id":"${person.id}","name":[{"family":"${person.family}","given":`;
  return format === 'bundle' ? `${start}}]}` : start;
}
