import { CfnResource, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Trail and access logs too: their records name PHI objects. */
const tagsOf = (environment: string): Record<string, string> => ({
  Compliance: 'HIPAA',
  DataClass: 'PHI',
  Environment: environment,
});

/** Tags a part and all in it, never its scope. */
export function tagPart(part: Construct, environment: string): void {
  for (const [key, value] of Object.entries(tagsOf(environment))) Tags.of(part).add(key, value);
}

/** Tags what CDK adds as plain resources, which `Tags` does not reach. */
export function tagPlainResources(scope: Construct, environment: string): void {
  const tags = Object.entries(tagsOf(environment)).map(([Key, Value]) => ({ Key, Value }));
  for (const node of scope.node.findAll()) {
    if (CfnResource.isCfnResource(node)) node.addPropertyOverride('Tags', tags);
  }
}
