import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Ignored by git: logs, copies of assemblies and generated files of each run. */
export const workFolder = path.join(projectRoot, '.demo');

/** Ignored by git: the Python environment that holds local AWS. */
export const venvFolder = path.join(projectRoot, '.venv-local-aws');

/** A program that a package in node_modules brings. */
export function localBin(name) {
  return path.join(projectRoot, 'node_modules', '.bin', name);
}
