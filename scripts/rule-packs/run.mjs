/**
 * Runs cfn-lint and checkov over the templates of `app.ts` and holds the findings to `exceptions.json`, both ways: a
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
  return fs
    .readdirSync(work)
    .filter((file) => file.endsWith('.template.json'))
    .sort();
}

function check(templates) {
  const tools = { 'cfn-lint': cfnLint, checkov };
  return Object.entries(tools).map(([tool, run]) => {
    const needed = new Set();
    const results = templates.map((template) => {
      const open = run(path.join(work, template)).filter((finding) => {
        const exception = exceptions[tool].find(({ id, resource }) => id === finding.id && finding.resource.includes(resource));
        if (exception) needed.add(exception);
        return !exception;
      });
      return { template, open };
    });
    return { tool, results, idle: exceptions[tool].filter((exception) => !needed.has(exception)) };
  });
}

function cfnLint(template) {
  const { stdout } = spawn('cfn-lint', ['--format', 'json', template], [0, 2, 4, 6, 8, 10, 12, 14]);
  return JSON.parse(stdout || '[]').map(({ Rule, Message, Location }) => ({
    id: Rule.Id,
    resource: String(Location.Path?.Path?.[1] ?? ''),
    message: Message,
  }));
}

function checkov(template) {
  const args = ['--file', template, '--framework', 'cloudformation', '--output', 'json', '--quiet', '--skip-download'];
  const { stdout } = spawn('checkov', args, [0, 1]);
  const { results, summary } = JSON.parse(stdout);
  if (!(summary.passed > 50)) throw new Error(`checkov must have checked the template, got ${summary.passed} passed checks`);
  return results.failed_checks.map((failed) => ({
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
