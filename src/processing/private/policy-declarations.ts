import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeidPolicy } from '../../deidentification/deid-policy';
import { describeProblem } from '../../deidentification/private/policy-problems';
import { declareOpenItem } from '../../private/declarations';
import { PREFIX } from '../../private/prefixes';

/** Says of a policy what its author should look at (warnings at synth), and what it leaves open (evidence). */
export function declarePolicy(scope: Construct, policy: DeidPolicy): void {
  declareWarnings(scope, policy);
  switch (policy.profile) {
    case 'limited-data-set':
      return declareLimitedDataSet(scope);
    case 'validate-only':
      return declareValidateOnly(scope);
    case 'ms-r4-compat':
      declareForeignPolicy(scope);
  }
  if (policy._keepsIds) declareKeyedIds(scope);
}

/** A rule that shows more than its profile compiles, and is for a person to judge. */
function declareWarnings(scope: Construct, { _warnings: warnings, profile }: DeidPolicy): void {
  if (warnings.length === 0) return;
  for (const warning of warnings) {
    const place = [warning.section, ...(warning.rule === undefined ? [] : [`rule-${warning.rule}`])].join('-');
    Annotations.of(scope).addWarningV2(`cdk-hipaa-pipeline:policy-${place}`, describeProblem(warning, 'the policy'));
  }
  // An expert's determination makes no limited data set of what has one of its direct identifiers.
  const limited = profile === 'limited-data-set';
  declareOpenItem(scope, {
    id: 'policy-warnings',
    controls: [limited ? '164.514(e)(2)' : '164.514(b)(2)(i)'],
    what: `rules of the policy need a person's judgement: ${warnings.map((each) => describeProblem(each, 'the policy')).join('; ')}`,
    close: limited
      ? 'mend the rules, or see to it that they show none of the direct identifiers of 164.514(e)(2)'
      : 'mend the rules, or have an expert determine that the risk is very small',
  });
}

function declareKeyedIds(scope: Construct): void {
  declareOpenItem(scope, {
    id: 'keyed-identifiers',
    controls: ['164.514(c)'],
    what: 'logical ids live on as keyed codes (HMAC) so that records join; the letter forbids codes derived from the data',
    close:
      'policy: DeidPolicy.safeHarbor({ ids: IdTreatment.DROP }), or have an expert determine that the risk is very small',
  });
}

function declareLimitedDataSet(scope: Construct): void {
  declareOpenItem(scope, {
    id: 'limited-data-set',
    controls: ['164.514(e)(1)', '164.514(e)(4)'],
    what: `results under ${PREFIX.limitedDataSet} are a limited data set: still PHI, with dates, cities and ZIP codes`,
    close:
      'sign a data use agreement with every recipient before grantReadLimitedDataSet, and use it for research, public ' +
      'health or health care operations only; or take DeidPolicy.safeHarbor()',
  });
}

function declareValidateOnly(scope: Construct): void {
  declareOpenItem(scope, {
    id: 'validate-only',
    controls: ['164.312(c)(1)'],
    what: 'records are checked and counted, and none is written: no results, and no rejects to look at',
    close: 'take DeidPolicy.safeHarbor() once the counts in the manifests are as they should be, and replay',
  });
}

function declareForeignPolicy(scope: Construct): void {
  declareOpenItem(scope, {
    id: 'ms-r4-compat',
    controls: ['164.514(b)(2)(i)'],
    what: `what the rules of the policy do not name is kept, so that results under ${PREFIX.deidentified} are as safe as those rules`,
    close: 'move to profile safe-harbor, or have an expert determine that the risk is very small',
  });
}
