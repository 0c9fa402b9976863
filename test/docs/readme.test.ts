import * as fs from 'fs';
import * as path from 'path';
import { DeidPolicy } from '../../src';
import { runEngine } from '../support/run-engine';

const README = fs.readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');

/** The code blocks behind a marker, in order. */
function blocks(marker: string): string[] {
  return [...README.matchAll(new RegExp(`<!-- ${marker} -->\n\`\`\`\\w*\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text,
  );
}

const isJson = (text: string): boolean => text.startsWith('{');
const isMessage = (text: string): boolean => text.startsWith('MSH');

test.each(blocks('before').map((before, i) => [i, before, blocks('after')[i]] as const))(
  'A30 what the README shows as coming out does come out: %d',
  async (_, before, after) => {
    const source = isMessage(before) ? before.replaceAll('\n', '\r') : before;
    const { text, counts } = await runEngine(source, { tables: DeidPolicy.safeHarbor()._compile() });
    expect(counts.rejected).toBe(0);
    if (isJson(before)) expect(JSON.parse(text)).toEqual(JSON.parse(after));
    else expect(text.replaceAll('\r', '\n')).toBe(after);
  },
);

test('A30 the README shows every format', () => {
  expect([blocks('before').length, blocks('after').length]).toEqual([3, 3]);
});
