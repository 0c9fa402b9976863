import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { stageDeidentifier } from './private/deidentifier-asset';
import { declarePolicy } from './private/policy-declarations';
import { DeidPolicy } from '../deidentification/deid-policy';
import { PREFIX } from '../private/prefixes';

/**
 * The code that a processor runs: the library's de-identifier, or a function of the team's own that gets the same
 * queue, role, keys and environment. Made by its static methods only.
 */
export abstract class ProcessorCode {
  /** The library's de-identifier, on Node.js. It ships in the package: no build, no Docker. */
  public static deidentifier(): ProcessorCode {
    return new DeidentifierCode();
  }

  /**
   * A team's own function. It is invoked with SQS events whose bodies are EventBridge "Object Created" events, must
   * report partial batch failures, and finds buckets and prefixes in its environment: `DATA_BUCKET`,
   * `PROCESSED_BUCKET`, `DATA_KEY_ARN`, `INCOMING_PREFIX`, `REJECTED_PREFIX`, `DEIDENTIFIED_PREFIX`,
   * `MANIFESTS_PREFIX`, `METRICS_NAMESPACE`, `PROCESSOR_NAME`; the pseudonym key is where `PSEUDONYM_KEY_SOURCE`
   * (`object`, `kms-hmac` or `secret`) and `PSEUDONYM_KEY` say, with the id `PSEUDONYM_KEY_ID` if that is set.
   *
   * @param path folder or zip file with the built code
   * @param runtime such as `lambda.Runtime.PROVIDED_AL2023`
   * @param handler such as `bootstrap`
   */
  public static fromAsset(path: string, runtime: lambda.Runtime, handler: string): ProcessorCode {
    return new AssetCode(path, runtime, handler);
  }

  /** @internal */
  public abstract _bind(scope: Construct, policy: DeidPolicy | undefined): ProcessorCodeConfig;
}

/** @internal */
export interface ProcessorCodeConfig {
  readonly code: lambda.Code;
  readonly runtime: lambda.Runtime;
  readonly handler: string;
  /** Prefix that results go to. */
  readonly resultsPrefix: string;
  /** Whether records are written at all, results and rejects. */
  readonly writesRecords: boolean;
}

class DeidentifierCode extends ProcessorCode {
  public _bind(scope: Construct, policy: DeidPolicy = DeidPolicy.safeHarbor()): ProcessorCodeConfig {
    declarePolicy(scope, policy);
    return {
      code: stageDeidentifier(scope, policy._compile()),
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      resultsPrefix: policy._outputPrefix,
      writesRecords: policy.profile !== 'validate-only',
    };
  }
}

class AssetCode extends ProcessorCode {
  constructor(
    private readonly path: string,
    private readonly runtime: lambda.Runtime,
    private readonly handler: string,
  ) {
    super();
  }

  public _bind(_scope: Construct, policy: DeidPolicy | undefined): ProcessorCodeConfig {
    if (policy) {
      throw new Error(
        'policy applies to the built-in de-identifier only, got a function of your own; ' +
          'remove policy, or remove processor',
      );
    }
    return {
      code: lambda.Code.fromAsset(this.path),
      runtime: this.runtime,
      handler: this.handler,
      resultsPrefix: PREFIX.deidentified,
      writesRecords: true,
    };
  }
}
