import { Duration, IResource, Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keyTampering, trailTampering } from './private/tamper-patterns';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import { PhiReplica } from '../phi-replica';
import { allowTrailDelivery } from '../private/bucket-statements';
import { declareOpenItem, declareWildcard } from '../private/declarations';
import { Deletion, resolveDeletion } from '../private/deletion';
import { bucketArnOf, createGuardedBucket } from '../private/guarded-bucket';
import { logLifecycle } from '../private/lifecycle';
import { createLogGroup, logGroupArn, requireLogRetention } from '../private/log-group';
import { Names } from '../private/naming';
import { createReplication, declareNoReplica } from '../private/replication';
import { tagPart } from '../private/tags';
import { requireDays } from '../private/validation';
import { IPhiBucketSet } from '../storage/phi-bucket-set';

/** A CloudTrail trail that records who read and wrote PHI. */
export interface IAuditTrail extends IResource {
  readonly trailArn: string;

  /** Calls that stop or narrow a trail; undefined where the trail's log group is not managed here. */
  metricTrailTampering(): cloudwatch.Metric | undefined;
  /** Calls that disable, delete or open a KMS key; undefined where the trail's log group is not managed here. */
  metricKeyTampering(): cloudwatch.Metric | undefined;

  /** Records reads and writes of all objects in a bucket. */
  addBucket(bucket: s3.IBucket): void;
}

export interface AuditTrailProps extends NamingProps {
  /** Keys: trail key for trail and bucket, logs key for the log group. */
  readonly keyring: IHipaaKeyring;

  /** Buckets whose objects are watched; their access-log bucket receives the logs of the trail's bucket. */
  readonly buckets: IPhiBucketSet;

  /**
   * Takes the place of the four characters that keep bucket names unique; at most 12 lower-case letters and digits.
   *
   * @default - context `bucketSuffix`, else the fourth group of the stack id
   */
  readonly bucketSuffix?: string;

  /**
   * Whether management events of the account are recorded too. The first copy in a region is free, each further one is
   * billed: an account whose organisation trail records them can leave them out here.
   *
   * @default true
   */
  readonly managementEvents?: boolean;

  /**
   * How long an object of the trail can be neither deleted nor overwritten (Object Lock, governance mode), at least
   * 2192 days. Without effect under DESTROY, which locks nothing.
   *
   * @default Duration.days(2192)
   */
  readonly lockPeriod?: Duration;

  /**
   * How long the log group keeps events, at least 2192 days.
   *
   * @default logs.RetentionDays.SIX_YEARS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Where copies of the trail's objects go; the bucket needs Object Lock.
   *
   * @default - none; the evidence shows it as open
   */
  readonly replica?: PhiReplica;

  /**
   * What happens to bucket and log group when they leave the stack. DESTROY needs the context key
   * `cdk-hipaa-pipeline:allow-destroy` too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Defines a multi-region trail with log-file validation and a key of its own, which records management events and every
 * read and write of objects in the PHI buckets, to a bucket under Object Lock and to a log group.
 *
 * It never records its own bucket or the access-log bucket: such a trail feeds itself. Metric filters count calls that
 * tamper with trails and keys.
 *
 * @example
 * const auditTrail = new AuditTrail(this, 'AuditTrail', { keyring, buckets });
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export class AuditTrail extends Resource implements IAuditTrail {
  /**
   * Uses a trail that exists, such as the organisation's. Its event selectors cannot be set from here: the evidence
   * lists the buckets that it must record.
   */
  public static fromTrailArn(scope: Construct, id: string, trailArn: string): IAuditTrail {
    class Imported extends Resource implements IAuditTrail {
      public readonly trailArn = trailArn;

      public metricTrailTampering(): undefined {
        return undefined;
      }

      public metricKeyTampering(): undefined {
        return undefined;
      }

      public addBucket(bucket: s3.IBucket): void {
        declareOpenItem(this, {
          id: `trail-data-events-${bucket.node.id}`,
          controls: ['164.312(b)'],
          what: `the imported trail must record reads and writes of objects in ${bucket.node.path}`,
          close: 'add the selector to the trail',
          statement: forApi(dataEvents([bucket.arnForObjects('')])),
        });
      }
    }
    const trail = new Imported(scope, id);
    declareOpenItem(trail, {
      id: 'trail-tampering',
      controls: ['164.308(a)(1)(ii)(D)', '164.312(b)'],
      what: 'nobody is told here when the imported trail is stopped or a key is disabled',
      close:
        'alarm on StopLogging, DeleteTrail, UpdateTrail, PutEventSelectors, DisableKey and ScheduleKeyDeletion where its events arrive',
    });
    return trail;
  }

