import * as fc from 'fast-check';
import { column, csvTables, runCsv } from './run-csv';
import { expectFailure } from '../../../support/expect-failure';
import { cut, type Run } from '../../../support/run-engine';

const KEEP = csvTables([{ column: 'note', method: 'keep' }]);

function rejects({ rejectLines }: Run): unknown[] {
  return rejectLines.map(({ code, raw, path, index }) => ({ code, raw, index, ...(path && { path }) }));
}

describe('a row', () => {
  test.each([
    ['with a cell too few', '1,F'],
    ['with a cell too many', '1,F,02139,x'],
    ['with a delimiter at its end', '1,F,02139,'],
    ['of spaces', ' '],
  ])('%s is rejected', async (_, row) => {
    const run = await runCsv(`Id,GENDER,ZIP\n1,F,02139\n${row}\n2,M,02139\n`);
    expect(run.counts).toMatchObject({ read: 3, written: 2, byError: { CSV_FIELD_COUNT: 1 } });
    expect(rejects(run)).toEqual([{ code: 'CSV_FIELD_COUNT', raw: row, index: 1 }]);
  });

  test.each([
    ['with text after a closing quote', '"1"x,F,02139'],
    ['with text after a closing quote at its end', '1,F,"02139"x'],
    ['with a space before an opening quote', '1, "F",02139'],
    ['with a quote inside a cell', '1,6\'2",02139'],
    ['with a quote as escaped in other dialects', '1,"F\\" x",02139'],
    ['that a runaway quote joined with the next', '"1,F,02139\n2,"M",02139'],
  ])('%s is rejected', async (_, row) => {
    const run = await runCsv(`Id,GENDER,ZIP\n1,F,02139\n${row}\n2,M,02139\n`);
    expect(run.counts).toMatchObject({ read: 3, written: 2 });
    expect(rejects(run)).toEqual([{ code: 'CSV_QUOTE', raw: row, index: 1 }]);
  });

  test('with other delimiters than the header is rejected', async () => {
    const { counts } = await runCsv('Id,GENDER\n1;F\n2|F\n3\tF\n');
    expect(counts).toMatchObject({ read: 3, byError: { CSV_FIELD_COUNT: 3 } });
  });

  test('is rejected for kept text that is not UTF-8, told by the name of its column', async () => {
    const bytes = Buffer.from('Id,note,SSN\n1,caf\u00e9,x\n2,ok,\u00e9\n', 'latin1');
    const run = await runCsv(bytes, KEEP);
    expect(run.counts).toMatchObject({ read: 2, written: 1, byError: { REC_SYNTAX: 1 } });
    expect(run.rejectLines[0]).toMatchObject({ code: 'REC_SYNTAX', path: 'note' });
    expect(run.rejectLines[0]).toHaveProperty('rawBase64');
    expect(run.deid).toEqual({ redacted: 1, hashed: 1, generalized: 0, shifted: 0 });
  });

  test('that repeats the one above counts what that one does, spaces around a value or not', async () => {
    const { text, deid } = await runCsv(`GENDER,DATE\n${'F, 2019 \n'.repeat(3)}${'F,2019-05-06\n'.repeat(3)}`);
    expect(text).toBe(`GENDER,DATE\n${'F,2019\n'.repeat(6)}`);
    expect(deid).toEqual({ redacted: 0, hashed: 0, generalized: 3, shifted: 0 });
  });

  test('that is rejected first leaves the header to the next', async () => {
    expect((await runCsv('GENDER,ZIP\nF\nF,02139\nM,02139\n')).text).toBe('GENDER,ZIP\nF,021\nM,021\n');
  });

  test('of one kept cell that is empty is no empty line', async () => {
    expect((await runCsv('GENDER,SSN\nF,1\n,2\nJohn Doe,3\n"",4\n')).text).toBe('GENDER\nF\n""\n""\n""\n');
  });

  test('of 50 MB is rejected unread, and memory does not grow with it', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x,y\n');
    const source = ['Id,GENDER\n1,F\n"', ...Array<Uint8Array>(50).fill(Buffer.alloc(piece.length, 'x')), '"\n2,M\n'];
    const before = process.memoryUsage().arrayBuffers;
    const run = await runCsv(source, csvTables([], {}, { maxRecordBytes: 1024 * 1024 }));
    expect(run.counts).toMatchObject({ read: 3, written: 2, byError: { REC_TOO_LARGE: 1 } });
    expect(run.rejectLines[0].length).toBe(50 * 1024 * 1024 + 2);
    expect(run.rejectLines[0]).not.toHaveProperty('raw');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 1024 * 1024);
  });
});

describe('a file', () => {
  test('that ends in an open quote is cut off', async () => {
    expectFailure(await runCsv('Id,GENDER\n1,F\n2,"M\n'), 'SRC_TRUNCATED');
  });

  test('whose rows do not fit its header fails by its share of rejects', async () => {
    expectFailure(await runCsv(`Id,GENDER\n${'1,F,x\n'.repeat(1000)}`), 'REJECT_RATIO_EXCEEDED');
  });

  test('with a second header in it loses the header of the second, as values of no form', async () => {
    const { lines, counts } = await runCsv('BIRTHDATE,ZIP\n1980-01-01,02139\nBIRTHDATE,ZIP\n');
    expect([lines[2], counts.written]).toEqual([',000', 2]);
  });
});

