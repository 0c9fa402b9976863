/**
 * Copies a synthesized assembly and takes out what local AWS lacks, for tests and the demo only: the library knows
 * nothing of it. The exact list of what was taken out is held to a committed file, so that a resource which silently
 * stops being deployed here is noticed.
 *
 *   node scripts/local-aws/filter-assembly.mjs CDK_OUT FILTERED_OUT EXPECTED_JSON [--update]
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { describeError, Failure } from './failure.mjs';
import { filterTemplate } from './filter-template.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
// Made with: python -c "from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as h; print(sorted(h))"
const supportedTypes = readJson(path.join(here, 'supported-types.json'));
const ignoredProperties = readJson(path.join(here, 'ignored-properties.json'));

/** Filters the assembly `from` into the folder `to` and returns what was taken out of each template. */
export function filterAssembly(from, to) {
  const templates = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.template.json')) : [];
  if (templates.length === 0) {
    throw new Failure({ what: 'no templates to filter', got: from, fix: 'synthesize first: npm run synth' });
  }
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  return Object.fromEntries(templates.sort().map((name) => [name, filterFile(to, name)]));
}

function filterFile(folder, name) {
  const file = path.join(folder, name);
  const before = readFileSync(file, 'utf8');
  const { template, report } = filterTemplate(JSON.parse(before), { supportedTypes, ignoredProperties });
  const after = JSON.stringify(template, undefined, 1);
  writeFileSync(file, after);
  // The CLI uploads by hash and would take the old template from its bucket.
  for (const manifest of ['manifest.json', name.replace('.template.json', '.assets.json')]) {
    const target = path.join(folder, manifest);
    if (existsSync(target)) {
      writeFileSync(target, readFileSync(target, 'utf8').replaceAll(sha256(before), sha256(after)));
    }
  }
  return report;
}

/** Throws unless `found` is what the committed file lists; `update` rewrites the file instead. */
export function assertExpected(found, expectedFile, { update = false } = {}) {
  if (update) {
    mkdirSync(path.dirname(expectedFile), { recursive: true });
    writeFileSync(expectedFile, `${JSON.stringify(found, undefined, 2)}\n`);
    return;
  }
  const expected = existsSync(expectedFile) ? readJson(expectedFile) : {};
  const [was, is] = [flatten(expected), flatten(found)];
  const gone = [...was].filter((line) => !is.has(line)).map((line) => `- ${line}`);
  const added = [...is].filter((line) => !was.has(line)).map((line) => `+ ${line}`);
  if (gone.length + added.length > 0) {
    throw new Failure({
      what: `what local AWS lacks of this assembly is not what ${path.basename(expectedFile)} lists`,
      got: [...gone, ...added].join('\n'),
      fix: 'if the change is meant, rewrite the list with --update and review its diff',
    });
  }
}

function flatten(report) {
  const lines = new Set();
  for (const [template, { dropped, replacedReferences, ignored }] of Object.entries(report)) {
    dropped.forEach((line) => lines.add(`${template}: dropped ${line}`));
    replacedReferences.forEach((line) => lines.add(`${template}: replaced ${line}`));
    Object.entries(ignored).forEach(([name, count]) => lines.add(`${template}: ignored ${name} (${count})`));
  }
  return lines;
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function main() {
  const options = { update: { type: 'boolean', default: false } };
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  if (positionals.length !== 3) {
    throw new Failure({
      what: 'three paths are needed',
      got: positionals.join(' ') || 'none',
      fix: 'filter-assembly.mjs CDK_OUT FILTERED_OUT EXPECTED_JSON [--update]',
    });
  }
  const [from, to, expected] = positionals;
  const report = filterAssembly(from, to);
  console.log([...flatten(report)].join('\n'));
  assertExpected(report, expected, values);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main();
  } catch (error) {
    console.error(describeError(error).join('\n'));
    process.exit(1);
  }
}
