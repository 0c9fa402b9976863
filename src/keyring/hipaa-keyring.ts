import { Duration, IResource, Lazy, RemovalPolicy, Resource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { NamingProps } from '../naming-props';
import { declareOpenItem, declareWildcard } from '../private/declarations';
import { resolveDeletion } from '../private/deletion';
import { Names } from '../private/naming';
import { tagPart } from '../private/tags';
import { requireDays } from '../private/validation';
import * as statements from './private/key-statements';

/**
 * Three customer-managed keys, one per kind of data: PHI, logs, trail.
 *
 * Parts that let a service write under a key register by name what must be admitted; fixed names keep keys, log groups
 * and trails out of dependency cycles.
 */
export interface IHipaaKeyring extends IResource {
  /** Encrypts records, results, queue bodies and the functions' environments. */
  readonly dataKey: kms.IKey;
  /** Encrypts log groups, the access-log bucket and the alarm topic. */
  readonly logsKey: kms.IKey;
  /** Encrypts the trail and its bucket. */
  readonly trailKey: kms.IKey;

  /**
   * Lets CloudWatch Logs use the logs key for one log group.
   *
   * @param logGroupArn ARN without the trailing `:*`
   */
  admitLogGroup(logGroupArn: string): void;
  /** Lets CloudTrail use the trail key for one trail. */
  admitTrail(trailArn: string): void;
  /** Lets EventBridge use the data key, to send the events of one rule to an encrypted queue. */
  admitEventRule(ruleArn: string): void;
  /** Lets CloudWatch use the logs key, to publish alarms of this account to an encrypted topic. */
  admitAlarms(): void;
  /** Lets S3 use the logs key, to deliver server access logs of this account's buckets. */
  admitServerAccessLogs(): void;

  /** Allows decrypting what is under the data key. */
  grantDecryptData(grantee: iam.IGrantable): iam.Grant;
  /** Allows encrypting and decrypting under the data key. */
  grantEncryptDecryptData(grantee: iam.IGrantable): iam.Grant;
  /** Allows encrypting under the logs key. */
  grantEncryptLogs(grantee: iam.IGrantable): iam.Grant;
}

/** Keys that a team already has. */
export interface HipaaKeyringAttributes {
  /** Key for records, results, queues and the functions' environments. */
  readonly dataKey: kms.IKey;
  /** Key for log groups, access logs and the alarm topic. */
  readonly logsKey: kms.IKey;
  /** Key for the trail and its bucket. */
  readonly trailKey: kms.IKey;
}

export interface HipaaKeyringProps extends NamingProps {
  /**
   * How often the key material is rotated, 90 to 2560 days.
   *
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;

  /**
   * How long a key waits before it is deleted, 7 to 30 days.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * What happens to the keys when they leave the stack. DESTROY needs the context key
   * `cdk-hipaa-pipeline:allow-destroy` too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const THIS_KEY = 'in a key policy `*` means this key: AWS leaves no other form';

abstract class HipaaKeyringBase extends Resource implements IHipaaKeyring {
  public abstract readonly dataKey: kms.IKey;
  public abstract readonly logsKey: kms.IKey;
  public abstract readonly trailKey: kms.IKey;

  private readonly logGroups: string[] = [];
  private readonly trails: string[] = [];
  private readonly eventRules: string[] = [];
  private alarmsAdmitted = false;
  private accessLogsAdmitted = false;

  public admitLogGroup(logGroupArn: string): void {
    if (this.register(this.logGroups, logGroupArn)) {
      this.admit(this.logsKey, 'logs', statements.logGroups(this, lazyList(this.logGroups)));
    }
  }

  public admitTrail(trailArn: string): void {
    if (this.register(this.trails, trailArn)) {
      this.admit(this.trailKey, 'trail', ...statements.trails(lazyList(this.trails)));
    }
  }

  public admitEventRule(ruleArn: string): void {
    if (this.register(this.eventRules, ruleArn)) {
      this.admit(this.dataKey, 'events', statements.eventRules(lazyList(this.eventRules)));
    }
  }

  public admitAlarms(): void {
    if (this.alarmsAdmitted) return;
    this.alarmsAdmitted = true;
    this.admit(this.logsKey, 'alarms', statements.alarms(this));
  }

  public admitServerAccessLogs(): void {
    if (this.accessLogsAdmitted) return;
    this.accessLogsAdmitted = true;
    this.admit(this.logsKey, 'access-logs', statements.serverAccessLogs(this));
  }

  public grantDecryptData(grantee: iam.IGrantable): iam.Grant {
    return this.grant(this.dataKey, grantee, ['kms:Decrypt']);
  }

  public grantEncryptDecryptData(grantee: iam.IGrantable): iam.Grant {
    return this.grant(this.dataKey, grantee, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  public grantEncryptLogs(grantee: iam.IGrantable): iam.Grant {
    return this.grant(this.logsKey, grantee, ['kms:Encrypt', 'kms:GenerateDataKey']);
  }

  private grant(key: kms.IKey, grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipalOrResource({
      grantee,
      actions,
      resourceArns: [key.keyArn],
      resource: key,
      resourceSelfArns: ['*'],
    });
  }

  /** Adds `name` and tells whether it is the first: the statement is written once and lists what came by synth. */
  private register(names: string[], name: string): boolean {
    if (names.includes(name)) return false;
    return names.push(name) === 1;
  }

  private admit(key: kms.IKey, id: string, ...added: iam.PolicyStatement[]): void {
    for (const statement of added) {
      if (key.addToResourcePolicy(statement, true).statementAdded) {
        declareWildcard(key, statement.sid!, THIS_KEY);
        continue;
      }
      declareOpenItem(this, {
        id: `key-policy-${id}`,
        controls: ['164.312(a)(2)(iv)'],
        what: `the policy of imported key ${key.node.path} must admit a service`,
        close: 'add the statement to the policy of the key',
        statement: Lazy.any({ produce: () => statement.toStatementJson() }),
      });
    }
  }
}

/**
 * Defines three customer-managed keys with rotation and aliases, whose policies admit each AWS service with exactly
 * the actions it needs, for exactly the resources that other parts register.
 *
 * Every key policy keeps the statement by which the account's IAM policies decide (`kms:*` for the account root), as
 * AWS advises: without it a key can become unmanageable.
 *
 * @example
 * const keyring = new HipaaKeyring(this, 'Keyring', { environmentSuffix: 'prod' });
 * keyring.grantDecryptData(analyst);
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export class HipaaKeyring extends HipaaKeyringBase {
  /**
   * Uses keys that exist. A key whose policy CDK owns gets the statements of the services; for any other the evidence
   * lists them as open, with the statement to add.
   */
  public static fromKeys(scope: Construct, id: string, attrs: HipaaKeyringAttributes): IHipaaKeyring {
    class Imported extends HipaaKeyringBase {
      public readonly dataKey = attrs.dataKey;
      public readonly logsKey = attrs.logsKey;
      public readonly trailKey = attrs.trailKey;
    }
    return new Imported(scope, id);
  }

  public readonly dataKey: kms.IKey;
  public readonly logsKey: kms.IKey;
  public readonly trailKey: kms.IKey;

  constructor(scope: Construct, id: string, props: HipaaKeyringProps = {}) {
    super(scope, id);
    requireDays('rotationPeriod', props.rotationPeriod, 90, 2560, 'omit it for yearly rotation');
    requireDays('pendingWindow', props.pendingWindow, 7, 30, 'omit it for 30 days');
    const names = new Names(this, props);

    this.dataKey = this.createKey('DataKey', 'data', 'patient records, results, queues', names, props);
    this.logsKey = this.createKey('LogsKey', 'logs', 'log groups, access logs, alarm topic', names, props);
    this.trailKey = this.createKey('TrailKey', 'trail', 'CloudTrail trail', names, props);
    tagPart(this, names.environment);
  }

  private createKey(id: string, type: string, what: string, names: Names, props: HipaaKeyringProps): kms.Key {
    const alias = `alias/${names.regional(type)}`;
    names.claim('key alias', alias);
    const key = new kms.Key(this, id, {
      alias,
      policy: new iam.PolicyDocument({ statements: [statements.accountPoliciesDecide()] }),
      description: `${what} (${names.prefix}, ${names.environment})`,
      enableKeyRotation: true,
      rotationPeriod: props.rotationPeriod ?? Duration.days(365),
      pendingWindow: props.pendingWindow ?? Duration.days(30),
      removalPolicy: resolveDeletion(this, props.removalPolicy).policy,
    });
    declareWildcard(
      key,
      statements.ACCOUNT_SID,
      'AWS’s own advice, `kms:*` included: without it a key can become unmanageable; IAM policies of the account decide',
    );
    return key;
  }
}

function lazyList(names: string[]): string[] {
  return Lazy.list({ produce: () => names });
}
