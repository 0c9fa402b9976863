import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildProcessor } from './parts';
import { ComplianceEvidence, DeidPolicy, IdTreatment, PhiProcessorProps, ProcessorCode } from '../../src';
import { PROCESSOR_ENV } from '../../src/processing/private/handler-contract';
import { evidenceOf, list, one, TemplateJson, templateOf, testStack, text } from '../support/synth';

const build = (props?: Partial<PhiProcessorProps>) => {
  const { app, stack } = testStack();
  buildProcessor(stack, props);
  ComplianceEvidence.of(stack);
  return { app, stack, template: templateOf(stack) };
};
const fn = (template: TemplateJson) => one(template, 'AWS::Lambda::Function').Properties;
const openItems = (stack: Stack) => list(list(evidenceOf(stack).stacks)[0].openItems).map(({ id }) => text(id));

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'processor-code-'));
  fs.writeFileSync(path.join(folder, 'bootstrap'), '#!/bin/sh\n');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('a function of the team', () => {
  test.each([
    [lambda.Runtime.PROVIDED_AL2023, 'bootstrap', 'provided.al2023'],
    [lambda.Runtime.NODEJS_22_X, 'index.handler', 'nodejs22.x'],
    [new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS), 'index.handler', 'nodejs24.x'],
  ])('A9 runs on %s with handler %s, under the same contract', (runtime, handler, name) => {
    const { template } = build({ code: ProcessorCode.fromAsset(folder, runtime, handler) });
    expect(fn(template)).toMatchObject({ Runtime: name, Handler: handler, MemorySize: 512, Timeout: 300 });
    expect(Object.keys(fn(template).Environment.Variables).sort()).toEqual(Object.values(PROCESSOR_ENV).sort());
  });

  test('A9 a policy beside it is an error: it could not take effect', () => {
    const code = ProcessorCode.fromAsset(folder, lambda.Runtime.PROVIDED_AL2023, 'bootstrap');
    expect(() => build({ code, policy: DeidPolicy.safeHarbor() })).toThrow(
      'policy applies to the built-in de-identifier only, got a function of your own; remove policy, or remove processor',
    );
  });
});

describe('the de-identifier', () => {
  const tables = (props: Partial<PhiProcessorProps>) => {
    const { app, template } = build(props);
    const key = text(fn(template).Code.S3Key).replace('.zip', '');
    const asset = path.join(app.synth().directory, `asset.${key}`);
    return {
      key,
      files: fs.readdirSync(asset).sort(),
      tables: fs.readFileSync(path.join(asset, 'tables.json'), 'utf8'),
    };
  };

  test('A9 is staged with the policy compiled beside it, and a change of policy changes the asset', () => {
    const byDefault = tables({});
    expect(byDefault.files).toEqual(['index.js', 'tables.json']);
    expect((JSON.parse(byDefault.tables) as { policy: { profile: string } }).policy.profile).toBe('safe-harbor');
    expect(tables({ policy: DeidPolicy.safeHarbor(), code: ProcessorCode.deidentifier() }).key).toBe(byDefault.key);
    const dropping = tables({ policy: DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }) });
    expect(dropping.key).not.toBe(byDefault.key);
    expect(dropping.tables).not.toBe(byDefault.tables);
  });

  test('keyed identifiers are open, and not with the strict policy', () => {
    expect(openItems(build().stack)).toContain('keyed-identifiers');
    expect(openItems(build({ policy: DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }) }).stack)).not.toContain(
      'keyed-identifiers',
    );
  });

  test('A12 concurrency that is not reserved is open', () => {
    expect(openItems(build({ reserveConcurrency: false }).stack)).toContain('no-reserved-concurrency');
    expect(openItems(build().stack)).not.toContain('no-reserved-concurrency');
  });
});
