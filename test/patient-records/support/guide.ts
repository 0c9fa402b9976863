import * as fs from 'node:fs';
import * as path from 'node:path';

const GUIDE = path.join(__dirname, '..', '..', '..', 'docs', 'patient-records.md');

export const readGuide = () => fs.readFileSync(GUIDE, 'utf8');

/** Rows of the table under a heading, less its header; code marks are taken off. */
export function table(heading: string): string[][] {
  const section = readGuide()
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the guide must have a section ${heading}, got none`);
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) =>
    row
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}
