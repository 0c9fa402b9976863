import { IResource, Lazy, RemovalPolicy, Resource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PhiReplica } from '../phi-replica';
import { PhiZone } from './phi-zone';
import { denyKeyObjectDeletion, denyKeyObjectOverwrite, denyKeyObjectToOthers } from './private/key-object-statements';
import { publishedPrefixes } from './private/published-prefixes';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import {
  allowServerAccessLogs,
  denyDestructionWithoutMfa,
  denyOldTls,
  denyPlainHttp,
  denyWrongEncryption,
} from '../private/bucket-statements';
import { acknowledge, declareOpenItem, declareWildcard } from '../private/declarations';
import { Deletion, resolveDeletion } from '../private/deletion';
import { bucketArnOf, createGuardedBucket } from '../private/guarded-bucket';
import { dataLifecycle, logLifecycle, processedLifecycle } from '../private/lifecycle';
import { Names } from '../private/naming';
import { PREFIX } from '../private/prefixes';
import { createReplication, declareNoReplica } from '../private/replication';
import { tagPart } from '../private/tags';

/** Buckets for records, results and their access logs. */
export interface IPhiBucketSet extends IResource {
  /** Receives records under `incoming/`; holds `rejected/` and `keys/`. */
  readonly dataBucket: s3.IBucket;
  /** Receives results under `deidentified/` and `manifests/`; limited data sets under `limited-data-set/`. */
  readonly processedBucket: s3.IBucket;
  /** Receives server access logs. */
  readonly accessLogsBucket: s3.IBucket;

  /** The bucket of a zone. */
  zoneBucket(zone: PhiZone): s3.IBucket;

  /**
   * Allows reading objects and their versions in a zone, decryption included. In the processed zone that never covers
   * limited data sets, which are PHI.
   *
   * @param prefix what object keys begin with, such as `incoming/`; when left out, all objects of the data zone, or
   * de-identified records and manifests of the processed one
   */
  grantRead(grantee: iam.IGrantable, zone: PhiZone, prefix?: string): iam.Grant;
  /**
   * Allows reading limited data sets, decryption included. **They are PHI** (45 CFR 164.514(e)): whoever reads them must
   * be under a data use agreement, and use them for research, public health or health care operations only.
   */
  grantReadLimitedDataSet(grantee: iam.IGrantable): iam.Grant;
  /**
   * Allows writing objects in a zone, encryption included.
   *
   * @param prefix what object keys begin with; all objects when left out
   */
  grantWrite(grantee: iam.IGrantable, zone: PhiZone, prefix?: string): iam.Grant;

  /**
   * Names the one role that may read and make the pipeline's pseudonym key; everyone else is denied.
   *
   * @param role role of the processor
   */
  admitKeyReader(role: iam.IRole): void;
  /**
   * Lets S3 deliver the access logs of one more bucket here.
   *
   * @param bucketArn ARN of the bucket whose requests are logged
   */
  admitAccessLogSource(bucketArn: string): void;
}

/** Buckets that a team already has. */
export interface PhiBucketSetAttributes {
  /** Bucket for records; EventBridge notifications must be on. */
  readonly dataBucket: s3.IBucket;
  readonly processedBucket: s3.IBucket;
  readonly accessLogsBucket: s3.IBucket;
  /** Keys that the buckets are encrypted with. */
  readonly keyring: IHipaaKeyring;
}

/** How the access-log bucket is encrypted. */
export enum AccessLogEncryption {
  /** Under the logs key. */
  KMS = 'KMS',
  /** With keys of S3: where delivery under a customer-managed key does not work. */
  S3_MANAGED = 'S3_MANAGED',
}

export interface PhiBucketSetProps extends NamingProps {
  /** Keys: data key for records and results, logs key for access logs. */
  readonly keyring: IHipaaKeyring;

  /**
   * Takes the place of the four characters that keep bucket names unique; at most 12 lower-case letters and digits.
   *
   * @default - context `bucketSuffix`, else the fourth group of the stack id
   */
  readonly bucketSuffix?: string;

  /**
   * Where copies of new objects go.
   *
   * @default - none; the evidence shows it as open
   */
  readonly replica?: PhiReplica;

