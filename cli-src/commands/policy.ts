import { explain } from '../../src/deidentification/private/explain';
import type { Explanation } from '../../src/deidentification/private/explain-fhir';
import { readElementTable } from '../../src/deidentification/private/fhir/element-table';
import {
  GENERAL_DIFFERENCES,
  microsoftCoverage,
  type RuleCoverage,
} from '../../src/deidentification/private/fhir/microsoft-coverage';
import { describeProblem } from '../../src/deidentification/private/policy-problems';
import { CliError, UsageError, type Args, type Command } from '../command';
import { counted, table, type Io } from '../io';
import { readPolicy, type OpenPolicy } from '../policy-option';

export const policy: Command = {
  name: 'policy',
  summary: 'check a policy file, or ask what it does with an element',
  help: [
    'usage: cdk-hipaa-pipeline policy check FILE [--json]',
    '       cdk-hipaa-pipeline policy explain FILE --path PATH [--json]',
    '',
    'FILE is a policy file, the name of a profile (safe-harbor, limited-data-set, validate-only), or a configuration of',
    "Microsoft's Tools for Health Data Anonymization for R4.",
    '',
    'check    says every error and warning of the file, each with its rule and how to mend it; of a configuration of',
    "         Microsoft's tool also which rules do here what they do there, and what differs",
    'explain  says what becomes of an element, which rule decides over it and why',
    '',
    '  --path PATH  an element of FHIR (Patient.address.city, Patient.deceasedDateTime), a field of HL7 v2 (PID-5,',
    '               PID-11.5) or a column (csv:ZIP)',
    '  --json       print the answer as JSON',
    '',
    'Exits with 1 where the file has an error.',
  ].join('\n'),
  options: { path: { type: 'string' }, json: { type: 'boolean' } },
  positionals: ['check|explain', 'FILE'],
  run,
};

async function run(args: Args, io: Io): Promise<number> {
  const [action, file] = args.positionals;
  if (action !== 'check' && action !== 'explain') {
    throw new UsageError(`policy takes check or explain, got ${JSON.stringify(action)}; see policy --help`);
  }
  const path = args.text('path');
  if (action === 'check') {
    if (path !== undefined) throw new UsageError('--path is for explain; leave it out, or write policy explain');
    return check(readPolicy(file), file, args.flag('json'), io);
  }
  return tell(readPolicy(file), file, args.required('path'), args.flag('json'), io);
}

function check({ problems, profile, source, tables }: OpenPolicy, file: string, json: boolean, io: Io): number {
  const failed = problems.some(({ severity }) => severity === 'error');
  const coverage =
    profile === 'ms-r4-compat' ? microsoftCoverage(readElementTable(), source.fhirPathRules, source.parameters) : [];
  if (json) {
    const microsoft = profile === 'ms-r4-compat' ? { coverage, differences: GENERAL_DIFFERENCES } : undefined;
    io.out(JSON.stringify({ profile, sha256: failed ? undefined : tables.policy.sha256, problems, microsoft }));
    return Number(failed);
  }
  for (const problem of problems) io.out(`${problem.severity}: ${describeProblem(problem, file)}`);
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const said = `${counted(problems.length - warnings, 'error')}, ${counted(warnings, 'warning')}`;
  table([
    ['profile', profile],
    ['problems', said],
    ...(failed ? [] : [['sha256', tables.policy.sha256] as const, ['tables', sizeOf(tables)] as const]),
  ]).forEach((line) => io.out(line));
  if (coverage.length > 0) tellCoverage(coverage, io);
  return Number(failed);
}

/** Rules by what differs, so that a file of hundreds is read in a minute. */
function tellCoverage(coverage: readonly RuleCoverage[], io: Io): void {
  const count = (kind: RuleCoverage['coverage']): number => coverage.filter((rule) => rule.coverage === kind).length;
  io.out('');
  io.out(
    `${counted(count('full'), 'rule')} as in Microsoft's tool, ${count('different')} different, ${count('none')} not covered`,
  );
  const byReason = new Map<string, RuleCoverage[]>();
  for (const rule of coverage) {
    for (const reason of rule.reasons) byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  }
  for (const [reason, rules] of byReason) {
    io.out(`  ${rules.some((rule) => rule.coverage === 'none') ? 'not covered' : 'different'}: ${reason}`);
    for (const { rule, path, method } of rules) io.out(`    rule ${rule}: ${path}, ${method}`);
  }
  io.out('whatever the rules are:');
  for (const difference of GENERAL_DIFFERENCES) io.out(`  ${difference}`);
}

function sizeOf(tables: object): string {
  return `${Math.ceil(JSON.stringify(tables).length / 1024)} KB`;
}

function tell(opened: OpenPolicy, file: string, path: string, json: boolean, io: Io): number {
  const [error] = opened.problems.filter(({ severity }) => severity === 'error');
  if (error) throw new CliError(`${describeProblem(error, file)}; see policy check`);
  const answers = answersTo(opened, path);
  if (json) {
    io.out(JSON.stringify(answers));
    return 0;
  }
  answers.forEach((answer, index) => {
    if (index > 0) io.out('');
    table(rowsOf(answer)).forEach((line) => io.out(line));
  });
  return 0;
}

function answersTo({ source }: OpenPolicy, path: string): readonly Explanation[] {
  try {
    return explain(source, path);
  } catch (error) {
    // It quotes the path that was asked for, which is no record's.
    throw new CliError((error as Error).message);
  }
}

function rowsOf({ path, type, when, decidedBy, effect, reason, losing }: Explanation): Array<[string, string]> {
  const decides = decidedBy.kind === 'rule' ? ruleName(decidedBy) : `profile ${decidedBy.name}`;
  return [
    ['path', `${path} (${type})`],
    ...when.map((condition): [string, string] => ['when', condition]),
    ['becomes', effect],
    ['decided by', decides],
    ['because', reason],
    ...losing.map((rule): [string, string] => ['too late', ruleName(rule)]),
  ];
}

function ruleName({ number, rulePath, method }: { number: number; rulePath: string; method: string }): string {
  return `rule ${number}: ${rulePath}, ${method}`;
}
