import { App, PermissionsBoundary as AppBoundary, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { HipaaPipeline } from '../../src';
import { bothWays, entries, TemplateJson, templateOf, testStack, text } from '../support/synth';

const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';

const unbound = (name: RegExp) => (template: TemplateJson) =>
  entries(template, 'AWS::IAM::Role')
    .filter(([, { Properties }]) => !name.test(text(Properties.PermissionsBoundary)))
    .map(([id]) => id);

const weaken = (id: RegExp) => (copy: TemplateJson) => {
  const [, role] = entries(copy, 'AWS::IAM::Role').find(([roleId]) => id.test(roleId))!;
  delete role.Properties.PermissionsBoundary;
};

test('A23 a boundary on the stack reaches every role, that of CDK’s custom resource too', () => {
  const { stack } = testStack();
  new HipaaPipeline(stack, 'Claims');
  iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', BOUNDARY));
  const template = templateOf(stack);
  expect(entries(template, 'AWS::IAM::Role').map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
    'ClaimsNetworkFlowLogRole',
    'ClaimsAuditTrailLogRole',
    'ClaimsProcessorRole',
    'CustomVpcRestrictDefaultSGCustomResourceProviderRole',
  ]);
  bothWays(template, unbound(/policy\/boundary$/), weaken(/Processor/), weaken(/^Custom/));
});

test('A23 so does the app’s setting, by context or by the stack’s prop', () => {
  const byContext = new Stack(
    new App({ context: { '@aws-cdk/core:permissionsBoundary': { name: 'org-boundary' } } }),
    'Test',
  );
  const byProp = new Stack(new App(), 'Test', { permissionsBoundary: AppBoundary.fromName('org-boundary') });
  for (const stack of [byContext, byProp]) {
    new HipaaPipeline(stack, 'Claims');
    expect(unbound(/:policy\/org-boundary$/)(templateOf(stack))).toEqual([]);
  }
});

test('A23 without a setting no role has one', () => {
  const { stack } = testStack();
  new HipaaPipeline(stack, 'Claims');
  expect(unbound(/./)(templateOf(stack))).toHaveLength(4);
});
