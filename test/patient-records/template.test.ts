import * as fs from 'node:fs';
import * as path from 'node:path';
import { deploy } from './support/deploy';
import { readTemplate, readTemplateText } from './support/examples';
import { table } from './support/guide';
import { WILDCARDS } from './support/wildcards';
import { renderTemplate, TEMPLATES } from '../../build-src/patient-records/template';
import { PATIENT_RECORDS_ENV } from '../../lambda-src/patient-records/environment';

const names = ['patient-records.json', 'patient-records-test.json'];

test.each(Object.keys(TEMPLATES))(
  'B9 %s is what the sources make; if it is not: npx projen patient-records',
  (name) => {
    expect(readTemplateText(name)).toBe(renderTemplate(name));
  },
);

test.each(names)('B12 %s can be passed inline: under 51,200 bytes', (name) => {
  expect(Buffer.byteLength(readTemplateText(name))).toBeLessThan(51_200);
});

test.each(names)('B12 %s is a plain template: sections in order, no transform, nothing of CDK', (name) => {
  const template = readTemplate(name);
  expect(Object.keys(template)).toEqual([
    'AWSTemplateFormatVersion',
    'Description',
    'Metadata',
    'Parameters',
    'Rules',
    'Conditions',
    'Resources',
    'Outputs',
  ]);
  const text = readTemplateText(name);
  expect(text).not.toMatch(/cdk|bootstrap|asset|Custom::/i);
  // A generated id ends in eight hexadecimal digits.
  expect(
    Object.keys(template.Resources).filter((id) => !/^[A-Z][A-Za-z0-9]+$/.test(id) || /[0-9A-F]{8}$/.test(id)),
  ).toEqual([]);
});

test.each(names)('B12 %s shows every parameter in a group, with a label', (name) => {
  const { Metadata, Parameters } = readTemplate(name) as ReturnType<typeof readTemplate> & {
    Metadata: {
      'AWS::CloudFormation::Interface': {
        ParameterGroups: { Label: { default: string }; Parameters: string[] }[];
        ParameterLabels: Record<string, { default: string }>;
      };
    };
  };
  const { ParameterGroups, ParameterLabels } = Metadata['AWS::CloudFormation::Interface'];
  expect(ParameterGroups.flatMap((group) => group.Parameters)).toEqual(Object.keys(Parameters));
  expect(Object.keys(ParameterLabels)).toEqual(Object.keys(Parameters));
});

test('B4 B5 the function is told everything that its code reads, and nothing else', () => {
  const { Environment } = readTemplate('patient-records.json').Resources.Processor.Properties as {
    Environment: { Variables: object };
  };
  expect(Object.keys(Environment.Variables).sort()).toEqual(Object.values(PATIENT_RECORDS_ENV).sort());
});

test('B6 the guide gives a reason for every wildcard', () => {
  expect(Object.keys(WILDCARDS).length).toBeGreaterThan(10);
  expect(Object.entries(WILDCARDS).filter(([, reason]) => reason.length < 8)).toEqual([]);
});

test('B12 the guide explains every parameter, in order, with its default, and every output', () => {
  const { Parameters, Outputs } = readTemplate('patient-records.json');
  const wanted = Object.entries(Parameters).map(([name, { Default }]) => [
    name,
    Default === undefined ? 'required' : Default === '' ? 'empty' : String(Default),
  ]);
  expect(table('Parameters').map(([name, byDefault]) => [name, byDefault])).toEqual(wanted);
  expect(table('Outputs').map(([name]) => name)).toEqual(Object.keys(Outputs));
});

test('B9 what is retained can be imported: the same resources with the same properties, less what leads to others', () => {
  const whole = readTemplate('patient-records.json').Resources;
  const rest = readTemplate('patient-records-import.json');
  const retained = Object.keys(whole).filter(
    (id) => whole[id].DeletionPolicy === 'Retain' && id !== 'FailureQueuePolicy',
  );
  expect(Object.keys(rest.Resources)).toEqual(retained);
  const { NotificationConfiguration, ...records } = whole.RecordsBucket.Properties;
  expect(NotificationConfiguration).toBeDefined();
  for (const id of retained) {
    expect(rest.Resources[id]).toEqual({
      ...whole[id],
      DependsOn: undefined,
      Properties: id === 'RecordsBucket' ? records : whole[id].Properties,
    });
  }
  expect(Object.keys(rest)).toEqual(['AWSTemplateFormatVersion', 'Description', 'Parameters', 'Resources']);
  // Nothing leads to what is not there.
  expect(
    Object.keys(deploy({ ...rest, Rules: {}, Conditions: {}, Outputs: {} }, { EnvironmentSuffix: 'prod' }).resources),
  ).toEqual(retained);
});

test('X2 what the guide says of checkov is what the rule packs are run with', () => {
  const file = path.join(__dirname, '..', '..', 'scripts', 'rule-packs', 'exceptions.json');
  const { checkov } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    checkov: { id: string; resource: string; reason: string }[];
  };
  const excused = checkov
    .filter(({ reason }) => reason.startsWith('patient records: '))
    .map(({ id, resource, reason }) => [
      'checkov',
      id,
      resource.split('.')[1],
      reason.replace('patient records: ', ''),
    ]);
  expect(table('Rule packs').filter(([pack]) => pack === 'checkov')).toEqual(excused);
});
