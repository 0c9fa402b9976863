import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Shows what the library wrote about itself at synth: what is acknowledged, what is wide, what is open. */
export function showEvidence(screen, { check }, assembly) {
  const { stacks } = JSON.parse(readFileSync(path.join(assembly, 'hipaa-evidence', 'evidence.json'), 'utf8'));
  const [evidence] = stacks;
  screen.heading(`The evidence of this stack, written at synth (${evidence.openItems.length} open items)`);
  screen.table(
    ['open', 'what', 'how to close it'],
    evidence.openItems.map(({ id, what, close }) => [id, what, close]),
  );
  screen.heading(`Acknowledged findings of the rule pack (${evidence.acknowledgements.length})`);
  screen.table(
    ['resource', 'rule', 'reason'],
    evidence.acknowledgements.map(({ path: where, rule, reason }) => [where, rule, reason]),
  );
  screen.heading(`Statements with a wildcard resource (${evidence.wildcards.length})`);
  screen.table(
    ['resource', 'statement', 'reason'],
    evidence.wildcards.map(({ path: where, sid, reason }) => [where, sid, reason]),
  );
  screen.heading(`Grants that the code does not use itself (${evidence.unusedGrants.length})`);
  screen.table(
    ['resource', 'statement', 'reason'],
    evidence.unusedGrants.map(({ path: where, sid, reason }) => [where, sid, reason]),
  );
  const unexplained = [...evidence.acknowledgements, ...evidence.wildcards, ...evidence.unusedGrants]
    .filter(({ reason }) => !reason)
    .concat(evidence.openItems.filter(({ close }) => !close));
  check(
    'every wildcard, acknowledgement and unused grant has a reason, every open item a way to close it',
    unexplained,
    [],
  );
  return evidence;
}
