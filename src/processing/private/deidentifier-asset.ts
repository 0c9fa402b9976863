import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CompiledTables } from '../../deidentification/private/compiled-tables';

/** Where our build puts the bundled handler; the same depth below `src` and `lib`. */
const BUNDLE = path.join(
  __dirname,
  '..',
  '..',
  '..',
  'assets',
  'lambda-src',
  'phi-processor',
  'phi-processor.lambda',
  'index.js',
);

/**
 * Stages the prebuilt bundle with the compiled policy beside it as `tables.json`; a change of either changes the asset.
 */
export function stageDeidentifier(tables: CompiledTables): lambda.Code {
  if (!fs.existsSync(BUNDLE)) {
    throw new Error('the processor bundle must be in the package, got none; run `npm run assets` in a checkout');
  }
  const bundle = fs.readFileSync(BUNDLE);
  return lambda.Code.fromAsset(path.dirname(BUNDLE), {
    assetHashType: AssetHashType.CUSTOM,
    assetHash: createHash('sha256').update(bundle).update(tables.policy.sha256).digest('hex'),
    // "Bundling" here only copies: CDK calls `tryBundle`, and Docker is never asked.
    bundling: {
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir: string): boolean {
          fs.writeFileSync(path.join(outputDir, 'index.js'), bundle);
          fs.writeFileSync(path.join(outputDir, 'tables.json'), JSON.stringify(tables));
          return true;
        },
      },
    },
  });
}
