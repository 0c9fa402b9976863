import { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Context key that must be true beside `removalPolicy: DESTROY`, so that a copied prop cannot empty production. */
export const ALLOW_DESTROY_CONTEXT = 'cdk-hipaa-pipeline:allow-destroy';

/** What is done with stateful resources when they leave the stack. */
export interface Deletion {
  /** True only with both keys: the prop and the context. */
  readonly destroy: boolean;
  /** What every stateful resource gets. */
  readonly policy: RemovalPolicy;
}

/**
 * `RETAIN` becomes `RETAIN_ON_UPDATE_OR_DELETE`, so that a first deployment that fails leaves nothing behind and can be
 * tried again.
 */
export function resolveDeletion(scope: Construct, removalPolicy: RemovalPolicy = RemovalPolicy.RETAIN): Deletion {
  switch (removalPolicy) {
    case RemovalPolicy.RETAIN:
    case RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE:
      return { destroy: false, policy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE };
    case RemovalPolicy.DESTROY:
      if (!isTrue(scope.node.tryGetContext(ALLOW_DESTROY_CONTEXT))) {
        throw new Error(
          'removalPolicy DESTROY deletes PHI and needs a second key, got only the prop; for an environment with ' +
            `synthetic data set context ${ALLOW_DESTROY_CONTEXT} to true (cdk.json, or -c ${ALLOW_DESTROY_CONTEXT}=true)`,
        );
      }
      return { destroy: true, policy: RemovalPolicy.DESTROY };
    default:
      throw new Error(`removalPolicy must be RETAIN or DESTROY, got ${removalPolicy}; leave it out to retain`);
  }
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
