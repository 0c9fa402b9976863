import { byType } from './access';
import { unless } from './compare';
import type { Deployment } from './deploy';

export interface Statement {
  Sid?: string;
  Effect: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: unknown;
  NotPrincipal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export interface PlacedStatement {
  readonly where: string;
  readonly statement: Statement;
}

const DOCUMENTS = ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument'];
const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));

export function statementsOf(deployment: Deployment): PlacedStatement[] {
  return Object.entries(deployment.resources).flatMap(([id, { properties }]) =>
    DOCUMENTS.flatMap((name) => {
      const document = properties[name] as unknown as { Statement: Statement[] } | undefined;
      return list(document?.Statement).map((statement) => ({ where: `${id} ${statement.Sid ?? '?'}`, statement }));
    }),
  );
}

const allows = (deployment: Deployment) =>
  statementsOf(deployment).filter(({ statement }) => statement.Effect === 'Allow');

/** B6: no wildcard in an action that is allowed. */
export function wildcardActions(deployment: Deployment): string[] {
  return allows(deployment)
    .filter(
      ({ statement }) =>
        statement.NotAction !== undefined || list(statement.Action).some((action) => action.includes('*')),
    )
    .map(({ where }) => `B6 ${where} allows actions by wildcard`);
}

/** B6: allowed resources with a wildcard, to be listed with a reason. */
export function wildcardResources(deployment: Deployment): string[] {
  return allows(deployment)
    .filter(
      ({ statement }) =>
        statement.NotResource !== undefined || list(statement.Resource).some((resource) => resource.includes('*')),
    )
    .map(({ where }) => where);
}

/** Where AWS knows no other form: this key, and what describes a network. */
const WHOLE = ['Key AccountPoliciesDecide', 'Key CloudWatchLogs', 'ProcessorPolicy DescribeNetwork'];

/** B6: what IAM would refuse, or take for everything. */
export function malformed(deployment: Deployment): string[] {
  return statementsOf(deployment).flatMap(({ where, statement: { Sid, Effect, Action, Resource, NotResource } }) => {
    const isTrust = /Role /.test(where);
    const complete = Sid && /^(Allow|Deny)$/.test(Effect) && list(Action).length > 0;
    return [
      ...unless(
        Boolean(complete) && (isTrust || list(Resource ?? NotResource).length > 0),
        `B6 ${where} is not complete`,
      ),
      ...unless(
        Effect === 'Deny' || WHOLE.includes(where) || !list(Resource).includes('*'),
        `B6 ${where} is for everything`,
      ),
    ];
  });
}

/** B6: nothing is allowed to everyone, but through the endpoint, whose policy names bucket and account. */
export function openToAll(deployment: Deployment): string[] {
  return allows(deployment)
    .filter(
      ({ statement: { Principal, NotPrincipal } }) =>
        NotPrincipal !== undefined || /"\*"/.test(JSON.stringify(Principal ?? '')),
    )
    .filter(({ where }) => where !== 'S3Endpoint RecordsBucketOnly')
    .map(({ where }) => `B6 ${where} allows everyone`);
}

/** B6: policies of our own only, attached to roles; nothing inline. */
export function foreignPolicies(deployment: Deployment): string[] {
  return unless(
    byType(deployment, 'AWS::IAM::Policy').length === 0 &&
      byType(deployment, 'AWS::IAM::Role').every(({ Policies }) => Policies === undefined),
    'B6 a policy stands inline',
  );
}
