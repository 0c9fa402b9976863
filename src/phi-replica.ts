import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * A bucket outside the pipeline, best in another region or account, that receives a copy of every new object.
 *
 * The pseudonym key is not copied. The bucket must be versioned, and must have Object Lock enabled to receive the
 * trail's copies. Its policy, when it lies in another account, must admit the replication roles.
 */
export interface PhiReplica {
  /** Bucket that receives the copies; `data/`, `processed/` ... keep their keys, which do not collide. */
  readonly bucket: s3.IBucket;
  /** Key that the copies are encrypted with. */
  readonly key: kms.IKey;
  /**
   * Account that owns the bucket, when it is another one.
   *
   * @default - the pipeline's account
   */
  readonly account?: string;
}
