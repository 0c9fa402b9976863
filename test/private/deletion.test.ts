import { RemovalPolicy } from 'aws-cdk-lib';
import { resolveDeletion } from '../../src/private/deletion';
import { testStack } from '../support/synth';

const KEY = 'cdk-hipaa-pipeline:allow-destroy';
const resolve = (policy?: RemovalPolicy, context = {}) => resolveDeletion(testStack({ context }).stack, policy);

test('A26 retains by default, except what a failed first deployment made', () => {
  const retained = { destroy: false, policy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE };
  expect(resolve()).toEqual(retained);
  expect(resolve(RemovalPolicy.RETAIN)).toEqual(retained);
  expect(resolve(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)).toEqual(retained);
});

test('A26 the context alone deletes nothing', () => {
  expect(resolve(undefined, { [KEY]: true }).destroy).toBe(false);
});

test.each([{}, { [KEY]: false }, { [KEY]: 'yes' }, { [KEY]: 1 }])(
  'A26 DESTROY with context %j is an error',
  (context) => {
    expect(() => resolve(RemovalPolicy.DESTROY, context)).toThrow(
      'removalPolicy DESTROY deletes PHI and needs a second key, got only the prop; for an environment with synthetic ' +
        `data set context ${KEY} to true (cdk.json, or -c ${KEY}=true)`,
    );
  },
);

test.each([true, 'true'])('A26 DESTROY with the context %j destroys', (value) => {
  expect(resolve(RemovalPolicy.DESTROY, { [KEY]: value })).toEqual({ destroy: true, policy: RemovalPolicy.DESTROY });
});

test('A26 SNAPSHOT is an error', () => {
  expect(() => resolve(RemovalPolicy.SNAPSHOT)).toThrow(
    'removalPolicy must be RETAIN or DESTROY, got snapshot; leave it out to retain',
  );
});
