import * as fs from 'fs';
import * as path from 'path';

/** Same depth below the package for `src`, for the compiled `lib` and for the bundled command line. */
const FOLDER = path.join(__dirname, '..', '..', '..', 'assets', 'deidentification');

/** Reads a table that our build generates and the package carries. */
export function readPackagedTable<T>(name: string): T {
  const file = path.join(FOLDER, name);
  if (!fs.existsSync(file)) {
    throw new Error(`the table ${name} must be in the package, got none; run "npx projen assets" in a checkout`);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}
