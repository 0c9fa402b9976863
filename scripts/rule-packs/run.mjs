/**
 * Runs cfn-lint and checkov over the templates of `app.ts` and those of `templates/`, and holds the findings to `exceptions.json`, both ways: a
 * finding without an exception fails, and so does an exception that nothing needs any more. (cdk-nag runs with the
 * tests.) Ends with `N passed, N failed, N skipped`, a template and tool each counting as one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '..', '..');
const VENV = path.join(ROOT, '.venv-rule-packs');
const PINS = ['cfn-lint==1.58.0', 'checkov==3.3.30'];

const exceptions = JSON.parse(fs.readFileSync(path.join(HERE, 'exceptions.json'), 'utf8'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'rule-packs-'));
try {
  install();
  process.exitCode = report(check(synthesize()));
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function install() {
  const marker = path.join(VENV, 'pins.txt');
  if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === PINS.join('\n')) return;
  console.log(`installing ${PINS.join(' and ')} into ${path.relative(ROOT, VENV)}`);
  execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  execFileSync(path.join(VENV, 'bin', 'pip'), ['install', '--quiet', ...PINS], { stdio: 'inherit' });
  fs.writeFileSync(marker, PINS.join('\n'));
}

function synthesize() {
  execFileSync('npx', ['tsx', path.join(HERE, 'app.ts'), work], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const plain = path.join(ROOT, 'templates');
  const committed = fs.readdirSync(plain).filter((file) => file.endsWith('.json'));
  for (const file of committed) fs.copyFileSync(path.join(plain, file), path.join(work, file));
  const synthesized = fs.readdirSync(work).filter((file) => file.endsWith('.template.json'));
  return [...synthesized, ...committed].sort();
}

function check(templates) {
  const files = templates.map((template) => path.join(work, template));
  const tools = { 'cfn-lint': cfnLint(files), checkov: checkov(files) };
  return Object.entries(tools).map(([tool, findings]) => {
    const excuses = ({ id, resource }) => exceptions[tool].filter((exception) => id === exception.id && resource.includes(exception.resource));
    const needed = new Set(findings.flatMap(excuses));
    return {
      tool,
      results: templates.map((template) => ({
        template,
        open: findings.filter((finding) => finding.template === template && excuses(finding).length === 0),
      })),
      idle: exceptions[tool].filter((exception) => !needed.has(exception)),
    };
  });
}

function cfnLint(files) {
  // The exit code is a sum of 2 (errors), 4 (warnings) and 8 (informational).
  const { stdout } = spawn('cfn-lint', ['--format', 'json', ...files], [0, 2, 4, 6, 8, 10, 12, 14]);
  return JSON.parse(stdout || '[]').map(({ Rule, Message, Filename, Location }) => ({
    template: path.basename(Filename),
    id: Rule.Id,
    resource: String(Location.Path?.Path?.[1] ?? /Resources\/(\w+)/.exec(Message)?.[1] ?? ''),
    message: Message,
  }));
}

function checkov(files) {
  const args = ['--framework', 'cloudformation', '--output', 'json', '--quiet', '--skip-download'];
  const { stdout } = spawn('checkov', [...files.flatMap((file) => ['--file', file]), ...args], [0, 1]);
  const { results, summary } = JSON.parse(stdout);
  if (!(summary.passed > 50 * files.length)) {
    throw new Error(`checkov must have checked every template, got ${summary.passed} passed checks in all`);
  }
  return results.failed_checks.map((failed) => ({
    template: path.basename(failed.file_path),
    id: failed.check_id,
    resource: failed.resource,
    message: failed.check_name,
  }));
}

function spawn(tool, args, expected) {
  const run = spawnSync(path.join(VENV, 'bin', tool), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (expected.includes(run.status)) return run;
  throw new Error(`${tool} must end with one of ${expected}, got ${run.status}: ${run.stderr.slice(-2000)}`);
}

function report(tools) {
  let passed = 0;
  let failed = 0;
  for (const { tool, results, idle } of tools) {
    for (const { template, open } of results) {
      open.length === 0 ? passed++ : failed++;
      console.log(`${open.length === 0 ? 'pass' : 'FAIL'}  ${tool}  ${template}`);
      for (const { id, resource, message } of open) console.log(`      ${id} ${resource}: ${message}`);
    }
    idle.length === 0 ? passed++ : failed++;
    console.log(`${idle.length === 0 ? 'pass' : 'FAIL'}  ${tool}  every exception is needed`);
    for (const { id, resource } of idle) console.log(`      ${id} ${resource}: remove it from exceptions.json`);
  }
  console.log(`\n${passed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}
