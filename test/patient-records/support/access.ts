import { anonymousPrincipal, runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, REGION, type Deployment, type Properties } from './deploy';

/*
 * Who may do what, decided by an evaluator of IAM policies that is not ours, on the policies as they would stand.
 */

export const OTHER_ACCOUNT = '444455556666';
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export type Actor =
  /** Somebody of this account who may do everything: only a deny holds. */
  | 'administrator'
  | 'root'
  /** The function's role as it is, and with every right of the account attached on top. */
  | 'processor'
  | 'processor+'
  | 'reader'
  | 'reader+'
  /** Somebody of another account who may do everything there. */
  | 'stranger'
  | 'anyone'
  | `service:${string}`;

export interface Attempt {
  readonly as: Actor;
  readonly does: string;
  readonly on: string;
  readonly with?: Record<string, string>;
}

export interface Expectation extends Attempt {
  readonly may: boolean;
}

const SIGNED = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** Answers, each question once: most mutants leave most policies as they are. */
const answers = new Map<string, Promise<boolean>>();

export async function isAllowed(deployment: Deployment, attempt: Attempt): Promise<boolean> {
  const simulation = simulationOf(deployment, attempt);
  if (!simulation) return false;
  const question = JSON.stringify(simulation);
  const known = answers.get(question);
  if (known) return known;
  const answer = simulate(question);
  answers.set(question, answer);
  return answer;
}

/** Condition keys that the evaluator does not take from a request; in question and policies alike they go by another name. */
const UNKNOWN_KEYS = /kms:EncryptionContext:aws:logs:arn|lambda:SourceFunctionArn/g;
const KNOWN_KEY = 'aws:SourceArn';

async function simulate(question: string): Promise<boolean> {
  const outcome = await runSimulation(JSON.parse(question.replaceAll(UNKNOWN_KEYS, KNOWN_KEY)) as Simulation, {});
  // A policy that IAM would not take: the stack could not be deployed.
  if (outcome.resultType === 'error') throw new Error(`policies must be valid, got ${JSON.stringify(outcome.errors)}`);
  return outcome.overallResult === 'Allowed';
}

