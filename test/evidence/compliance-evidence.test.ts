import * as fs from 'fs';
import * as path from 'path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { AuditTrail, ComplianceEvidence, HipaaKeyring } from '../../src';
import { evidenceOf, list, testStack, text } from '../support/synth';

const trail = (scope: Stack, id = 'Audit') =>
  AuditTrail.fromTrailArn(scope, id, 'arn:aws:cloudtrail:us-east-1:999999999999:trail/theirs');

test('is one file for an assembly, with a schema version, whoever asks for it', () => {
  const { app, stack } = testStack();
  trail(stack);
  expect(ComplianceEvidence.of(stack)).toBe(ComplianceEvidence.of(app));
  const evidence = evidenceOf(stack);
  expect(evidence.schemaVersion).toBe(1);
  expect(list(evidence.stacks).map(({ stack: name }) => text(name))).toEqual(['Test']);
  expect(Object.keys(list(evidence.stacks)[0])).toEqual([
    'stack',
    'wildcards',
    'unusedGrants',
    'acknowledgements',
    'openItems',
  ]);
});

test('nothing is written unless it is asked for', () => {
  const { app, stack } = testStack();
  trail(stack);
  expect(fs.existsSync(path.join(app.synth().directory, 'hipaa-evidence'))).toBe(false);
});

test('a stack that has nothing to say is left out', () => {
  const { app, stack } = testStack();
  new Stack(app, 'Bystander');
  trail(stack);
  ComplianceEvidence.of(stack);
  expect(list(evidenceOf(stack).stacks)).toHaveLength(1);
});

test('every stack of the stage has its own entry, a nested one too, and each item is listed once', () => {
  const { app, stack } = testStack();
  const nested = new NestedStack(stack, 'Nested');
  trail(nested as Stack);
  trail(new Stack(app, 'Second'));
  ComplianceEvidence.of(stack);
  const stacks = list(evidenceOf(stack).stacks);
  expect(stacks.flatMap(({ openItems }) => list(openItems)).map((item) => text(item.path))).toEqual([
    'Test/Nested/Audit',
    'Second/Audit',
  ]);
});

test('stages have a file each, in their own assemblies', () => {
  const app = new App();
  const stacks = ['One', 'Two'].map((id) => new Stack(new Stage(app, id), 'Stack'));
  stacks.forEach((stack) => trail(stack));
  stacks.forEach((stack) => ComplianceEvidence.of(stack));
  expect(
    stacks.map((stack) =>
      list(evidenceOf(stack).stacks).flatMap(({ openItems }) => list(openItems).map((item) => text(item.path))),
    ),
  ).toEqual([['One/Stack/Audit'], ['Two/Stack/Audit']]);
});

test('A22 a keyring alone lists the account’s statement of each key', () => {
  const { stack } = testStack();
  new HipaaKeyring(stack, 'Keyring');
  ComplianceEvidence.of(stack);
  const wildcards = list(list(evidenceOf(stack).stacks)[0].wildcards);
  expect(wildcards.map(({ sid }) => text(sid))).toEqual(Array(3).fill('AccountPoliciesDecide'));
  expect(text(wildcards[0].reason)).toMatch(/AWS’s own advice/);
});