  /**
   * AWS's page on access logs says that a target bucket cannot have SSE-KMS as its default; CDK's maintainers and AWS
   * Support found that it works with the grant made here. Fall back where you find otherwise.
   *
   * @default AccessLogEncryption.KMS
   */
  readonly accessLogEncryption?: AccessLogEncryption;

  /**
   * Whether deleting versions, suspending versioning and changing a lifecycle takes a second factor (MFA), in all three
   * buckets and for everyone but the account's root. A deployment that changes a lifecycle then needs one too. Not
   * together with DESTROY: the buckets could not be emptied.
   *
   * @default false
   */
  readonly mfaGuard?: boolean;

  /**
   * What happens to the buckets when they leave the stack. DESTROY needs the context key
   * `cdk-hipaa-pipeline:allow-destroy` too, and empty buckets: `cdk-hipaa-pipeline empty --stack NAME`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** GetObjectVersion: an event names a version, and the version is what is read. */
const READ_ACTIONS = ['s3:GetObject', 's3:GetObjectVersion'];
/** AbortMultipartUpload: a large object that fails half-way leaves no parts behind. */
const WRITE_ACTIONS = ['s3:PutObject', 's3:AbortMultipartUpload'];

abstract class PhiBucketSetBase extends Resource implements IPhiBucketSet {
  public abstract readonly dataBucket: s3.IBucket;
  public abstract readonly processedBucket: s3.IBucket;
  public abstract readonly accessLogsBucket: s3.IBucket;

  /** @internal */
  public abstract readonly _keyring: IHipaaKeyring;
  private readonly keyReaders: string[] = [];
  private readonly accessLogSources: string[] = [];
  private readonly missing = new Map<s3.IBucket, iam.PolicyStatement[]>();

  public zoneBucket(zone: PhiZone): s3.IBucket {
    return zone === PhiZone.DATA ? this.dataBucket : this.processedBucket;
  }

  public grantRead(grantee: iam.IGrantable, zone: PhiZone, prefix: string = ''): iam.Grant {
    return this.grantReadObjects(grantee, zone, zone === PhiZone.PROCESSED ? publishedPrefixes(prefix) : [prefix]);
  }

  public grantReadLimitedDataSet(grantee: iam.IGrantable): iam.Grant {
    return this.grantReadObjects(grantee, PhiZone.PROCESSED, [PREFIX.limitedDataSet]);
  }

  public grantWrite(grantee: iam.IGrantable, zone: PhiZone, prefix: string = ''): iam.Grant {
    const grant = this.grantObjects(grantee, zone, [prefix], WRITE_ACTIONS);
    return grant.combine(this._keyring.grantEncryptDecryptData(grantee));
  }

  public admitKeyReader(role: iam.IRole): void {
    if (this.keyReaders.includes(role.roleArn)) return;
    // One statement, which lists what came by synth.
    if (this.keyReaders.push(role.roleArn) > 1) return;
    const readers = Lazy.list({ produce: () => this.keyReaders });
    this._addStatement(
      this.dataBucket,
      denyKeyObjectToOthers(this.dataBucket.arnForObjects(`${PREFIX.keys}*`), readers),
    );
  }

  public admitAccessLogSource(bucketArn: string): void {
    if (this.accessLogSources.includes(bucketArn)) return;
    if (this.accessLogSources.push(bucketArn) > 1) return;
    const sources = Lazy.list({ produce: () => this.accessLogSources });
    this._addStatement(this.accessLogsBucket, allowServerAccessLogs(this, this.accessLogsBucket.bucketArn, sources));
    declareWildcard(
      this.accessLogsBucket.policy ?? this,
      'AllowServerAccessLogs',
      'S3 names the log objects itself; source bucket and account are conditions',
    );
  }

