import * as fc from 'fast-check';
import { TABLES } from './run-message';
import { syntheticMessage } from './synthetic-messages';
import { cut, runEngine, type Run } from '../../../support/run-engine';

const run = (source: string | Uint8Array | Uint8Array[]): Promise<Run> => runEngine(source, { tables: TABLES });

const A = 'MSH|^~\\&|||||2024||ADT^A01|1\rPID|1\r';
const B = 'MSH|^~\\&|||||2024||ORU^R01|2\rOBX|1|NM|||5\r';

/** A source in pieces of so many bytes. */
function pieces(source: string, size: number): Uint8Array[] {
  const bytes = Buffer.from(source);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

describe('a file of messages', () => {
  test('has one record from each header to the next', async () => {
    const { format, counts, text } = await run(A + B + A);
    expect(format).toBe('hl7v2');
    expect(counts).toEqual({
      read: 3,
      written: 3,
      dropped: 0,
      rejected: 0,
      byType: { 'ADT^A01': 2, 'ORU^R01': 1 },
      byError: {},
    });
    expect(text.split('\r').map((line) => line.slice(0, 3))).toEqual(['MSH', 'PID', 'MSH', 'OBX', 'MSH', 'PID', '']);
  });

  test('may begin with a mark, blank lines or frames, and have frames around each message', async () => {
    const plain = await run(A + B);
    for (const source of [
      `\ufeff${A}${B}`,
      `\r\n\n${A}${B}`,
      `\x0b${A}\x1c\r\x0b${B}\x1c\r`,
      `\x0b${A}\x1c\x0b${B}\x1c`,
      `\x0b${A.slice(0, -1)}\x1c\x0b${B.slice(0, -1)}\x1c`,
      `\x0b${A.slice(0, -1)}\x1c\r\x0b${B.slice(0, -1)}\x1c\r`,
    ]) {
      expect(await run(source)).toMatchObject({ text: plain.text, counts: plain.counts });
    }
  });

  test('has lines before the first header, or behind a batch, rejected', async () => {
    const { counts, rejectLines } = await run(`BHS|^~\\&\rPID|1\rNTE|1\r${A}BTS|1\rOBX|1\r${B}`);
    expect(counts).toMatchObject({ read: 4, written: 2, byError: { HL7_NO_MSH: 2 } });
    expect(rejectLines.map(({ raw, byteOffset }) => [byteOffset, raw])).toEqual([
      [9, 'PID|1\rNTE|1'],
      [9 + 12 + A.length + 6, 'OBX|1'],
    ]);
  });

  test('without any header is one message that has lost it', async () => {
    const { format, counts } = await run('PID|1||M1\rPV1|1|I\rOBX|1\r');
    expect([format, counts.byError]).toEqual(['hl7v2', { HL7_NO_MSH: 1 }]);
  });

  test('has a message with a line that is none rejected, and the others written', async () => {
    const { counts, rejectLines } = await run(`${A}junk\r${B}msh|^~\\&|\r${A}`);
    expect(counts).toMatchObject({ read: 4, written: 2, byError: { HL7_BAD_SEGMENT: 2 } });
    expect(rejectLines.map(({ raw, path }) => [raw, path])).toEqual([
      [`${A}junk`, undefined],
      ['msh|^~\\&|', undefined],
    ]);
  });

  test('has a message that goes on behind its frame rejected: the one line would be read as another', async () => {
    const torn = `${A.slice(0, -1)}|\x1cNTE|1||||||||Joe\r`;
    for (const size of [1, 2, 3, 1000]) {
      const { counts, rejectLines } = await run(pieces(`${torn}${B}${A}\x1c\r${B}`, size));
      expect(counts).toMatchObject({ read: 4, written: 3, byError: { HL7_BAD_SEGMENT: 1 } });
      expect(rejectLines[0].raw).toBe(torn.slice(0, -1));
    }
  });

  test('has a message rejected as a whole where a line of a text begins like a header or an envelope', async () => {
    for (const line of ['FTS was Joe', 'bhs x', 'BTSK|1', 'MSH of Joe', 'mshJoe']) {
      const message = `${A}NTE|1||text\n${line}\rOBX|1`;
      for (const size of [1, 3, 1000]) {
        const { counts, rejectLines } = await run(pieces(`${message}\r${B}BTS`, size));
        expect(counts).toMatchObject({ read: 2, written: 1, byError: { HL7_BAD_SEGMENT: 1 } });
        expect(rejectLines[0].raw).toBe(message);
      }
    }
  });

  test('has a message above the cap rejected unread', async () => {
    const tables = { ...TABLES, limits: { ...TABLES.limits, maxRecordBytes: 100 } };
    const large = `${A}NTE|1||${'x'.repeat(200)}\r`;
    const { counts, rejectLines } = await runEngine(A + large + B, { tables });
    expect(counts).toMatchObject({ read: 3, written: 2, byError: { REC_TOO_LARGE: 1 } });
    expect(rejectLines[0]).toMatchObject({ length: large.length });
    expect(rejectLines[0].raw).toBeUndefined();
  });
});

describe('the envelope of a batch', () => {
  test('is not written, and no record where it is right', async () => {
    const { counts, text } = await run(
      `FHS|^~\\&|x\rBHS|^~\\&|x\r${A}${B}BTS|2|Joe\rBHS|^~\\&\r${A}BTS|1\rFTS|2|Joe\r`,
    );
    expect(counts).toMatchObject({ read: 3, written: 3, rejected: 0 });
    expect(text).toBe((await run(A + B + A)).text);
  });

  test.each([
    ['of messages', `BHS|^~\\&\r${A}BTS|2\r`, 'BTS|2'],
    ['of batches', `FHS|^~\\&\rBHS|^~\\&\r${A}BTS|1\rFTS|2\r`, 'FTS|2'],
    ['that is no number', `BHS|^~\\&\r${A}BTS|Joe\r`, 'BTS|Joe'],
    ['that is negative', `BHS|^~\\&\r${A}BTS|-1\r`, 'BTS|-1'],
    ['of a batch without header', `${A}${B}BTS|1\r`, 'BTS|1'],
  ])('with a wrong count %s has its trailer rejected', async (_, source, raw) => {
    const { counts, rejectLines } = await run(source);
    expect(counts.byError).toEqual({ HL7_BATCH_COUNT: 1 });
    expect(counts.read).toBe(counts.written + 1);
    expect(rejectLines[0]).toMatchObject({ code: 'HL7_BATCH_COUNT', raw });
  });

  test('may leave its counts out, or have none of its headers', async () => {
    for (const source of [`BHS|^~\\&\r${A}BTS\r`, `BHS|^~\\&\r${A}BTS||Joe\rFTS|\r`, `${A}BTS|1\rFTS|1\r`]) {
      expect((await run(source)).counts).toMatchObject({ read: 1, written: 1 });
    }
  });

  test('counts messages that are rejected too', async () => {
    expect((await run(`BHS|^~\\&\r${A}${B}junk\rBTS|2\r`)).counts).toMatchObject({ read: 2, rejected: 1 });
  });
});

describe('detection', () => {
  test.each([
    'MSH|^~\\&|',
    'FHS|^~\\&|\rBHS|^~\\&|',
    'msh|^~\\&|',
    'MSH$%*!?$',
    'PID|1||M1^^^H\r',
    'EVN|A01\rPID|1',
    'OBX|1\nZPD|1',
  ])('%j is HL7 v2', async (source) => {
    expect((await run(source)).format).toBe('hl7v2');
  });

  test.each([
    'PID|LAST_NAME|DOB\n1|SMITH|19700101\n',
    'PR1|NAME\nPRX|SMITH\n',
    'MSHX,NAME\n1,SMITH\n',
    'MSH_ID|NAME\n',
    'MSH,NAME\n',
    'MSH|NAME\n',
    'PID|NAME\n',
    'PATIENT|NAME\nPID|1',
    'MSH',
    'MS',
  ])('%j is not', async (source) => {
    expect((await run(source)).format).not.toBe('hl7v2');
  });
});

test('a first line without end is not gone through with every chunk of it', async () => {
  const piece = new Uint8Array(Buffer.alloc(256, 'x'));
  const { failure } = await run([Buffer.from('PID|'), ...Array<Uint8Array>(8 * 1024).fill(piece)]);
  expect(failure).toBe('SRC_UNKNOWN_FORMAT');
});

describe('the outcome depends on the segments alone', () => {
  const lines = fc.array(
    fc.oneof(
      fc.nat(8).map((index) => syntheticMessage(index).split('\r').slice(0, -1)),
      fc.constantFrom(['BHS|^~\\&'], ['BTS|1'], ['BTS|2'], ['FTS|1'], ['junk'], ['PID|1'], ['msh|^~\\&'], ['MSH|^~']),
    ),
    { minLength: 1, maxLength: 8 },
  );
  const source = lines.map((all) => ['MSH|^~\\&|||||2024', ...all.flat()]);

  test('not on how they end', async () => {
    await fc.assert(
      fc.asyncProperty(source, fc.array(fc.constantFrom('\r', '\n', '\r\n', '\r\n\r\n')), async (all, ends) => {
        const plain = await run(all.map((line) => `${line}\r`).join(''));
        const mixed = all.map((line, i) => line + (ends[i % Math.max(1, ends.length)] ?? '\n')).join('');
        const other = await run(mixed);
        expect([other.text, other.counts, other.deid]).toEqual([plain.text, plain.counts, plain.deid]);
      }),
      { numRuns: 60 },
    );
  });

  test('not on the chunks they come in', async () => {
    await fc.assert(
      fc.asyncProperty(source, fc.array(fc.nat(20_000), { maxLength: 12 }), async (all, places) => {
        const bytes = Buffer.from(all.join('\r\n'));
        const whole = await run(bytes);
        for (const chunks of [cut(bytes, places), cut(bytes, [...bytes.keys()])]) {
          const { text, counts, deid, rejectLines } = await run(chunks);
          expect([text, counts, deid, rejectLines]).toEqual([whole.text, whole.counts, whole.deid, whole.rejectLines]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('and every record read is written, dropped or rejected, whatever is damaged', async () => {
    const telling = fc.oneof(fc.constantFrom(...Buffer.from('|^~\\&\r\n\0"M')), fc.nat(255));
    const edit = fc.record({ at: fc.nat(), drop: fc.nat(30), insert: telling });
    await fc.assert(
      fc.asyncProperty(source, fc.array(edit, { maxLength: 4 }), async (all, edits) => {
        const bytes = edits.reduce<Buffer>(
          (before, { at, drop, insert }) => {
            const place = at % before.length;
            return Buffer.concat([before.subarray(0, place), Buffer.of(insert), before.subarray(place + drop)]);
          },
          Buffer.from(all.join('\r')),
        );
        const { counts, rejectLines } = await run(bytes);
        expect(counts.written + counts.dropped + counts.rejected).toBe(counts.read);
        for (const { raw, byteOffset, length } of rejectLines) {
          if (raw !== undefined) expect(bytes.subarray(byteOffset, byteOffset + length).toString()).toBe(raw);
        }
      }),
      { numRuns: 100 },
    );
  });
});
