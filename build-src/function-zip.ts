import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { sha256Of, storedZip } from './stored-zip';
import { thirdPartyNotices } from './third-party-notices';
import { ZIP_FILE } from '../lambda-src/patient-records/environment';
import { DeidPolicy } from '../src/deidentification/deid-policy';

const ROOT = path.join(__dirname, '..');
const SOURCE = 'lambda-src/patient-records';

export interface FunctionZip {
  readonly bytes: Buffer;
  /** A key to upload it under. It names the content: CloudFormation takes the same key for the same code. */
  readonly codeKey: string;
}

export interface FunctionZipOptions {
  /**
   * The authorities that may vouch for the database, PEM.
   *
   * @default - those of Amazon RDS
   */
  readonly databaseCa?: string;
}

/** All that the function of the patient-records template needs: its code, the policy, the database's side, licences. */
export function buildFunctionZip(options: FunctionZipOptions = {}): FunctionZip {
  const { code, inputs } = bundle();
  const content: Readonly<Record<string, string | Uint8Array>> = {
    'index.js': code,
    [ZIP_FILE.tables]: JSON.stringify(DeidPolicy.safeHarbor()._compile()),
    [ZIP_FILE.databaseCa]: options.databaseCa ?? read(`${SOURCE}/rds-ca.pem`),
    [ZIP_FILE.schema]: read(`${SOURCE}/database/schema.sql`),
    LICENSE: read('LICENSE'),
    'THIRD-PARTY-NOTICES.txt': thirdPartyNotices(ROOT, inputs),
  };
  const entries = Object.entries(content).map(([name, bytes]) => ({ name, content: Buffer.from(bytes) }));
  const bytes = storedZip(entries);
  return { bytes, codeKey: `patient-records-function-${sha256Of(bytes)}.zip` };
}

function bundle(): { readonly code: Uint8Array; readonly inputs: readonly string[] } {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [`${SOURCE}/patient-records.lambda.ts`],
    bundle: true,
    platform: 'node',
    target: 'node22',
    // Functions keep their names, so that a stack trace in a log says where.
    minify: true,
    keepNames: true,
    // As the pipeline's function is bundled: modules can be shaken, and credentials are in the environment.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './lambda-src/phi-processor/environment-credentials.ts' },
    // Bindings to libpq, which the client asks for only where they are wanted.
    external: ['pg-native'],
    // The bundle names its files: it must not matter where a checkout keeps its packages.
    preserveSymlinks: true,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  return { code: outputFiles[0].contents, inputs: Object.keys(metafile.inputs) };
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

/** `tsx build-src/function-zip.ts FILE` */
if (require.main === module) {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('the file to write must be given, got none; name it as the only argument');
  const { bytes, codeKey } = buildFunctionZip();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  console.log(`${file}: ${bytes.length} bytes; upload it as ${codeKey}`);
}
