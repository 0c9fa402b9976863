import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { buildProcessor } from './parts';
import { ComplianceEvidence, DeidPolicy } from '../../src';
import {
  bySid,
  evidenceOf,
  list,
  one,
  statementsOf,
  TemplateJson,
  templateOf,
  testStack,
  text,
  texts,
} from '../support/synth';

const build = (policy?: DeidPolicy) => {
  const { stack } = testStack();
  buildProcessor(stack, { policy });
  ComplianceEvidence.of(stack);
  const items = list(list(evidenceOf(stack).stacks)[0].openItems);
  return { stack, template: templateOf(stack), items, open: items.map(({ id }) => text(id)) };
};
const managed = (template: TemplateJson) => one(template, 'AWS::IAM::ManagedPolicy', /ProcessorPolicy/);
/** Where the role may write, as the end of each resource. */
const written = (template: TemplateJson) =>
  statementsOf(managed(template))
    .filter(({ Effect, Action }) => text(Effect) === 'Allow' && texts(Action).includes('s3:PutObject'))
    .flatMap(({ Resource }) => texts(Resource))
    .map((arn) => arn.replace(/^\$\{Buckets(\w+?)[0-9A-F]{8}\.Arn\}/, '$1'))
    .sort();
const resultsPrefix = (template: TemplateJson) =>
  one(template, 'AWS::Lambda::Function', /Processor/).Properties.Environment.Variables.DEIDENTIFIED_PREFIX;

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'profiles-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
const fromFile = (content: object) => {
  const file = path.join(folder, 'policy.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return DeidPolicy.fromFile(file);
};

const ELSEWHERE = ['DataBucket/keys/*', 'DataBucket/rejected/*'];

test('A10 A21 a limited data set goes to a prefix of its own, and its processor may not write beside de-identified records', () => {
  const { template } = build(DeidPolicy.limitedDataSet());
  expect(resultsPrefix(template)).toBe('limited-data-set/');
  expect(written(template)).toEqual([
    ...ELSEWHERE,
    'ProcessedBucket/limited-data-set/*',
    'ProcessedBucket/manifests/*',
  ]);
  expect(texts(bySid(managed(template), 'WriteResults').Resource).join()).not.toContain('deidentified/');
});

test('A10 A21 every other profile that writes goes to deidentified/, and may not write limited data sets', () => {
  for (const policy of [undefined, DeidPolicy.safeHarbor(), fromFile({ fhirPathRules: [] })]) {
    const { template, open } = build(policy);
    expect(resultsPrefix(template)).toBe('deidentified/');
    expect(written(template)).toEqual([...ELSEWHERE, 'ProcessedBucket/deidentified/*', 'ProcessedBucket/manifests/*']);
    expect(open).not.toContain('limited-data-set');
  }
});

test('A21 a processor that only validates may write manifests, and no record anywhere', () => {
  const { template } = build(DeidPolicy.validateOnly());
  expect(written(template)).toEqual(['DataBucket/keys/*', 'ProcessedBucket/manifests/*']);
  expect(texts(bySid(managed(template), 'WriteResults').Action)).toEqual(['s3:GetObject', 's3:PutObject']);
});

test('what a profile leaves open is in the evidence, with the paragraph and what closes it', () => {
  const limited = build(DeidPolicy.limitedDataSet());
  expect(limited.open).toEqual(expect.arrayContaining(['limited-data-set']));
  const item = limited.items.find(({ id }) => text(id) === 'limited-data-set')!;
  expect(texts(item.controls)).toEqual(['164.514(e)(1)', '164.514(e)(4)']);
  expect(text(item.what)).toMatch(/still PHI/);
  expect(text(item.close)).toMatch(/data use agreement/);

  expect(build(DeidPolicy.validateOnly()).open).toEqual(expect.arrayContaining(['validate-only']));
  expect(build(DeidPolicy.validateOnly()).open).not.toContain('keyed-identifiers');
  expect(build(fromFile({ fhirPathRules: [] })).open).toEqual(
    expect.arrayContaining(['ms-r4-compat', 'keyed-identifiers']),
  );
  for (const id of ['limited-data-set', 'validate-only', 'ms-r4-compat']) expect(build().open).not.toContain(id);
});

test('A9 warnings of a policy file become warnings of synth, each with its rule; a policy without has none', () => {
  const policy = DeidPolicy.safeHarbor();
  jest.spyOn(policy, '_warnings', 'get').mockReturnValue([
    {
      section: 'fhir',
      rule: 4,
      path: 'Patient.nmae',
      code: 'POLICY_ADVICE',
      severity: 'warning',
      message: 'look here',
    },
    { section: 'file', code: 'POLICY_ADVICE', severity: 'warning', message: 'and there' },
  ]);
  const warned = Annotations.fromStack(build(policy).stack).findWarning('*', Match.anyValue());
  expect(warned.map(({ id, entry }) => [id, entry.data])).toEqual([
    [
      '/Test/Processor',
      'POLICY_ADVICE the policy: fhir rule 4 (Patient.nmae): look here [ack: cdk-hipaa-pipeline:policy-fhir-rule-4]',
    ],
    ['/Test/Processor', 'POLICY_ADVICE the policy: and there [ack: cdk-hipaa-pipeline:policy-file]'],
  ]);
  expect(Annotations.fromStack(build().stack).findWarning('*', Match.anyValue())).toEqual([]);
});

test('a rule that shows more than Safe Harbor is a warning with its number, and open in the evidence', () => {
  const rules = [
    { path: 'Patient.gender', method: 'redact' },
    { path: 'Patient.birthDate', method: 'keep' },
  ];
  const content = (fhirPathRules: object[]) => ({ version: 1, profile: 'safe-harbor', fhir: { fhirPathRules } });
  const { stack, items } = build(fromFile(content(rules)));
  const warned = Annotations.fromStack(stack).findWarning(
    '*',
    Match.stringLikeRegexp('fhir rule 2 .*Patient.birthDate'),
  );
  expect(warned).toHaveLength(1);
  const item = items.find(({ id }) => text(id) === 'policy-warnings')!;
  expect(text(item.what)).toMatch(/fhir rule 2 \(Patient\.birthDate\): shows more than/);
  expect(text(item.what)).not.toMatch(/rule 1/);
  expect(build(fromFile(content([rules[0]]))).open).not.toContain('policy-warnings');
});

test.each([
  ['hl7v2', { path: 'PID-19', method: 'keep' }],
  ['csv', { column: 'SSN', method: 'keep' }],
])(
  'a rule of %s that shows more than a limited data set is open under the paragraph of its identifiers',
  (section, rule) => {
    const { items } = build(fromFile({ version: 1, profile: 'limited-data-set', [section]: [rule] }));
    const item = items.find(({ id }) => text(id) === 'policy-warnings')!;
    expect(texts(item.controls)).toEqual(['164.514(e)(2)']);
    expect(text(item.what)).toMatch(/shows more than/);
    expect(text(item.close)).not.toMatch(/expert/);
  },
);
