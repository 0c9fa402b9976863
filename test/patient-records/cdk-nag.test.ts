import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { HIPAASecurityChecks } from 'cdk-nag';
import { EVERYTHING_GIVEN, LEAST_GIVEN } from './support/examples';
import { table } from './support/guide';

/** Findings of the pack over the template in an app, as `rule at logical id`. */
function findings(given: Record<string, string>): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new CfnInclude(stack, 'Template', {
    templateFile: path.join(__dirname, '..', '..', 'templates', 'patient-records.json'),
    parameters: given,
  });
  const { violations } = new HIPAASecurityChecks(app).validateScope(app);
  return violations
    .flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(
        ({ constructPath }) => `${ruleName} at ${(constructPath ?? '').replace('Stack/Template/', '')}`,
      ),
    )
    .sort();
}

test('X2 what cdk-nag finds is what the guide lists with a reason, no more and no less', () => {
  const excused = table('Rule packs')
    .filter(([pack]) => pack === 'cdk-nag')
    .map(([, rule, where, reason]) => {
      expect(reason.length).toBeGreaterThan(20);
      return `${rule} at ${where}`;
    });
  expect(findings(LEAST_GIVEN)).toEqual(excused.sort());
});

test('X2 with every option nothing else is found', () => {
  expect(findings(EVERYTHING_GIVEN)).toEqual(findings(LEAST_GIVEN));
});
