import { readTemplate, readTemplateText } from './support/examples';
import { table } from './support/guide';
import { WILDCARDS } from './support/wildcards';
import { renderTemplate, TEMPLATES } from '../../build-src/patient-records/template';
import { PATIENT_RECORDS_ENV } from '../../lambda-src/patient-records/environment';

const names = Object.keys(TEMPLATES);

test.each(names)('B9 %s is what the sources make; if it is not: npx projen patient-records', (name) => {
  expect(readTemplateText(name)).toBe(renderTemplate(TEMPLATES[name]));
});

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
