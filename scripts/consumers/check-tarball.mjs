import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Failure } from '../local-aws/failure.mjs';
import { createTools, onlyFile } from './tools.mjs';

const NEEDED = [
  '.jsii',
  'API.md',
  'LICENSE',
  'README.md',
  'lib/index.js',
  'lib/index.d.ts',
  'assets/deidentification/fhir-r4-elements.json',
  'assets/deidentification/hl7v2-fields.json',
  'assets/lambda-src/phi-processor/phi-processor.lambda/index.js',
  'assets/cli-src/main/cli.js',
  'templates/patient-records.json',
  'templates/patient-records-test.json',
  'templates/patient-records-import.json',
  'templates/patient-records-function.zip',
];

/** Everything else in the checkout stays there: sources, tests, tools, environments, records to try things with. */
const ALLOWED = [...NEEDED, /^package\.json$/, /^lib\/.*\.(js|d\.ts)$/, /^docs\/(?!adr\/)/];
const LEFTOVER = /\.tsbuildinfo$|\.warnings\.jsii\.js$|\.map$|\.tabl\.json/;

/** What the package for TypeScript holds; the other three carry the same tarball inside. */
export async function checkTarball(context) {
  const { test, say } = context.report;
  const tarball = onlyFile(path.join(context.dist, 'js'), '.tgz');
  const { folder } = createTools(context, 'tarball');
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  const root = path.join(folder, 'package');
  const files = readdirSync(root, { recursive: true }).filter((file) => statSync(path.join(root, file)).isFile());
  say('tarball', `${files.length} files, ${Math.round(statSync(tarball).size / 1024)} KB packed`);

  await test('tarball', 'it has no runtime dependency', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const kinds = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies'];
    requireNone(
      'package.json must name no runtime dependency',
      kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})),
    );
  });
  await test('tarball', 'it holds what runs without a build: library, functions, element table, command line, templates', () => {
    requireNone(
      'these files must be in the tarball',
      NEEDED.filter((file) => !files.includes(file)),
    );
    requireNone(
      'the command line must be executable',
      ['assets/cli-src/main/cli.js'].filter((file) => !(statSync(path.join(root, file)).mode & 0o100)),
    );
  });
  await test('tarball', 'it holds nothing else', () => {
    const allowed = (file) => ALLOWED.some((entry) => (entry instanceof RegExp ? entry.test(file) : entry === file));
    requireNone(
      'these files must stay out',
      files.filter((file) => !allowed(file) || LEFTOVER.test(file)),
    );
    requireNone(
      'these files have no source any more: delete lib/ and compile',
      files.filter((file) => /^lib\/.*\.js$/.test(file) && !existsSync(sourceOf(context, file))),
    );
  });
  await test('tarball', 'it names no path and no registry of the machine that built it', () => {
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    const secrets = [context.root, `${os.homedir()}/`, new URL(registry).host];
    const found = files.flatMap((file) => {
      const text = withSourceMap(readFileSync(path.join(root, file), 'utf8'));
      return secrets.filter((secret) => text.includes(secret)).map((secret) => `${file}: ${secret}`);
    });
    requireNone('these files must not name the machine', found);
  });
}

function sourceOf(context, file) {
  return path.join(context.root, file.replace(/^lib/, 'src').replace(/\.js$/, '.ts'));
}

/** The compiler writes source maps into the files, encoded. */
function withSourceMap(text) {
  const [, map = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(text) ?? [];
  return text + Buffer.from(map, 'base64').toString();
}

function requireNone(what, found) {
  if (found.length > 0) throw new Failure({ what, got: found.join('\n') });
}
