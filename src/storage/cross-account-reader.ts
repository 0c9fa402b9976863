import { Duration, Resource, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IPhiBucketSet } from './phi-bucket-set';
import { IHipaaKeyring } from '../keyring/hipaa-keyring';
import { NamingProps } from '../naming-props';
import { declareWildcard } from '../private/declarations';
import { Names } from '../private/naming';
import { PREFIX } from '../private/prefixes';
import { tagPart } from '../private/tags';

export interface CrossAccountReaderProps extends NamingProps {
  /** Keys that the buckets are encrypted with. */
  readonly keyring: IHipaaKeyring;
  /** Buckets whose results are read. */
  readonly buckets: IPhiBucketSet;
  /** Account that may take the role: 12 digits. */
  readonly accountId: string;
  /**
   * What the reader must name to take the role: 16 to 1224 letters, digits or `_+=,.@:/-`, agreed on with it. It is no
   * password: it keeps a third party that works for several customers from using the role for the wrong one.
   */
  readonly externalId: string;
}

/** What reads an object; other calls that tell of objects need other actions. */
const READ_ACTIONS = ['s3:GetObject', 's3:GetObjectVersion'];

/**
 * Defines a role by which another account reads results (`deidentified/` and `manifests/` of the processed bucket), and
 * nothing else whatever is attached to it.
 *
 * @example
 * const reader = new CrossAccountReader(this, 'Reader', {
 *   keyring,
 *   buckets,
 *   accountId: '444455556666',
 *   externalId: 'agreed-on-by-both-sides',
 * });
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export class CrossAccountReader extends Resource {
  /** The role that the other account takes, for an hour at a time. */
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: CrossAccountReaderProps) {
    super(scope, id);
    requireForm('accountId', props.accountId, /^\d{12}$/, '12 digits');
    requireForm('externalId', props.externalId, /^[\w+=,.@:/-]{16,1224}$/, '16 to 1224 letters, digits or _+=,.@:/-');
    const names = new Names(this, props);
    const name = names.global('reader');
    names.claim('role', name);

    const policy = new iam.ManagedPolicy(this, 'Policy', { managedPolicyName: name, statements: statements(props) });
    declareWildcard(policy, 'ReadResults', 'object keys are not known in advance: two prefixes of a named bucket');
    this.role = new iam.Role(this, 'Role', {
      roleName: name,
      assumedBy: new iam.AccountPrincipal(props.accountId),
      externalIds: [props.externalId],
      maxSessionDuration: Duration.hours(1),
      managedPolicies: [policy],
    });
    tagPart(this, names.environment);
  }
}

function statements({ buckets, keyring }: CrossAccountReaderProps): iam.PolicyStatement[] {
  const bucket = buckets.processedBucket;
  const results = [PREFIX.deidentified, PREFIX.manifests];
  const resources = results.map((prefix) => bucket.arnForObjects(`${prefix}*`));
  return [
    new iam.PolicyStatement({ sid: 'ReadResults', actions: READ_ACTIONS, resources }),
    new iam.PolicyStatement({
      sid: 'ListResults',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': results.map((prefix) => `${prefix}*`) } },
    }),
    new iam.PolicyStatement({
      sid: 'DecryptResults',
      actions: ['kms:Decrypt'],
      resources: [keyring.dataKey.keyArn],
    }),
    new iam.PolicyStatement({
      sid: 'DenyAllButResults',
      effect: iam.Effect.DENY,
      actions: READ_ACTIONS,
      notResources: resources,
    }),
    new iam.PolicyStatement({
      sid: 'DenyWriting',
      effect: iam.Effect.DENY,
      actions: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
  ];
}

function requireForm(prop: string, value: string, form: RegExp, what: string): void {
  if (Token.isUnresolved(value) || form.test(value)) return;
  // The external id is not repeated: errors end up in logs.
  throw new Error(
    `${prop} must be ${what}, got ${value.length} characters of another form; agree on one with the reader`,
  );
}
