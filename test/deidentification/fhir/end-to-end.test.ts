import * as fc from 'fast-check';
import { ArbitraryElements, ArbitraryPaths, smallTable } from './arbitrary-elements';
import { rule, settings, table } from './compile';
import { DeidPolicy } from '../../../src/deidentification/deid-policy';
import { compileFhir } from '../../../src/deidentification/private/fhir/compile-fhir';
import type { CompiledFhir } from '../../../src/deidentification/private/fhir/tables';
import { PolicyProblems } from '../../../src/deidentification/private/policy-problems';
import type { ProfileSettings } from '../../../src/deidentification/private/profile';
import { Random } from '../../support/random';
import { type Run, runEngine } from '../../support/run-engine';

const whole = DeidPolicy.safeHarbor()._compile();
const small = smallTable(table);

async function run(fhir: CompiledFhir, resources: readonly object[]): Promise<Run> {
  const source = resources.map((resource) => `${JSON.stringify(resource)}\n`).join('');
  return runEngine(source, { tables: { ...whole, fhir } });
}

function compile(profile: ProfileSettings, rules: readonly object[], elements = table): CompiledFhir {
  return compileFhir(elements, profile, rules, {}, new PolicyProblems());
}

/** Every value of a resource with the names that lead to it; lists are not told apart by place, since items may go. */
function valuesOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, path));
  if (typeof value !== 'object' || value === null) return [`${path} ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, inner]) => valuesOf(inner, `${path}.${name}`));
}

test('rules that redact never show what the profile alone would not', async () => {
  const harbor = compile(settings('safe-harbor'), [], small);
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const random = new Random(seed);
      const paths = new ArbitraryPaths(small, random);
      const rules = Array.from({ length: random.between(1, 4) }, () => rule(paths.path(), 'redact'));
      const elements = new ArbitraryElements(small, random, ['modifierExtension']);
      const resources = ['Patient', 'Observation', 'FamilyMemberHistory', 'Claim'].map((type) =>
        elements.resource(type),
      );
      const before = await run(harbor, resources);
      const after = await run(compile(settings('safe-harbor'), rules, small), resources);
      expect(after.counts.rejected).toBeLessThanOrEqual(before.counts.rejected);
      fc.pre(before.counts.rejected === 0);
      const shown = new Set(before.lines.flatMap((line) => valuesOf(JSON.parse(line))));
      // Dead without a date of death is still dead, in a contained resource too.
      const left = after.lines.flatMap((line) => valuesOf(JSON.parse(line)));
      for (const value of left) if (!value.endsWith('.deceasedBoolean true')) expect(shown).toContain(value);
    }),
    { numRuns: 25 },
  );
});

describe('a limited data set', () => {
  const fhir = compile(settings('limited-data-set'), []);
  const patient = {
    resourceType: 'Patient',
    name: [{ family: 'Canary' }],
    birthDate: '1920-02-03',
    deceasedDateTime: '2020-02-03T04:05:06+01:00',
    address: [
      { line: ['Canary Street'], city: 'Springfield', district: 'Canary', state: 'Ontario', postalCode: 'K1A' },
    ],
  };

  test('shows dates, ages and places as they are, and no direct identifier', async () => {
    const age = { resourceType: 'Condition', onsetAge: { value: 95, unit: 'a', code: 'a' }, recordedDate: '2020' };
    const slot = { resourceType: 'Slot', start: '2020-02-03T04:05:06.7Z', comment: 'Canary' };
    const { text, lines } = await run(fhir, [patient, age, slot]);
    expect(text).not.toContain('Canary');
    expect(JSON.parse(lines[0])).toEqual({
      resourceType: 'Patient',
      birthDate: '1920-02-03',
      deceasedDateTime: '2020-02-03T04:05:06+01:00',
      address: [{ city: 'Springfield', state: 'Ontario', postalCode: 'K1A' }],
    });
    expect(JSON.parse(lines[1])).toEqual(age);
    expect(JSON.parse(lines[2])).toEqual({ resourceType: 'Slot', start: '2020-02-03T04:05:06.7Z' });
  });

  test('shows no bare number of an answer from 90 on: without its question it may be a telephone or record number', async () => {
    const answer = [
      { valueInteger: 2065550123 },
      { valueDecimal: 1234567 },
      { valueInteger: 27 },
      { valueDate: '2020-02-03' },
    ];
    const response = { resourceType: 'QuestionnaireResponse', item: [{ linkId: '1', answer }] };
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'account', valueInteger: 2065550123 }] };
    const { lines } = await run(fhir, [response, parameters]);
    expect(JSON.parse(lines[0])).toMatchObject({ item: [{ answer: answer.slice(2) }] });
    expect(lines[1]).not.toContain('206');
  });

  test.each([
    { ...patient, birthDate: 'in May, like Canary' },
    { ...patient, birthDate: '2020-02-03T04:05:06Z' },
    { ...patient, deceasedDateTime: 2020 },
    { resourceType: 'Slot', start: 'Canary' },
    { resourceType: 'HealthcareService', availableTime: [{ availableStartTime: 'Canary' }] },
  ])('case %#: what is no date is no date of it either', async (record) => {
    const { rejectLines, lines } = await run(fhir, [record]);
    expect(lines).toEqual([]);
    expect(rejectLines.map(({ code }) => code)).toEqual(['FHIR_BAD_PRIMITIVE']);
  });

  test('an age is judged by its unit where a rule asks for it', async () => {
    const aged = compile(settings('limited-data-set'), [rule("nodesByType('Age')", 'age')]);
    const onset = (value: number, code: string) => ({ resourceType: 'Condition', onsetAge: { value, code } });
    const span = { resourceType: 'Encounter', length: { value: 95, code: 'a' } };
    const { lines } = await run(aged, [onset(95, 'mo'), onset(95, 'a'), onset(1080, 'mo'), span]);
    const above = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
    const shown = lines.map((line) => JSON.parse(line) as ReturnType<typeof onset>);
    expect(shown.slice(0, 3).map(({ onsetAge }) => onsetAge)).toEqual([{ value: 95, code: 'mo' }, above, above]);
    expect(shown[3]).toEqual(span);
  });

  test('a date is one, whichever of its characters are written as escapes', async () => {
    const record = String.raw`{"resourceType":"Encounter","period":{"start":"2020-02-03T04:05:06\u002B01:00"}}`;
    const { lines, rejectLines } = await runEngine(`${record}\n`, { tables: { ...whole, fhir } });
    expect(rejectLines).toEqual([]);
    expect(lines).toEqual([record]);
    const other = await runEngine(`${record.replace('02B', '022')}\n`, { tables: { ...whole, fhir } });
    expect(other.rejectLines.map(({ code }) => code)).toEqual(['FHIR_BAD_PRIMITIVE']);
  });

  test('a time is kept as it is', async () => {
    const record = { resourceType: 'HealthcareService', availableTime: [{ availableStartTime: '08:30:00' }] };
    expect((await run(fhir, [record])).lines.map((line) => JSON.parse(line) as object)).toEqual([record]);
  });
});

test('a rule hashes references as the profile does, and cuts those that it cannot read', async () => {
  const rules = [rule('Resource.id', 'cryptoHash'), rule("nodesByType('Reference').reference", 'cryptoHash')];
  const observation = (reference: string) => ({ resourceType: 'Observation', subject: { reference, display: 'D' } });
  const resources = [{ resourceType: 'Patient', id: 'p1' }, observation('Patient/p1'), observation('Patient?name=x')];
  const { lines } = await run(compile(settings(), rules), resources);
  const [harbor] = (await run(compile(settings('safe-harbor'), []), resources)).lines;
  const [patient, readable, unreadable] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(patient).toEqual(JSON.parse(harbor));
  expect(readable.subject).toEqual({ reference: `Patient/${patient.id as string}`, display: 'D' });
  expect(unreadable.subject).toEqual({ display: 'D' });
});

test.each([
  ['whole addresses', [rule('Patient.address', 'zip3')]],
  [
    'addresses of which nothing else is kept',
    [rule('Patient.address.postalCode', 'zip3'), rule('Patient.address', 'redact')],
  ],
])('a rule for the ZIP codes of %s shows no digits of one abroad, whatever came before', async (_, rules) => {
  const fhir = compile(settings('safe-harbor'), rules);
  const address = (postalCode: string, country: string) => [{ postalCode, country }];
  const home = { resourceType: 'Patient', address: address('02138', 'US') };
  const abroad = { resourceType: 'Patient', address: address('10115', 'DE') };
  const clinic = { resourceType: 'Organization', address: address('10115', 'DE') };
  const other = { resourceType: 'Patient', address: address('02139', 'US') };
  const { lines } = await run(fhir, [abroad, home, abroad, clinic, other]);
  const codes = lines.map((line) => (JSON.parse(line) as typeof home).address[0].postalCode);
  expect(codes).toEqual(['000', '021', '000', '000', '021']);
});

test('an age over 89 gets no noise, whatever says that it is one', async () => {
  const code = { coding: [{ system: 'http://loinc.org', code: '30525-0' }] };
  const above = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
  const aged = (value: object): object => ({ resourceType: 'Observation', code, ...value });
  const noise = (path: string): object => rule(path, 'perturb', { span: 1 });
  for (const rules of [
    [noise('Observation.value')],
    [noise("nodesByType('Quantity')")],
    [noise("Observation.nodesByName('value')")],
    [noise("nodesByType('Quantity').value"), noise('Observation.value'), rule('Observation.value', 'redact')],
  ]) {
    const fhir = compile(settings('safe-harbor'), rules);
    const { lines } = await run(fhir, [
      aged({ valueQuantity: { value: 95 } }),
      aged({ valueRange: { low: { value: 95, unit: 'x' } } }),
      aged({ valueInteger: 95 }),
      aged({ valueQuantity: { value: 50 } }),
      { resourceType: 'Observation', valueQuantity: { value: 195 } },
    ]);
    const shown = lines.map((line) => JSON.parse(line) as Record<string, { value: number }>);
    expect(shown.slice(0, 2)).toEqual([aged({ valueQuantity: above }), aged({ valueRange: { low: above } })]);
    expect(JSON.stringify(shown[2])).not.toMatch(/9[4-6]/);
    expect(Math.abs(shown[3].valueQuantity.value - 50)).toBeLessThan(0.51);
    expect(Math.abs(shown[4].valueQuantity.value - 195)).toBeLessThan(0.51);
  }
});

test('an age of which nothing else is kept gets no noise either', async () => {
  const code = { coding: [{ system: 'http://loinc.org', code: '30525-0' }] };
  const above = { value: 89, comparator: '>', unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' };
  const noise = (path: string): object => rule(path, 'perturb', { span: 1 });
  const observed = (value: object): object => ({ resourceType: 'Observation', component: [{ code, ...value }] });
  for (const rules of [
    [noise('(Observation.component.value as Quantity).value'), rule('Observation.component', 'redact')],
    [noise('Observation.component')],
    [noise('Observation')],
  ]) {
    const { lines } = await run(compile(settings('safe-harbor'), rules), [
      observed({ valueQuantity: { value: 95 } }),
      observed({ valueQuantity: { value: 95, unit: 'years' } }),
    ]);
    for (const line of lines) expect(line).toContain(`[{"valueQuantity":${JSON.stringify(above)}}]`);
  }
});

test('a death that only an extension tells of is still told where a rule names that and keeps nothing of it', async () => {
  const fhir = compile(settings('safe-harbor'), [rule('Patient.deceased.extension.value as code', 'keep')]);
  const dead = (value: object): object => ({
    resourceType: 'Patient',
    _deceasedDateTime: { extension: [{ url: 'http://a.example', ...value }] },
  });
  const { lines } = await run(fhir, [dead({ valueString: 'x' }), dead({ valueCode: 'unknown' })]);
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    { resourceType: 'Patient', deceasedBoolean: true },
    dead({ valueCode: 'unknown' }),
  ]);
});
