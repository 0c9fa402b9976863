import { isAllowed, type Expectation } from './access';
import { deploy, type RawTemplate } from './deploy';
import { DATABASE_ONLY, EVERYTHING_GIVEN, LEAST_GIVEN, VPC_ONLY } from './examples';
import { expectations, type Kind } from './expectations';
import { placesOf } from './places';
import { functionProperties, networkProperties, roleProperties } from './properties-function';
import { noLoop, storageProperties } from './properties-storage';
import { deletion, outputs, parameters, references, tags, types } from './properties-template';
import { foreignPolicies, malformed, openToAll, wildcardActions, wildcardResources } from './statements';
import { WILDCARDS } from './wildcards';

/**
 * What is wrong with a template, by requirement; nothing when all is well. It is looked at as it would be deployed, with
 * every option and with none. The first kind of findings ends the search: a template that cannot be deployed is wrong.
 */
export async function findings(template: RawTemplate, guarded: boolean): Promise<string[]> {
  const general = attempt(() => [
    ...types(template),
    ...deletion(template, guarded),
    ...parameters(template),
    ...references(template),
  ]);
  if (general.length > 0) return general;
  for (const given of [EVERYTHING_GIVEN, LEAST_GIVEN, DATABASE_ONLY, VPC_ONLY]) {
    const found = attempt(() => properties(template, { given, suffix: given.EnvironmentSuffix ?? 'dev' }));
    if (found.length > 0) return found;
  }
  const all = await access(template, EVERYTHING_GIVEN, 'prod', { guarded, options: true });
  return all.length > 0 ? all : access(template, LEAST_GIVEN, 'dev', { guarded, options: false });
}

function properties(template: RawTemplate, asked: { given: Record<string, string>; suffix: string }): string[] {
  const { given, suffix } = asked;
  const deployment = deploy(template, given);
  const at = placesOf(suffix);
  const wildcards = wildcardResources(deployment);
  const listed = Object.keys(WILDCARDS);
  return [
    ...storageProperties(deployment, suffix, at),
    ...noLoop(deployment),
    ...functionProperties(deployment, asked, at),
    ...networkProperties(deployment, asked),
    ...roleProperties(deployment, asked),
    ...tags(deployment, suffix),
    ...outputs(template, deployment, given),
    ...wildcardActions(deployment),
    ...wildcards
      .filter((where) => !listed.includes(where))
      .map((where) => `B6 ${where} has a wildcard that is not listed`),
    ...(given === EVERYTHING_GIVEN
      ? listed.filter((where) => !wildcards.includes(where)).map((where) => `B6 ${where} is listed in vain`)
      : []),
    ...openToAll(deployment),
    ...foreignPolicies(deployment),
    ...malformed(deployment),
    ...order(template),
  ];
}

/** B3 B13: S3 takes a notification when it may start the function already; logs are delivered from the start. */
function order({ Resources }: RawTemplate): string[] {
  const waitsFor = Resources.RecordsBucket?.DependsOn ?? [];
  return ['NotificationPermission', 'AccessLogBucketPolicy']
    .filter((id) => !waitsFor.includes(id))
    .map((id) => `B3 the bucket does not wait for ${id}`);
}

/** What was violated last is asked first: neighbours among mutants fail alike. */
let lately = '';

async function access(template: RawTemplate, given: Record<string, string>, suffix: string, kind: Kind) {
  const deployment = deploy(template, given);
  const groups = Object.entries(expectations(placesOf(suffix), kind));
  groups.sort(([one], [other]) => Number(other === lately) - Number(one === lately));
  for (const [name, attempts] of groups) {
    for (const each of attempts) {
      const may = await isAllowed(deployment, each).catch((error: Error) => error.message);
      if (may === each.may) continue;
      lately = name;
      return [`${name}: ${describe(each)}`];
    }
  }
  return [];
}

const describe = ({ as, does, on, with: context, may }: Expectation) =>
  `${as} ${may ? 'cannot' : 'can'} ${does} on ${on} ${JSON.stringify(context ?? {})}`;

function attempt(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [(error as Error).message];
  }
}
