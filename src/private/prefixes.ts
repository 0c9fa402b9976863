/** Where things lie in the buckets, each with its trailing slash. */
export const PREFIX = {
  incoming: 'incoming/',
  rejected: 'rejected/',
  keys: 'keys/',
  deidentified: 'deidentified/',
  manifests: 'manifests/',
} as const;
