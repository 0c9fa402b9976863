/** Where things lie in the buckets, each with its trailing slash. */
export const PREFIX = {
  incoming: 'incoming/',
  rejected: 'rejected/',
  keys: 'keys/',
  deidentified: 'deidentified/',
  /** Still PHI, so never beside what is de-identified. */
  limitedDataSet: 'limited-data-set/',
  manifests: 'manifests/',
} as const;