describe('formulas', () => {
  const FORMULAS = [
    '=1+1',
    '@SUM(A1)',
    '+cmd|x',
    '-2+3',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '\uff1d1',
    '\uff0bx',
    '\uff20x',
  ];

  test.each(FORMULAS)('%j is blanked in text that is kept', async (cell) => {
    const { lines, deid } = await runCsv(`note,GENDER\n"${cell}",F\n`, KEEP);
    expect([lines, deid.redacted]).toEqual([['note,GENDER', ',F'], 1]);
  });

  test.each(FORMULAS)('%j is blanked where a rule writes it', async (cell) => {
    const tables = csvTables([{ column: 'note', method: 'substitute', replaceWith: cell }]);
    expect((await runCsv('note,GENDER\nx,F\n', tables)).lines[1]).toBe(',F');
  });

  test('are not what begins like one and is a number', async () => {
    const cells = ['-0.0', '+5', '-1e3', ' -7 ', '"-2"'];
    expect(await column('note', cells, KEEP)).toEqual(cells);
  });

  test('are told from text that has their signs elsewhere', async () => {
    const cells = ['a=b', 'x@y', '1-2', '"a, =b"'];
    expect(await column('note', cells, KEEP)).toEqual(cells);
  });

  test('never begin a cell of any output', async () => {
    const columns = 'Id,START,GENDER,CODE,UNITS,VALUE,STATE,ZIP,AGE,note'.split(',');
    const cell = fc.oneof(
      fc.constantFrom(...'=+-@\t\r'),
      fc.tuple(fc.constantFrom(...'=+-@\t'), fc.string({ maxLength: 4 })).map(([sign, rest]) => sign + rest),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), async (cells) => {
        const row = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        const { lines } = await runCsv(`${columns.join(',')}\n${row}\n`, KEEP);
        for (const written of lines[1].split(',')) {
          expect(written).not.toMatch(/^"?\s*[=+@-](?![\d.]+(e[+-]?\d+)?\s*"?$)/i);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('a number of a person or a day is no unit, however it is parted', async () => {
  const cells = ['123-45-6789', '(555)123-4567', '1950-01-02', '02/01/50', '10*3/uL', 'mL/min/1.73'];
  expect(await column('UNITS', cells)).toEqual(['', '', '', '', '10*3/uL', 'mL/min/1.73']);
});

test('NUL bytes are part of a cell as any other byte, and of no form but text', async () => {
  const { lines } = await runCsv('note,GENDER,COST,Id\nx\0y,F\0,1\0,\0\n', KEEP);
  expect(lines[1]).toBe('x\0y,,,');
});

test('cells after a row of more cells, or with quotes, are not those of the row before', async () => {
  const { lines } = await runCsv('GENDER,COST,ZIP\n"F","1","02139"\nM,2,02139\n"F",3,x,y\n,,\n');
  expect(lines.slice(1)).toEqual(['"F","1","021"', 'M,2,021', ',,']);
});

describe('a damaged table', () => {
  const marks = ['CANARY NAME', 'CANARY SSN', '1983-07-09', 'CANARY NOTE', '02139-7777'];
  const row = `p1,${marks.join(',')},F\n`;
  const whole = Buffer.from(`Id,NAME,SSN,BIRTHDATE,NOTES,ZIP,GENDER\n${row.repeat(4)}`);
  const edit = fc.record({
    at: fc.nat(whole.length),
    drop: fc.nat(30),
    repeat: fc.nat(30),
    insert: fc.option(fc.constantFrom(...Buffer.from('",\n\r|\0 ;\t=x'))),
  });

  test('tells nothing of its identifiers outside the rejects, and accounts for every row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 4 }),
        fc.array(fc.nat(300), { maxLength: 5 }),
        async (edits, places) => {
          const source = edits.reduce<Buffer>(
            (bytes, { at, drop, repeat, insert }) =>
              Buffer.concat([
                bytes.subarray(0, at + repeat),
                Uint8Array.from(insert === null ? [] : [insert]),
                bytes.subarray(at + drop),
              ]),
            whole,
          );
          // Damage to the header may make other columns of the cells: what then holds is their form, not their place.
          fc.pre(source.indexOf('Id,NAME,SSN,BIRTHDATE,NOTES,ZIP,GENDER\n') === 0);
          const { rejectLines, ...run } = await runCsv(cut(source, places));
          const { read, written, dropped, rejected } = run.counts;
          expect(written + dropped + rejected).toBe(read);
          const told = JSON.stringify({
            ...run,
            rejectLines: rejectLines.map((line) => ({ ...line, raw: '', rawBase64: '' })),
          });
          expect(marks.filter((mark) => told.includes(mark))).toEqual([]);
          if (!run.failure) expect([run.output.count, rejectLines.length]).toEqual([written, rejected]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
