import { CfnDeletionPolicy, type CfnResource } from 'aws-cdk-lib';

/** The same sources make two templates: the real one retains and guards, the one for tests can be deleted. */
export interface Variant {
  readonly retain: boolean;
}

/** Both attributes are literals, hence two templates and no parameter. */
export function keep({ retain }: Variant, ...resources: CfnResource[]): void {
  const policy = retain ? CfnDeletionPolicy.RETAIN : CfnDeletionPolicy.DELETE;
  for (const { cfnOptions } of resources) {
    cfnOptions.deletionPolicy = policy;
    cfnOptions.updateReplacePolicy = policy;
  }
}
