import { Token } from 'aws-cdk-lib';
import { PREFIX } from '../../private/prefixes';

/** What a reader of results may be given: never what holds limited data sets, not even by the way. */
export function publishedPrefixes(prefix: string): string[] {
  if (prefix === '') return [PREFIX.deidentified, PREFIX.manifests];
  const covers = PREFIX.limitedDataSet.startsWith(prefix) || prefix.startsWith(PREFIX.limitedDataSet);
  if (covers && !Token.isUnresolved(prefix)) {
    throw new Error(
      `prefix must not reach limited data sets, which are PHI, got ${JSON.stringify(prefix)}; ` +
        'use grantReadLimitedDataSet, or a prefix such as deidentified/',
    );
  }
  return [prefix];
}
