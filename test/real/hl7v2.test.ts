import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeidPolicy } from '../../src/deidentification/deid-policy';
import { cut, runEngine, type Run } from '../support/run-engine';

const DIR = join(process.env.PHI_TEST_DATA ?? '', 'hl7v2');
const FILES = readdirSync(DIR)
  .filter((name) => name.endsWith('.hl7'))
  .sort();
const tables = DeidPolicy.safeHarbor()._compile();

/** Fields with names, addresses, contacts and numbers of people, by segment. */
const IDENTIFYING: Readonly<Record<string, readonly number[]>> = {
  PID: [2, 3, 4, 5, 6, 9, 11, 13, 14, 18, 19, 20, 21, 23, 40],
  NK1: [2, 4, 5, 6, 12, 26, 30, 31, 32, 33, 37, 38, 40],
  PV1: [3, 5, 6, 7, 8, 9, 17, 19, 42, 43, 50, 52],
  PV2: [1, 13, 23],
  GT1: [2, 3, 4, 5, 6, 7, 12, 16, 17, 18, 19, 29, 42, 45, 46],
  IN1: [3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 19, 36, 44, 49],
  IN2: [1, 2, 6, 7, 8, 10, 52, 61, 63, 64],
  EVN: [5, 7],
  ORC: [2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 24],
  OBR: [2, 3, 10, 16, 17, 28, 32],
  OBX: [16, 18, 23, 24, 25],
  DG1: [16],
  PR1: [8, 11, 12],
  ROL: [4, 11, 12],
  MSH: [3, 4, 5, 6, 10],
  NTE: [3, 5],
};
/** The state, and the country, may stand; so may what is a code in another field. */
const ADDRESSES = ['PID-11', 'NK1-4', 'GT1-5', 'IN1-5', 'IN1-19', 'ORC-22', 'ORC-24', 'OBX-24'];

/** Texts of five characters and more that must be found nowhere. Never printed. */
function identifiers(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.split(/[\r\n]+/)) {
    const fields = line.split('|');
    const shift = fields[0] === 'MSH' ? 1 : 0;
    for (const number of IDENTIFYING[fields[0]] ?? []) {
      for (const component of (fields[number - shift] ?? '').split(/[~^&]/)) {
        const isPlace = ADDRESSES.includes(`${fields[0]}-${number}`);
        if (component.length >= (isPlace ? 6 : 5)) found.add(component);
      }
    }
  }
  return [...found];
}

/** Dates to the day: of the year nothing more may be told. */
function days(text: string): string[] {
  return [...new Set(text.match(/\b(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}(?:\d{4,6})?\b/g) ?? [])];
}

// Numbers instead of names: a file may be called after anything.
describe.each(FILES.map((name, i) => [i + 1, name] as const))('real file %i', (_, name) => {
  const bytes = readFileSync(join(DIR, name));
  const text = bytes.toString('utf8');
  let result: Run;
  beforeAll(async () => {
    result = await runEngine(bytes, { tables });
  });

  test('comes out whole, segment by segment', () => {
    const ids = text
      .replace(/^\ufeff/, '')
      .split(/[\r\n]+/)
      .filter((line) => line !== '')
      .map((line) => line.slice(0, 3));
    const messages = ids.filter((id) => id === 'MSH').length;
    expect(result.failure).toBeUndefined();
    expect(result.format).toBe('hl7v2');
    expect(result.counts).toMatchObject({ read: messages, written: messages, dropped: 0, rejected: 0 });
    expect(result.counts.byType).not.toHaveProperty('OTHER');
    expect(
      result.text
        .split('\r')
        .slice(0, -1)
        .map((line) => line.slice(0, 3)),
    ).toEqual(ids);
  });

  test('tells none of its identifiers, and no day', () => {
    // A text may be a code elsewhere: what is counted are whole values.
    const values = new Set(result.text.split(/[|^~&\r]/));
    expect(identifiers(text).filter((value) => values.has(value)).length).toBe(0);
    expect(days(text).filter((day) => values.has(day)).length).toBe(0);
  });

  test('is the same however it is cut and however its segments end', async () => {
    const places = Array.from({ length: 200 }, (_unused, i) => i * 97);
    expect((await runEngine(cut(bytes, places), { tables })).output).toEqual(result.output);
    const returns = text.replace(/\r?\n/g, '\r');
    expect((await runEngine(returns, { tables })).output).toEqual(result.output);
  });
});
