import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
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
 * Lays the prebuilt bundle and the compiled policy (`tables.json`) together in the cloud assembly, for CDK to stage; a
 * change of either changes the asset. Nothing is built: no esbuild, no Docker, no bundling.
 */
export function stageDeidentifier(scope: Construct, tables: CompiledTables): lambda.Code {
  if (!fs.existsSync(BUNDLE)) {
    throw new Error('the processor bundle must be in the package, got none; run `npm run assets` in a checkout');
  }
  const bundle = fs.readFileSync(BUNDLE);
  const assetHash = createHash('sha256').update(bundle).update(tables.policy.sha256).digest('hex');
  const folder = path.join(Stage.of(scope)!.outdir, 'hipaa-processor', assetHash.slice(0, 16));
  const tablesFile = path.join(folder, 'tables.json');
  // Written last: where it is, the folder is whole.
  if (!fs.existsSync(tablesFile)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'index.js'), bundle);
    fs.writeFileSync(tablesFile, JSON.stringify(tables));
  }
  return lambda.Code.fromAsset(folder, { assetHash });
}
