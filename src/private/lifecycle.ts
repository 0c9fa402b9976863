import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { PREFIX } from './prefixes';

/** Only tiers that can be read at once: a replay must work. */
const COLDER: s3.Transition[] = [
  { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
  { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
];

const HYGIENE = {
  noncurrentVersionExpiration: Duration.days(90),
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** Seven years: a year beyond the six that 45 CFR 164.316(b)(2)(i) asks for. */
const LOGS_EXPIRE_AFTER = Duration.days(2557);

/** By prefix, never for the whole bucket: no rule may touch `keys/`. Records do not expire. */
export function dataLifecycle(): s3.LifecycleRule[] {
  return [PREFIX.incoming, PREFIX.rejected].map((prefix) => ({
    id: prefix.replace('/', ''),
    prefix,
    transitions: COLDER,
    ...HYGIENE,
  }));
}

export function processedLifecycle(): s3.LifecycleRule[] {
  return [{ id: 'results', transitions: COLDER, ...HYGIENE }];
}

/** For access logs and the trail. */
export function logLifecycle(): s3.LifecycleRule[] {
  return [{ id: 'logs', transitions: COLDER, expiration: LOGS_EXPIRE_AFTER, ...HYGIENE }];
}