  public readonly trailArn: string;
  /** Receives the trail's files, under Object Lock. */
  public readonly trailBucket: s3.Bucket;
  /** Receives the trail's events. */
  public readonly logGroup: logs.LogGroup;
  private readonly trailTampering: cloudwatch.Metric;
  private readonly keyTampering: cloudwatch.Metric;
  private readonly objectArns: string[] = [];

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    requireDays('lockPeriod', props.lockPeriod, 2192, 36500, 'omit it for six years (45 CFR 164.316(b)(2)(i))');
    requireLogRetention(props.logRetention);
    const names = new Names(this, props);
    const deletion = resolveDeletion(this, props.removalPolicy);
    const trailName = names.regional('trail');
    names.claim('trail', trailName);
    // From the fixed name: key and bucket must admit the trail before it exists.
    this.trailArn = Stack.of(this).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    props.keyring.admitTrail(this.trailArn);

    this.trailBucket = this.createBucket(props, names, deletion);
    this.logGroup = this.createLogGroup(props, names, deletion);
    const role = this.createLogRole(names);
    this.addBucket(props.buckets.dataBucket);
    this.addBucket(props.buckets.processedBucket);
    this.createTrail(trailName, role, props);
    this.trailTampering = this.countEvents(
      'TrailTampering',
      names.regional('trail-tampering'),
      trailTampering(),
      names,
    );
    this.keyTampering = this.countEvents('KeyTampering', names.regional('key-tampering'), keyTampering(), names);
    tagPart(this, names.environment);
  }

  public addBucket(bucket: s3.IBucket): void {
    this.objectArns.push(bucket.arnForObjects(''));
  }

  public metricTrailTampering(): cloudwatch.Metric | undefined {
    return this.trailTampering;
  }

  public metricKeyTampering(): cloudwatch.Metric | undefined {
    return this.keyTampering;
  }

  /** Allows listing and reading the trail's files and digests, decryption included. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    const { bucketArn } = this.trailBucket;
    const grant = (actions: string[], ...resourceArns: string[]) =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
    return grant(['s3:GetObject'], this.trailBucket.arnForObjects('*'))
      .combine(grant(['s3:ListBucket'], bucketArn))
      .combine(grant(['kms:Decrypt'], this.trailBucket.encryptionKey!.keyArn));
  }

  private createBucket(props: AuditTrailProps, names: Names, deletion: Deletion): s3.Bucket {
    const { keyring, replica } = props;
    const name = names.bucket('trail', props.bucketSuffix);
    names.claimBucket('trail', props.bucketSuffix);
    const bucketArn = bucketArnOf(this, name);
    const replicate = createReplication(this, 'trail-replication', names, replica, [
      { bucketArn, key: keyring.trailKey },
    ]);
    props.buckets.admitAccessLogSource(bucketArn);

    const bucket = createGuardedBucket(this, 'TrailBucket', {
      name,
      key: keyring.trailKey,
      lifecycleRules: logLifecycle(),
      accessLogs: { bucket: props.buckets.accessLogsBucket, prefix: 'trail/' },
      objectLockRetention: deletion.destroy
        ? undefined
        : s3.ObjectLockRetention.governance(props.lockPeriod ?? Duration.days(2192)),
      replication: replicate(['']),
      deletion,
    });
    for (const statement of allowTrailDelivery(this, bucket.bucketArn, this.trailArn)) {
      bucket.addToResourcePolicy(statement);
    }
    declareWildcard(bucket.policy!, 'AllowTrailWrite', 'CloudTrail names its own files; account and trail are fixed');
    if (!replica) declareNoReplica(this, [bucket]);
    if (deletion.destroy) {
      declareOpenItem(this, {
        id: 'trail-object-lock',
        controls: ['164.312(c)(1)', '164.316(b)(2)(i)'],
        what: 'the trail’s files can be deleted: under DESTROY nothing is locked',
        close: 'leave removalPolicy out',
      });
    }
    return bucket;
  }

  private createLogGroup(props: AuditTrailProps, names: Names, deletion: Deletion): logs.LogGroup {
    return createLogGroup(this, 'LogGroup', {
      name: logGroupName(names),
      keyring: props.keyring,
      retention: props.logRetention,
      deletion,
    });
  }

  private createLogRole(names: Names): iam.Role {
    const stack = Stack.of(this);
    const group = logGroupArn(this, logGroupName(names));
    const policy = new iam.ManagedPolicy(this, 'LogPolicy', {
      managedPolicyName: names.global('trail-logs'),
      statements: [
        new iam.PolicyStatement({
          sid: 'WriteTrailEvents',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${group}:log-stream:${stack.account}_CloudTrail_${stack.region}*`],
        }),
      ],
    });
    declareWildcard(policy, 'WriteTrailEvents', 'CloudTrail numbers its log streams behind account and region');
    return new iam.Role(this, 'LogRole', {
      roleName: names.global('trail-logs'),
      assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceArn': this.trailArn, 'aws:SourceAccount': stack.account } },
      }),
      managedPolicies: [policy],
    });
  }

  /** The L1: the L2 writes an inline role policy, grants nothing on the key, and knows no advanced selectors. */
  private createTrail(trailName: string, role: iam.Role, props: AuditTrailProps): void {
    const managementEvents = props.managementEvents ?? true;
    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      kmsKeyId: props.keyring.trailKey.keyArn,
      s3BucketName: this.trailBucket.bucketName,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: Lazy.any({
        produce: () => [...(managementEvents ? [MANAGEMENT_EVENTS] : []), dataEvents(this.objectArns)],
      }),
    });
    trail.node.addDependency(this.trailBucket.policy!);
    if (!managementEvents) {
      declareOpenItem(this, {
        id: 'management-events',
        controls: ['164.308(a)(1)(ii)(D)', '164.312(b)'],
        what: 'this trail records no management events',
        close: 'leave managementEvents out, or name the trail of the account or organisation that records them',
      });
    }
  }

  private countEvents(metricName: string, filterName: string, pattern: string, names: Names): cloudwatch.Metric {
    const namespace = names.regional('audit');
    new logs.CfnMetricFilter(this, `${metricName}Filter`, {
      filterName,
      logGroupName: this.logGroup.logGroupName,
      filterPattern: pattern,
      metricTransformations: [{ metricNamespace: namespace, metricName, metricValue: '1', defaultValue: 0 }],
    });
    return new cloudwatch.Metric({ namespace, metricName, statistic: 'Sum', period: Duration.minutes(5) });
  }
}

function logGroupName(names: Names): string {
  return `/aws/cloudtrail/${names.regional('trail')}`;
}

const MANAGEMENT_EVENTS: cloudtrail.CfnTrail.AdvancedEventSelectorProperty = {
  name: 'Management events',
  fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }],
};

interface DataEventSelector extends cloudtrail.CfnTrail.AdvancedEventSelectorProperty {
  readonly fieldSelectors: cloudtrail.CfnTrail.AdvancedFieldSelectorProperty[];
}

function dataEvents(objectArns: string[]): DataEventSelector {
  return {
    name: 'Reads and writes of PHI objects',
    fieldSelectors: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: objectArns },
    ],
  };
}

/** The selector as `put-event-selectors` takes it. */
function forApi({ name, fieldSelectors }: DataEventSelector): object {
  return {
    Name: name,
    FieldSelectors: fieldSelectors.map(({ field, equalTo, startsWith }) => ({
      Field: field,
      ...(equalTo && { Equals: equalTo }),
      ...(startsWith && { StartsWith: startsWith }),
    })),
  };
}
