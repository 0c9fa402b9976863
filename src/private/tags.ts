import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Tags a part and all in it, never its scope. Trail and access logs too: their records name PHI objects. */
export function tagPart(part: Construct, environment: string): void {
  Tags.of(part).add('Compliance', 'HIPAA');
  Tags.of(part).add('DataClass', 'PHI');
  Tags.of(part).add('Environment', environment);
}
