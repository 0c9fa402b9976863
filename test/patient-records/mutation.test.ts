import type { RawTemplate, Value } from './support/deploy';
import { readTemplate } from './support/examples';
import { findings } from './support/findings';
import { copyOf, mutantsUnder } from './support/mutants';

/*
 * Every property, statement, condition, rule, constraint and output is taken away or turned round, one at a time: our
 * checks find nothing in the template, and something in each of these.
 */

const template = readTemplate('patient-records.json');
const members = (section: keyof RawTemplate) =>
  Object.keys(template[section]).map((id): [keyof RawTemplate, string] => [section, id]);

test('B1 B2 B3 B4 B6 B7 B8 B9 B10 B11 B12 B13 nothing is wrong with patient-records.json', async () => {
  expect(await findings(template, true)).toEqual([]);
  expect(await findings(copyOf(template), true)).toEqual([]);
});

test('B9 nothing is wrong with patient-records-test.json but that it guards and keeps nothing', async () => {
  const forTests = readTemplate('patient-records-test.json');
  expect(await findings(forTests, false)).toEqual([]);
  expect(await findings(forTests, true)).not.toEqual([]);
  expect(await findings(template, false)).not.toEqual([]);
});

test.each([
  ...members('Parameters'),
  ...members('Rules'),
  ...members('Conditions'),
  ...members('Outputs'),
  ...members('Resources'),
])(
  'B1 B13 what weakens %s %s is found',
  async (section, id) => {
    const mutants = mutantsUnder(template, section, id);
    expect(mutants.length).toBeGreaterThan(0);
    const survivors = [];
    for (const { name, template: mutant } of mutants) {
      if ((await findings(mutant, true)).length === 0) survivors.push(name);
    }
    expect(survivors).toEqual([]);
  },
  300_000,
);

const ANYTHING = { Sid: 'More', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const statements = (copy: RawTemplate, id: string, document = 'PolicyDocument') =>
  (copy.Resources[id].Properties[document] as { Statement: Value[] }).Statement;

/** What somebody might add. */
const ADDITIONS: Record<string, (copy: RawTemplate) => unknown> = {
  'a lifecycle rule': ({ Resources }) =>
    (Resources.RecordsBucket.Properties.LifecycleConfiguration = {
      Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }],
    }),
  'a reader of everything in the bucket policy': (copy) =>
    statements(copy, 'RecordsBucketPolicy').push({ ...ANYTHING, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }),
  'a statement for everything in the policy of the function': (copy) =>
    statements(copy, 'ProcessorPolicy').push(ANYTHING),
  'another user of the key': (copy) =>
    statements(copy, 'Key', 'KeyPolicy').push({ ...ANYTHING, Action: 'kms:Decrypt', Principal: '*' }),
  'an inline policy': ({ Resources }) =>
    (Resources.ProcessorRole.Properties.Policies = [{ PolicyName: 'more', PolicyDocument: { Statement: [ANYTHING] } }]),
  'a policy of AWS': ({ Resources }) =>
    (Resources.ReaderRole.Properties.ManagedPolicyArns as Value[]).push('arn:aws:iam::aws:policy/AdministratorAccess'),
  'a way in': ({ Resources }) =>
    (Resources.SecurityGroup.Properties.SecurityGroupIngress = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
  'a way out': ({ Resources }) =>
    (Resources.SecurityGroup.Properties.SecurityGroupEgress as Value[]).push({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
  'a password in an output': ({ Outputs }) =>
    (Outputs.Password = {
      Description: 'The password of the database',
      Value: '{{resolve:secretsmanager:a:SecretString:password}}',
    }),
  'a password as a parameter': ({ Parameters }) =>
    (Parameters.DatabasePassword = {
      Type: 'String',
      Description: 'The password of the database',
      Default: 'a',
      ConstraintDescription: 'must be a password',
    }),
  'a password in a tag': ({ Resources }) =>
    (Resources.Processor.Properties.Tags as Value[]).push({
      Key: 'Password',
      Value: '{{resolve:secretsmanager:a:SecretString:password}}',
    }),
  'another notification': ({ Resources }) =>
    (
      Resources.RecordsBucket.Properties.NotificationConfiguration as { LambdaConfigurations: Value[] }
    ).LambdaConfigurations.push({ Event: 's3:ObjectCreated:*', Function: { 'Fn::GetAtt': ['Processor', 'Arn'] } }),
  'another permission to start the function': ({ Resources }) =>
    (Resources.Another = {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Processor' },
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
      },
    }),
  'a custom resource': ({ Resources }) => (Resources.Another = { Type: 'Custom::Anything', Properties: {} }),
};

test.each(Object.entries(ADDITIONS))('B1 B13 %s is found', async (_what, add) => {
  const copy = copyOf(template);
  add(copy);
  expect(await findings(copy, true)).not.toEqual([]);
});