  /**
   * Adds to a bucket's policy, or shows what the policy of an imported bucket must get: an item for each bucket.
   *
   * @internal
   */
  public _addStatement(bucket: s3.IBucket, statement: iam.PolicyStatement): void {
    if (bucket.addToResourcePolicy(statement).statementAdded) return;
    const missing = this.missing.get(bucket) ?? [];
    this.missing.set(bucket, missing);
    if (missing.push(statement) > 1) return;
    declareOpenItem(this, {
      id: `bucket-policy-${bucket.node.id}`,
      controls: ['164.312(a)(1)', '164.312(a)(2)(iv)', '164.312(e)(1)'],
      what: `the policy of imported bucket ${bucket.node.path} lacks statements`,
      close: 'add the statements to the policy of the bucket',
      statement: Lazy.any({ produce: () => missing.map((each) => each.toStatementJson() as unknown) }),
    });
  }

  /**
   * What buckets of records and results refuse: other encryption, and hands on the pseudonym key.
   *
   * @internal
   */
  public _guardZones(keyIsForever: boolean): void {
    for (const bucket of [this.dataBucket, this.processedBucket]) {
      for (const statement of denyWrongEncryption(bucket.bucketArn, this._keyring.dataKey.keyArn)) {
        this._addStatement(bucket, statement);
      }
    }
    const keyObjects = this.dataBucket.arnForObjects(`${PREFIX.keys}*`);
    this._addStatement(this.dataBucket, denyKeyObjectOverwrite(keyObjects));
    if (keyIsForever) this._addStatement(this.dataBucket, denyKeyObjectDeletion(keyObjects));
  }

  private grantReadObjects(grantee: iam.IGrantable, zone: PhiZone, prefixes: string[]): iam.Grant {
    const grant = this.grantObjects(grantee, zone, prefixes, READ_ACTIONS);
    return grant.combine(this._keyring.grantDecryptData(grantee));
  }

  private grantObjects(grantee: iam.IGrantable, zone: PhiZone, prefixes: string[], actions: string[]): iam.Grant {
    const resourceArns = prefixes.map((prefix) => this.zoneBucket(zone).arnForObjects(`${prefix}*`));
    return iam.Grant.addToPrincipalOrResource({ grantee, actions, resourceArns, resource: this.zoneBucket(zone) });
  }
}

/**
 * Defines three buckets: data, processed and access logs. Each is versioned, blocks public access, refuses plain HTTP
 * and TLS below 1.2, and is encrypted with a customer-managed key; data and processed refuse puts under another key.
 * The pseudonym key under `keys/` can be read by the processor's role alone, and neither overwritten nor deleted.
 *
 * @example
 * const buckets = new PhiBucketSet(this, 'Buckets', { keyring });
 * buckets.grantRead(analyst, PhiZone.PROCESSED, 'deidentified/');
 */
export class PhiBucketSet extends PhiBucketSetBase {
  /**
   * Uses buckets that exist. What their policies must say and cannot be said from here is shown as open.
   */
  public static fromBuckets(scope: Construct, id: string, attrs: PhiBucketSetAttributes): IPhiBucketSet {
    class Imported extends PhiBucketSetBase {
      public readonly dataBucket = attrs.dataBucket;
      public readonly processedBucket = attrs.processedBucket;
      public readonly accessLogsBucket = attrs.accessLogsBucket;
      /** @internal */
      public readonly _keyring = attrs.keyring;

      public guard(): void {
        for (const bucket of [this.dataBucket, this.processedBucket, this.accessLogsBucket]) {
          this._addStatement(bucket, denyPlainHttp(bucket.bucketArn));
          this._addStatement(bucket, denyOldTls(bucket.bucketArn));
        }
        this._guardZones(true);
      }
    }
    const set = new Imported(scope, id);
    set.guard();
    declareOpenItem(set, {
      id: 'imported-buckets',
      controls: ['164.312(a)(2)(iv)', '164.312(b)', '164.312(c)(1)', '164.312(e)(1)'],
      what: 'versioning, encryption, access logs, lifecycle and EventBridge notifications of imported buckets are not managed here',
      close: 'turn them on for each bucket; without EventBridge notifications on the data bucket nothing is processed',
    });
    return set;
  }

  public readonly dataBucket: s3.IBucket;
  public readonly processedBucket: s3.IBucket;
  public readonly accessLogsBucket: s3.IBucket;
  /** @internal */
  public readonly _keyring: IHipaaKeyring;

