import { Check, entries, list, PlacedStatement, statements, TemplateJson, text, texts } from '../support/synth';
import type { Json } from '../support/synth';

/**
 * CDK's resource that closes the default security group, the one custom resource. Its provider is outside the rules
 * that hold for everything of the library's own.
 */
const CLOSED_DEFAULT_GROUP = /^CustomVpcRestrictDefaultSGCustomResourceProvider/;

/** The one statement whose action may be a wildcard: AWS's own advice for key policies. */
const isAccountRoot = ({ type, statement }: PlacedStatement) =>
  type === 'AWS::KMS::Key' &&
  text(statement.Action) === 'kms:*' &&
  /:iam::\$\{AWS::AccountId\}:root$/.test(text(statement.Principal?.AWS));

const allows = (template: TemplateJson) =>
  statements(template).filter(({ statement }) => text(statement.Effect) === 'Allow');
const name = ({ logicalId, statement }: PlacedStatement) => `${logicalId} ${text(statement.Sid)}`;

/** Policies that stand in a role, or come from AWS. */
export const noInlineOrForeignPolicies: Check = (template) => [
  ...entries(template, 'AWS::IAM::Policy').map(([id]) => `${id} is an inline policy`),
  ...entries(template, 'AWS::IAM::Role')
    .filter(([id]) => !CLOSED_DEFAULT_GROUP.test(id))
    .flatMap(([id, { Properties }]) => [
      ...(Properties.Policies === undefined ? [] : [`${id} has inline policies`]),
      ...texts(Properties.ManagedPolicyArns)
        .filter((arn) => !/^\$\{\w+\}$/.test(arn))
        .map((arn) => `${id} has ${arn}`),
    ]),
];

export const noWildcardActions: Check = (template) =>
  allows(template)
    .filter((placed) => !isAccountRoot(placed))
    .filter(
      ({ statement }) =>
        statement.NotAction !== undefined || texts(statement.Action).some((action) => action.includes('*')),
    )
    .map(name);

/** Statements of any kind that allow on a resource with a `*`. */
export function wildcardStatements(template: TemplateJson): string[] {
  return allows(template)
    .filter(
      ({ statement }) =>
        statement.NotResource !== undefined || texts(statement.Resource).some((resource) => resource.includes('*')),
    )
    .map(name)
    .sort();
}

/** Compares what a template holds with what the evidence lists. */
export function againstEvidence(evidence: Json, stack = 0) {
  const listed = (kind: string) => list(list(evidence.stacks)[stack][kind]);
  return {
    /** Wildcards that nobody listed, listed ones that do not exist, and listed ones without a reason. */
    wildcards: (template: TemplateJson) => {
      const held = wildcardStatements(template);
      const declared = listed('wildcards').map(({ logicalId, sid }) => `${text(logicalId)} ${text(sid)}`);
      return [
        ...held.filter((it) => !declared.includes(it)).map((it) => `not listed: ${it}`),
        ...declared.filter((it) => !held.includes(it)).map((it) => `listed in vain: ${it}`),
        ...declared.filter((it, index) => declared.indexOf(it) !== index).map((it) => `listed twice: ${it}`),
        ...listed('wildcards')
          .filter(({ reason }) => text(reason).length < 20)
          .map(({ sid }) => `no reason: ${text(sid)}`),
      ];
    },
    /** Unused grants that no statement of the template makes. */
    unusedGrants: (template: TemplateJson) => {
      const held = allows(template).map(name);
      return listed('unusedGrants')
        .filter(
          ({ logicalId, sid, reason }) => !held.includes(`${text(logicalId)} ${text(sid)}`) || text(reason).length < 20,
        )
        .map(({ sid }) => text(sid));
    },
  };
}
