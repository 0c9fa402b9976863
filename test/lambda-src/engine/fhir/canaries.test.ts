import * as fc from 'fast-check';
import { run, TABLES } from './run-transform';
import { readElementTable } from '../../../../src/deidentification/private/fhir/element-table';
import { Random } from '../../../support/random';

const { types } = readElementTable();
const RESOURCE_TYPES = Object.keys(TABLES.fhir.resources);
const CODES = new Set(TABLES.fhir.valueSets.flat());

const CANARIES = ['CANARY Name', ' canary\n', 'canary@a.example', '987-65-4321', '+1 987 654 3210', '1977-07-17T10:11', 'urn:canary x', 'Patient?canary=1 2', 'CAN\u00c4RY', 'canary"\\']; // prettier-ignore
const TOLD = /can[a\u00e4]ry|987|1977-/i;
const IN_YEARS = ['a', 'years'];
const ABOVE = 95;

/** What fits an element, by its name; most of it with something that must go. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  reference: [
    'Patient/canary',
    'http://canary.example/Patient/1',
    '#canary',
    'urn:uuid:canary',
    'http://canary.example/',
  ],
  system: ['http://loinc.org', 'http://unitsofmeasure.org', 'http://hl7.org/fhir/sid/us-ssn'],
  code: ['30525-0', 'mg', '987654321 canary'],
  unit: ['years', 'a', 'canary'],
  state: ['NY\n', '\tMA', ' Texas', '\ufb02'],
  postalCode: ['98765', '98765-4321'],
  country: ['US', ' usa\n'],
};

/** Resources as the table of elements has them, but that a list or an object may stand where one value should. */
class OddResources {
  constructor(private readonly random: Random) {}

  public resource(type: string, depth: number): object {
    return { resourceType: type, ...this.object(type, depth) };
  }

  private object(type: string, depth: number): object {
    const names = Object.keys(types[type].fields).filter((name) => name !== 'modifierExtension');
    const likely = names.filter(
      (name) => name in FITTING || /^(value|coding|onset|address|birthDate|subject)/.test(name),
    );
    const chosen = Array.from({ length: 6 }, () =>
      this.random.pick(likely.length > 0 && this.random.chance(50) ? likely : names),
    );
    return Object.fromEntries(chosen.map((name) => [name, this.value(types[type].fields[name].type, name, depth)]));
  }

  private value(type: string, name: string, depth: number): unknown {
    const { random } = this;
    if (random.chance(10)) return [this.value(type, name, depth)];
    if (random.chance(2)) return random.pick([null, [], {}, random.pick(CANARIES), { text: random.pick(CANARIES) }]);
    if (types[type].kind === 'primitive') return this.primitive(type, name);
    if (depth === 0) return {};
    return type === 'Resource' ? this.resource(random.pick(RESOURCE_TYPES), depth - 1) : this.object(type, depth - 1);
  }

  private primitive(type: string, name: string): unknown {
    const { random } = this;
    if (type === 'boolean') return random.chance(50);
    if (['decimal', 'integer', 'positiveInt', 'unsignedInt'].includes(type)) return random.pick([5, ABOVE]);
    if (type === 'date' || type === 'dateTime') return random.pick(['1977-07-17', '1870-01', '2020']);
    if (type === 'id') return 'canary';
    return random.pick(name in FITTING && random.chance(90) ? FITTING[name] : CANARIES);
  }
}

const CODE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REFERENCE = /^#$|^(#|urn:uuid:|[A-Za-z]+\/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text may be in a result under this name: written anew from the documents, not from the tables' actions. */
function isAllowed(name: string, text: string): boolean {
  if (name === 'id') return CODE.test(text);
  if (name === 'reference') return REFERENCE.test(text);
  if (name === 'state') return /^(NY|MA|Texas)$/.test(text) || CODES.has(text);
  if (name === 'postalCode') return /^\d{3}$/.test(text);
  if (/^\d{4}$/.test(text)) return Number(text) >= 1935;
  // What a published system's code may be is its form alone.
  if (name === 'code' || name === 'unit') return /^[!-~]{1,64}$/.test(text) && !/canary/i.test(text);
  return !TOLD.test(text) && (CODES.has(text) || (name === 'system' && FITTING.system.includes(text)));
}

/** Numbers in a value, however deep. */
function numbersIn(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersIn);
  return [value];
}

/** What a result tells that it must not: paths of the schema. */
function leaksIn(value: unknown, name: string, path: string): string[] {
  if (typeof value === 'string') return isAllowed(name, value) ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item) => leaksIn(item, name, path));
  if (typeof value !== 'object' || value === null) return [];
  const { unit, code, ...rest } = value as Record<string, unknown>;
  const aged = [unit, code].some((word) => IN_YEARS.includes(word as string)) || /Age$/.test(name);
  const old = aged && numbersIn((rest as { value?: unknown }).value).includes(ABOVE) ? [`${path}.value`] : [];
  // The code of a UsageContext is no concept: it is of a population.
  const observed = typeof code === 'object' && /"coding":.*"30525-0"/.test(JSON.stringify(code));
  const counts = Object.entries(rest).filter(([key]) => /^value(Integer|Decimal|Range|Ratio)$/.test(key));
  const told = counts.filter(([, each]) => observed && isOld(each)).map(([key]) => `${path}.${key}`);
  const within = Object.entries(value).flatMap(([key, each]) => leaksIn(each, key, `${path}.${key}`));
  return [...old, ...told, ...within];
}

/** Ninety milligrams are no age, under whichever code. */
function isOld(value: unknown): boolean {
  return numbersIn(value).includes(ABOVE) && !JSON.stringify(value).includes('"mg"');
}

test('whatever stands wherever, in lists or not: a result is one line of what may be told', () => {
  let written = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const type = random.pick(random.chance(50) ? ['Patient', 'Observation', 'Condition'] : RESOURCE_TYPES);
      const { code, text } = run(new OddResources(random).resource(type, 3));
      if (code !== undefined) return;
      written++;
      expect(text).toMatch(/^[^\p{Cc}]+$/u);
      expect(leaksIn(JSON.parse(text), '', type)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
  expect(written).toBeGreaterThan(500);
});
