import type { Stack } from 'aws-cdk-lib';
import {
  HipaaKeyring,
  IHipaaKeyring,
  IIsolatedNetwork,
  IPhiBucketSet,
  IsolatedNetwork,
  PhiBucketSet,
  PhiProcessor,
  PhiProcessorProps,
} from '../../src';

export interface Parts {
  readonly keyring: IHipaaKeyring;
  readonly network: IIsolatedNetwork;
  readonly buckets: IPhiBucketSet;
}

/** What a processor needs, under ids that tests look for. */
export function buildParts(stack: Stack): Parts {
  const keyring = new HipaaKeyring(stack, 'Keyring');
  const network = new IsolatedNetwork(stack, 'Network', { keyring, restrictDefaultSecurityGroup: false });
  return { keyring, network, buckets: new PhiBucketSet(stack, 'Buckets', { keyring }) };
}

export function buildProcessor(
  stack: Stack,
  props: Partial<PhiProcessorProps> = {},
  parts = buildParts(stack),
  id = '',
): PhiProcessor {
  return new PhiProcessor(stack, `Processor${id}`, { ...parts, ...props });
}
