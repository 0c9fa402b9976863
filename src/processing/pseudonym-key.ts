import { IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { KEY_SOURCE, pseudonymKeyObject } from './private/handler-contract';
import { hmacKeyUse, KeyUse, secretUse } from './private/key-use';
import { declareOpenItem } from '../private/declarations';
import { requireWithin } from '../private/validation';

/** What holds for a pseudonym key from any source. */
export interface PseudonymKeyOptions {
  /**
   * Id that the key must have: 16 hex digits, as `policy.keyId` of a manifest tells them. With another key the processor
   * does not start, so that a key that was exchanged can make no codes.
   *
   * @default - any key is taken; its id stands in every manifest
   */
  readonly expectedKeyId?: string;
}

/** How the managed pseudonym key is kept. */
export interface ManagedPseudonymKeyOptions extends PseudonymKeyOptions {
  /**
   * Which key, 1 to 9999. A higher number is a rotation: the first run after the deployment makes a key beside the
   * earlier ones, which stay. Codes of two generations do not join; going back to a lower number takes its key again.
   *
   * @default 1
   */
  readonly generation?: number;
}

/**
 * The 256-bit key from which a pipeline's codes for ids are made: the same key, the same codes. Made by its static
 * methods only.
 *
 * @example
 * declare const hmacKey: kms.IKey;
 * new HipaaPipeline(this, 'Claims', { pseudonymKey: PseudonymKey.kmsHmac(hmacKey) });
 */
export abstract class PseudonymKey {
  /**
   * 32 random bytes under `keys/` of the data bucket, made by the first run. The bucket's policy keeps them for the
   * processor's role, and refuses overwriting and deleting. Costs nothing while idle.
   *
   * @param options which generation, and which id is expected
   */
  public static managed(options: ManagedPseudonymKeyOptions = {}): PseudonymKey {
    requireWithin('generation', options.generation, 1, 9999, 'omit it for the first key');
    return new ManagedKey(requireKeyId(options), options.generation ?? 1);
  }

  /**
   * What an HMAC_256 key of KMS makes of a fixed message, once per start of a function. The HMAC key never leaves KMS. It
   * is called through an interface endpoint, which is paid for by the hour.
   *
   * @param key with key spec HMAC_256, in the region of the processor
   * @param options which id is expected
   */
  public static kmsHmac(key: kms.IKey, options: PseudonymKeyOptions = {}): PseudonymKey {
    requireHmacKey(key);
    return new KmsHmacKey(requireKeyId(options), key);
  }

  /**
   * A secret of the team's own: 32 bytes as 64 hex digits, such as `openssl rand -hex 32` gives. It is read through an
   * interface endpoint, which is paid for by the hour. A secret that rotates makes new codes: name its `expectedKeyId`.
   *
   * @param secret in the region of the processor
   * @param options which id is expected
   */
  public static fromSecret(secret: secretsmanager.ISecret, options: PseudonymKeyOptions = {}): PseudonymKey {
    return new SecretKey(requireKeyId(options), secret);
  }

  /** @internal */
  public abstract _bind(scope: Construct): PseudonymKeyConfig;
}

/** @internal */
export interface PseudonymKeyConfig {
  readonly source: string;
  /** Key of an object, or ARN. */
  readonly name: string;
  readonly expectedKeyId?: string;
  /** What the processor must be able to call; the managed key is reached as every object is. */
  readonly use?: KeyUse;
}

class ManagedKey extends PseudonymKey {
  constructor(
    private readonly expectedKeyId: string | undefined,
    private readonly generation: number,
  ) {
    super();
  }

  public _bind(): PseudonymKeyConfig {
    const { expectedKeyId } = this;
    return { source: KEY_SOURCE.object, name: pseudonymKeyObject(this.generation), expectedKeyId };
  }
}

class KmsHmacKey extends PseudonymKey {
  constructor(
    private readonly expectedKeyId: string | undefined,
    private readonly key: kms.IKey,
  ) {
    super();
  }

  public _bind(scope: Construct): PseudonymKeyConfig {
    declareReaders(scope, 'call kms:GenerateMac with the HMAC key', 'the key policy');
    const { expectedKeyId, key } = this;
    requireSameRegion(scope, 'key', key);
    return { source: KEY_SOURCE.kmsHmac, name: key.keyArn, expectedKeyId, use: hmacKeyUse(key) };
  }
}

class SecretKey extends PseudonymKey {
  constructor(
    private readonly expectedKeyId: string | undefined,
    private readonly secret: secretsmanager.ISecret,
  ) {
    super();
  }

  public _bind(scope: Construct): PseudonymKeyConfig {
    declareReaders(scope, 'read the secret', 'the policy of the secret');
    const { expectedKeyId, secret } = this;
    requireSameRegion(scope, 'secret', secret);
    return { source: KEY_SOURCE.secret, name: secret.secretArn, expectedKeyId, use: secretUse(scope, secret) };
  }
}

/** Key and secret are the team's, and may serve others: who else can use them is theirs to say. */
function declareReaders(scope: Construct, what: string, policy: string): void {
  declareOpenItem(scope, {
    id: 'pseudonym-key-readers',
    controls: ['164.312(a)(1)', '164.312(a)(2)(iv)', '164.514(c)'],
    what: `who may ${what} has the pseudonym key, and can confirm a guessed id`,
    close: `deny it in ${policy} to everyone but the role of the processor`,
  });
}

function requireKeyId({ expectedKeyId }: PseudonymKeyOptions): string | undefined {
  if (expectedKeyId === undefined || Token.isUnresolved(expectedKeyId)) return expectedKeyId;
  if (!/^[0-9a-f]{16}$/.test(expectedKeyId)) {
    throw new Error(
      `expectedKeyId must be 16 hex digits, got ${JSON.stringify(expectedKeyId)}; copy policy.keyId of a manifest`,
    );
  }
  return expectedKeyId;
}

function requireSameRegion(scope: Construct, what: string, { env }: IResource): void {
  const { region } = Stack.of(scope);
  if (Token.compareStrings(env.region, region) !== TokenComparison.DIFFERENT) return;
  throw new Error(
    `${what} must be in the region of the processor, ${region}, got one in ${env.region}; ` +
      'make one there: an interface endpoint reaches its own region only',
  );
}

/** What can be known of a key that CDK owns; of any other, KMS says it at the first start. */
function requireHmacKey(key: kms.IKey): void {
  const resource = key.node.defaultChild;
  if (!(resource instanceof kms.CfnKey) || Token.isUnresolved(resource.keySpec)) return;
  const spec = resource.keySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== kms.KeySpec.HMAC_256.toString()) {
    throw new Error(
      `key must have the key spec HMAC_256, got ${spec}; ` +
        'make it with keySpec: kms.KeySpec.HMAC_256 and keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC',
    );
  }
}
