import { Fn, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { NamingProps } from '../naming-props';

const NAME_PART = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MAX_PREFIX = 20;
const MAX_SUFFIX = 16;

/** Resolved naming of one part. */
export class Names {
  public readonly prefix: string;
  public readonly environment: string;

  constructor(
    private readonly scope: Construct,
    props: NamingProps,
  ) {
    this.prefix = props.namePrefix ?? 'healthcare';
    this.environment = props.environmentSuffix ?? this.fromContext('environmentSuffix') ?? 'dev';
    requireNamePart('namePrefix', this.prefix, MAX_PREFIX);
    requireNamePart('environmentSuffix', this.environment, MAX_SUFFIX);
  }

  /** `{prefix}-{type}-{env}`, for names that are regional. */
  public regional(type: string): string {
    return `${this.prefix}-${type}-${this.environment}`;
  }

  /** `{prefix}-{type}-{region}-{env}`, for names that all regions of an account share: roles, policies, dashboards. */
  public global(type: string): string {
    const region = Stack.of(this.scope).region;
    const length =
      `${this.prefix}-${type}--${this.environment}`.length + (Token.isUnresolved(region) ? 14 : region.length);
    requireLength('role, policy or dashboard name', length, 64);
    return `${this.prefix}-${type}-${region}-${this.environment}`;
  }

  /**
   * `{prefix}-{type}-{random4}-{env}`. `random4` is the fourth group of the stack id's UUID: stable for the life of a
   * stack, new for a new one, and the same template every time. (The second group is the same for stacks made within
   * minutes of each other.)
   */
  public bucket(type: string, bucketSuffix?: string): string {
    const literal = this.literalSuffix(bucketSuffix);
    const random4 = literal ?? Fn.select(3, Fn.split('-', Fn.select(2, Fn.split('/', Stack.of(this.scope).stackId))));
    requireLength('bucket name', `${this.prefix}-${type}-${literal ?? 'rrrr'}-${this.environment}`.length, 63);
    return `${this.prefix}-${type}-${random4}-${this.environment}`;
  }

  /** Takes a bucket's name: one with the stack's own four characters can be met in its stack only, a literal one anywhere. */
  public claimBucket(type: string, bucketSuffix?: string): void {
    const literal = this.literalSuffix(bucketSuffix);
    const stack = Stack.of(this.scope);
    const name = `${this.prefix}-${type}-${literal ?? '{random4}'}-${this.environment}`;
    const place = literal === undefined ? stack.node.path : 'the world';
    NameClaims.of(this.scope).add(`bucket ${name} in ${place}`, `bucket name ${JSON.stringify(name)}`, this.scope);
  }

  /**
   * Takes a fixed name for this part. Two parts of one app that would deploy the same name into one account and region
   * collide at deployment; this says so at synth.
   */
  public claim(kind: string, name: string): void {
    const stack = Stack.of(this.scope);
    const place = [stack.account, stack.region]
      .map((part) => (Token.isUnresolved(part) ? '(agnostic)' : part))
      .join('/');
    NameClaims.of(this.scope).add(`${kind} ${name} in ${place}`, `${kind} name ${JSON.stringify(name)}`, this.scope);
  }

  /** What was given in place of the stack's own four characters. */
  private literalSuffix(bucketSuffix: string | undefined): string | undefined {
    const literal = bucketSuffix ?? this.fromContext('bucketSuffix');
    if (literal !== undefined) requireNamePart('bucketSuffix', literal, 12);
    return literal;
  }

  private fromContext(key: string): string | undefined {
    const value: unknown = this.scope.node.tryGetContext(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') {
      throw new Error(`context ${key} must be a string, got ${typeof value}; write it in quotes`);
    }
    return value;
  }
}

/** The names that the parts of one app have taken; one per tree, so that no state outlives the app. */
class NameClaims extends Construct {
  public static of(scope: Construct): NameClaims {
    const id = 'CdkHipaaPipelineNames';
    const root = scope.node.root;
    return (root.node.tryFindChild(id) as NameClaims | undefined) ?? new NameClaims(root as Construct, id);
  }

  private readonly owners = new Map<string, string>();

  public add(key: string, what: string, owner: Construct): void {
    const other = this.owners.get(key);
    if (other !== undefined) {
      throw new Error(
        `${what} must be unique in an account and region, got it for both ${other} and ${owner.node.path}; ` +
          'give one of them another environmentSuffix or namePrefix',
      );
    }
    this.owners.set(key, owner.node.path);
  }
}

function requireNamePart(prop: string, value: string, max: number): void {
  if (Token.isUnresolved(value)) {
    throw new Error(`${prop} must be known at synth, got a token; pass a literal or set it in the context`);
  }
  if (!NAME_PART.test(value) || value.length > max) {
    throw new Error(
      `${prop} must be 1 to ${max} lower-case letters, digits or inner hyphens, got ${JSON.stringify(value)}; ` +
        'shorten it or replace the other characters',
    );
  }
}

function requireLength(what: string, length: number, max: number): void {
  if (length > max) {
    throw new Error(
      `${what} must be at most ${max} characters, got ${length}; shorten namePrefix or environmentSuffix`,
    );
  }
}
