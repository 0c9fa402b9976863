import * as fc from 'fast-check';
import { field, run, segment, TABLES } from './run-message';
import { marksOf, syntheticMessage } from './synthetic-messages';
import { readFieldTable } from '../../../../src/deidentification/private/hl7v2/field-table';
import { isKept } from '../../../../src/deidentification/private/hl7v2/identifiers';
import { NEWER_SEGMENTS } from '../../../../src/deidentification/private/hl7v2/safe-harbor';
import { runEngine } from '../../../support/run-engine';

const { segments: STANDARD } = readFieldTable();
const MESSAGES = 300;

describe('a file of messages of made-up patients', () => {
  const source = Array.from({ length: MESSAGES }, (_, index) => syntheticMessage(index)).join('');

  test('comes out with an account for every message, and tells nothing of anybody', async () => {
    const { counts, deid, text, output, rejects, failure } = await runEngine(source, { tables: TABLES });
    expect(failure).toBeUndefined();
    expect(counts).toMatchObject({ read: MESSAGES, written: MESSAGES, byType: { 'ADT^A01': 100, 'ORU^R01': 200 } });
    expect([output.count, rejects.count]).toEqual([MESSAGES, 0]);
    for (const kind of [deid.redacted, deid.hashed, deid.generalized]) expect(kind).toBeGreaterThan(MESSAGES);
    const told = text + JSON.stringify({ counts, deid, output });
    const leaked = Array.from({ length: MESSAGES / 3 }, (_, index) => marksOf(index))
      .flat()
      .filter((mark) => told.includes(mark));
    expect(leaked.length).toBe(0);
    expect(told).not.toMatch(/canary/i);
  });

  test('keeps messages joined: all of a patient, and of a visit, have the same codes', async () => {
    const { text } = await runEngine(source, { tables: TABLES });
    const ids = text
      .split('\r')
      .filter((line) => line.startsWith('PID'))
      .map((line) => line.split('|')[3]);
    expect(ids.length).toBe(MESSAGES);
    expect(new Set(ids).size).toBe(MESSAGES / 3);
    expect([ids[0], ids[1]]).toEqual([ids[2], ids[2]]);
  });
});

test('a name in any field that is dropped, of any segment of the standard, does not come out', () => {
  for (const [id, fields] of Object.entries(STANDARD)) {
    if (['MSH', 'FHS', 'BHS', 'BTS', 'FTS'].includes(id)) continue;
    const planted = fields.map((_, i) => (isKept(id, i + 1) ? '' : 'CANARY^CANARY&CANARY~CANARY'));
    expect([id, segment([id, ...planted].join('|'))]).toEqual([id, id]);
  }
});

test('a text in any field at all does not come out', () => {
  for (const [id, fields] of Object.entries(STANDARD)) {
    if (['MSH', 'FHS', 'BHS', 'BTS', 'FTS'].includes(id)) continue;
    const planted = fields.map(() => 'CANARY Joe Smith, 123-45-6789^CANARY of Joe^CANARY in Joe&CANARY by Joe');
    expect([id, segment([id, ...planted].join('|')).includes('CANARY')]).toEqual([id, false]);
  }
});

test('neither text nor number comes out of a segment that nobody knows, and its name where a site has given it', () => {
  const id = fc
    .stringMatching(/^[A-Z][A-Z0-9]{2}$/)
    .filter((each) => !(each in STANDARD) && !NEWER_SEGMENTS.includes(each));
  fc.assert(
    fc.property(id, fc.array(fc.stringMatching(/^[A-Za-z0-9^&~ ]{0,20}$/)), (name, fields) => {
      const written = segment(`ZPD\r${[name, ...fields].join('|')}`);
      expect(written).toBe(name.startsWith('Z') ? `ZPD\r${name}` : 'ZPD');
    }),
  );
});

test('a long number comes out of nowhere but a measured value or a published code', () => {
  const number = '987654321';
  for (const [id, fields] of Object.entries(STANDARD)) {
    for (let i = 1; i <= fields.length && id !== 'MSH'; i++) {
      if (['FHS', 'BHS', 'BTS', 'FTS'].includes(id)) continue;
      const numeric = fields[i - 1].split(' ').some((type) => ['NM', 'CQ', 'CP', 'MO', 'CQ_QUANTITY'].includes(type));
      if (!numeric) expect([id, i, field(`${id}-${i}`, number).includes(number)]).toEqual([id, i, false]);
    }
  }
});

test('the account of a run names no value, even of a message that is nothing but names', async () => {
  const source = 'MSH|^~\\&|||||CANARY||CANARY^CANARY|CANARY|CANARY CANARY|CANARY CANARY\rPID|CANARY\r';
  const { counts, rejectLines } = await runEngine(source, { tables: TABLES });
  expect(counts.byType).toEqual({ OTHER: 1 });
  expect(rejectLines).toEqual([]);
  expect(run(source).path).toBeUndefined();
});