function simulationOf(deployment: Deployment, { as, does, on, with: context = {} }: Attempt): Simulation | undefined {
  const who = principalOf(deployment, as);
  if (!who) return undefined;
  const { arn, account, identity } = who;
  const endpoint = does.startsWith('s3:') && context.through === 'endpoint' ? endpointPolicy(deployment) : undefined;
  const { through: _through, ...keys } = context;
  return {
    request: {
      principal: arn ?? anonymousPrincipal,
      action: does,
      resource: { resource: on, accountId: accountOf(on) },
      contextVariables: {
        ...SIGNED,
        ...(arn && !as.startsWith('service:') ? { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account } : {}),
        ...keys,
      },
    },
    identityPolicies: identity.map((policy, index) => ({ name: `policy-${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: resourcePolicyOf(deployment, on),
    ...(endpoint ? { vpcEndpointPolicies: [{ name: 'endpoint', policy: endpoint }] } : {}),
    additionalSettings: { s3: { blockPublicAccess: false } },
  };
}

interface Principal {
  readonly arn?: string;
  readonly account: string;
  readonly identity: unknown[];
}

function principalOf(deployment: Deployment, as: Actor): Principal | undefined {
  const [service] = /(?<=^service:).*/.exec(as) ?? [];
  if (service) return { arn: service, account: ACCOUNT, identity: [] };
  switch (as) {
    case 'administrator':
      return { arn: `arn:aws:iam::${ACCOUNT}:role/administrator`, account: ACCOUNT, identity: [EVERYTHING] };
    case 'root':
      return { arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT, identity: [EVERYTHING] };
    case 'stranger':
      return { arn: `arn:aws:iam::${OTHER_ACCOUNT}:role/stranger`, account: OTHER_ACCOUNT, identity: [EVERYTHING] };
    case 'anyone':
      return { account: '', identity: [] };
    default:
      return roleOf(deployment, as.startsWith('processor') ? 'ProcessorRole' : 'ReaderRole', as.endsWith('+'));
  }
}

function roleOf(deployment: Deployment, id: string, withEverything: boolean): Principal | undefined {
  const role = deployment.resources[id]?.properties;
  if (!role) return undefined;
  const attached = (role.ManagedPolicyArns ?? []) as string[];
  const documents = byType(deployment, 'AWS::IAM::ManagedPolicy')
    .filter(({ ManagedPolicyName }) => attached.some((arn) => arn.endsWith(`:policy/${String(ManagedPolicyName)}`)))
    .map(({ PolicyDocument }) => withKnownWildcards(PolicyDocument));
  return {
    arn: `arn:aws:iam::${ACCOUNT}:role/${String(role.RoleName)}`,
    account: ACCOUNT,
    identity: [...documents, ...(withEverything ? [EVERYTHING] : [])],
  };
}

// The evaluator knows no wildcard before the slash (`*/*`, every id of every kind); IAM does.
function withKnownWildcards(policy: unknown): unknown {
  return JSON.parse(JSON.stringify(policy).replaceAll(':*/*"', ':network-interface/*"'));
}

/** As AWS makes it: the account's own policies decide. */
const KEY_OF_SOMEBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** The policy of the very thing: bucket, key, queue, role or function. */
function resourcePolicyOf(deployment: Deployment, on: string): unknown {
  const [, , service, , , rest] = splitArn(on);
  if (service === 's3') {
    const bucket = rest.split('/')[0];
    return byType(deployment, 'AWS::S3::BucketPolicy').find(({ Bucket }) => Bucket === bucket)?.PolicyDocument;
  }
  if (service === 'kms') {
    const [, id] = /^key\/id-of-(\w+)$/.exec(rest) ?? [];
    return id ? deployment.resources[id]?.properties.KeyPolicy : KEY_OF_SOMEBODY;
  }
  if (service === 'sqs') {
    return byType(deployment, 'AWS::SQS::QueuePolicy').find(({ Queues }) =>
      (Queues as string[]).some((url) => url.endsWith(`/${rest}`)),
    )?.PolicyDocument;
  }
  if (service === 'iam') {
    return byType(deployment, 'AWS::IAM::Role').find(({ RoleName }) => rest === `role/${String(RoleName)}`)
      ?.AssumeRolePolicyDocument;
  }
  if (service === 'lambda') return functionPolicy(deployment, on);
  return undefined;
}

/** What Lambda makes of its permissions. */
function functionPolicy(deployment: Deployment, arn: string): unknown {
  const statements = byType(deployment, 'AWS::Lambda::Permission')
    .filter(({ FunctionName }) => arn.endsWith(`:function:${String(FunctionName)}`))
    .map(({ Principal: service, Action, SourceArn, SourceAccount }) => ({
      Effect: 'Allow',
      Principal: { Service: service },
      Action,
      Resource: arn,
      Condition: {
        ...(SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {}),
        ...(SourceAccount ? { StringEquals: { 'aws:SourceAccount': SourceAccount } } : {}),
      },
    }));
  return statements.length > 0 ? { Version: '2012-10-17', Statement: statements } : undefined;
}

function endpointPolicy(deployment: Deployment): unknown {
  const [endpoint] = byType(deployment, 'AWS::EC2::VPCEndpoint');
  // Without a policy of its own an endpoint lets everything through.
  return (
    endpoint?.PolicyDocument ?? { Version: '2012-10-17', Statement: [{ ...EVERYTHING.Statement[0], Principal: '*' }] }
  );
}

export function byType(deployment: Deployment, type: string): Properties[] {
  return Object.values(deployment.resources)
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties);
}

const splitArn = (arn: string) => {
  const [head, partition, service, region, account, ...rest] = arn.split(':');
  return [head, partition, service, region, account, rest.join(':')];
};

/** S3's ARNs name no account; everything else that is asked for says whose it is. */
function accountOf(arn: string): string {
  const account = splitArn(arn)[4];
  return account === undefined || account === '' ? ACCOUNT : account;
}

export const arnOf = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
