import { execFileSync } from 'node:child_process';
import { readGuide } from './support/guide';
import { parseRecord, recordsOf } from '../../lambda-src/patient-records/notification';

/** What a function of the guide's shell prints, with the AWS CLI answering `v1` to everything. */
function printed(name: string, argument: string): string {
  const [definition] = new RegExp(`^${name}\\(\\) \\{\\n[^]*?^\\}$`, 'm').exec(readGuide()) ?? [];
  if (definition === undefined) throw new Error(`the guide must define ${name}, got none`);
  const script = `BUCKET=records\naws() { echo v1; }\n${definition}\n${name} "$1"`;
  return execFileSync('bash', ['-c', script, 'bash', argument], { encoding: 'utf8' });
}

test.each(['incoming/a b.csv', 'incoming/a+b 100%.csv', 'incoming/Å "quoted" \\ & 日本.csv', 'incoming/two\nlines'])(
  'B5 a notification of the guide’s own names the object %j',
  (key) => {
    const [record] = recordsOf(JSON.parse(printed('notification', key)));
    expect(parseRecord(record, 'records', 'incoming/')).toEqual({ kind: 'object', source: { key, versionId: 'v1' } });
  },
);