  constructor(scope: Construct, id: string, props: PhiBucketSetProps) {
    super(scope, id);
    const names = new Names(this, props);
    const deletion = resolveDeletion(this, props.removalPolicy);
    this._keyring = props.keyring;

    const bucketName = (type: string) => names.bucket(type, props.bucketSuffix);
    const sources = this.sources(bucketName, props.keyring);
    const replicate = createReplication(this, 'replication', names, props.replica, sources);
    for (const type of ['data', 'processed', 'access-logs']) names.claimBucket(type, props.bucketSuffix);

    this.accessLogsBucket = createGuardedBucket(this, 'AccessLogsBucket', {
      name: bucketName('access-logs'),
      key: props.accessLogEncryption === AccessLogEncryption.S3_MANAGED ? undefined : props.keyring.logsKey,
      lifecycleRules: logLifecycle(),
      replication: replicate(['']),
      deletion,
    });
    const zone = (zoneId: string, type: string, lifecycleRules: s3.LifecycleRule[], prefixes: string[]) =>
      createGuardedBucket(this, zoneId, {
        name: bucketName(type),
        key: props.keyring.dataKey,
        lifecycleRules,
        accessLogs: { bucket: this.accessLogsBucket, prefix: `${type}/` },
        replication: replicate(prefixes),
        deletion,
      });
    this.dataBucket = zone('DataBucket', 'data', dataLifecycle(), [PREFIX.incoming, PREFIX.rejected]);
    this.processedBucket = zone('ProcessedBucket', 'processed', processedLifecycle(), ['']);

    this.switchOnEvents();
    // A test stack must be emptied, its key included.
    this._guardZones(!deletion.destroy);
    if (props.mfaGuard) this.guardDestruction(deletion);
    this.receiveAccessLogs(props, [bucketName('data'), bucketName('processed')]);
    if (!props.replica) declareNoReplica(this, [this.dataBucket, this.processedBucket, this.accessLogsBucket]);
    tagPart(this, names.environment);
  }

  private sources(bucketName: (type: string) => string, keyring: IHipaaKeyring) {
    const source = (type: string, key: kms.IKey) => ({ bucketArn: bucketArnOf(this, bucketName(type)), key });
    return [
      source('data', keyring.dataKey),
      source('processed', keyring.dataKey),
      source('access-logs', keyring.logsKey),
    ];
  }

  /** On the L1: the L2's switch brings a custom resource with rights over every bucket. */
  private switchOnEvents(): void {
    const bucket = this.dataBucket.node.defaultChild as s3.CfnBucket;
    bucket.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  private guardDestruction({ destroy }: Deletion): void {
    if (destroy) {
      throw new Error(
        'mfaGuard must be off with removalPolicy DESTROY, got both; leave mfaGuard out: the buckets could not be emptied',
      );
    }
    for (const bucket of [this.dataBucket, this.processedBucket, this.accessLogsBucket]) {
      this._addStatement(bucket, denyDestructionWithoutMfa(this, bucket.bucketArn));
    }
  }

  private receiveAccessLogs(props: PhiBucketSetProps, sourceNames: string[]): void {
    for (const name of sourceNames) this.admitAccessLogSource(bucketArnOf(this, name));
    acknowledge(
      this.accessLogsBucket,
      'HIPAA.Security-S3BucketLoggingEnabled',
      'a bucket that logs its own requests feeds itself; the trail records changes to it as management events',
    );
    if (props.accessLogEncryption !== AccessLogEncryption.S3_MANAGED) return props.keyring.admitServerAccessLogs();
    acknowledge(
      this.accessLogsBucket,
      'HIPAA.Security-S3DefaultEncryptionKMS',
      'accessLogEncryption S3_MANAGED was chosen: AWS documents SSE-KMS as unsupported for targets of access logs',
    );
    declareOpenItem(this, {
      id: 'access-logs-sse-s3',
      controls: ['164.312(a)(2)(iv)'],
      what: 'access logs are encrypted with keys of S3, not with the logs key',
      close: 'leave accessLogEncryption out, and check that logs arrive',
    });
  }
}
