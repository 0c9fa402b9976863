import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Shows what the library wrote about itself at synth. */
export function showEvidence(screen, { check, skip }, assembly) {
  const file = path.join(assembly, 'hipaa-evidence', 'evidence.json');
  screen.heading('The evidence of this assembly (hipaa-evidence/evidence.json)');
  if (!existsSync(file)) {
    skip('the assembly carries its evidence', 'this version writes none');
    return undefined;
  }
  const evidence = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, value] of Object.entries(evidence)) {
    if (Array.isArray(value)) screen.text(`${name}: ${value.length}`);
  }
  check('the assembly carries its evidence', true);
  return evidence;
}
