import { readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../local-aws/paths.mjs';

/** The shell blocks of the guide in their order, each with the heading that it stands under. */
export function readBlocks() {
  const lines = readFileSync(path.join(projectRoot, 'docs', 'patient-records.md'), 'utf8').split('\n');
  const blocks = [];
  let heading = '';
  let open;
  for (const line of lines) {
    if (open && line === '```') {
      blocks.push(open);
      open = undefined;
    } else if (open) {
      open.text += `${line}\n`;
    } else if (line.startsWith('#')) {
      heading = line.replace(/^#+ /, '');
    } else if (line.startsWith('```sh')) {
      open = { heading, text: '', onAwsOnly: line === '```sh aws' };
    }
  }
  return blocks;
}
