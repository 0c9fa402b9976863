/**
 * Runs the tests that read real records: `PHI_TEST_DATA=FOLDER npm run test:real`. The records live outside the
 * project, so a run without the folder says so and passes.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function main() {
  const folder = process.env.PHI_TEST_DATA;
  if (!folder) {
    console.log('test:real ran no test: PHI_TEST_DATA is not set');
    console.log('  it names a folder of real records (Synthea exports and the like), which is not part of the project');
    return 0;
  }
  const problem = problemOf(folder);
  if (problem) {
    console.error(`error: PHI_TEST_DATA must name a folder with records\n  got: ${folder} (${problem})`);
    console.error('  fix: give the folder, or unset PHI_TEST_DATA to leave these tests out');
    return 1;
  }
  const jest = path.join(projectRoot, 'node_modules', '.bin', 'jest');
  // The configuration leaves test/real out of the ordinary run: give its ignore list anew.
  const args = ['--testPathIgnorePatterns', '/node_modules/', '--testPathPatterns', 'test/real/', '--coverage=false'];
  const env = { ...process.env, PHI_TEST_DATA: path.resolve(folder) };
  const run = spawnSync(jest, [...args, ...process.argv.slice(2)], { cwd: projectRoot, env, stdio: 'inherit' });
  return run.status ?? 1;
}

function problemOf(folder) {
  try {
    return readdirSync(folder).length === 0 ? 'it is empty' : undefined;
  } catch (error) {
    return error.code === 'ENOENT' ? 'it does not exist' : error.code;
  }
}

process.exitCode = main();
