import { CsvError, parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { CsvReader } from '../../../../lambda-src/engine/csv/csv-reader';
import { RowCells, Style, unescape } from '../../../../lambda-src/engine/csv/row-cells';
import { cut } from '../../../support/run-engine';

const COMMA = ','.charCodeAt(0);
const LARGE = 1024 * 1024;

interface Found {
  readonly header: string;
  readonly rows: string[];
  readonly places: (readonly [number, number])[];
  readonly tooLarge: number[];
  readonly end: string;
}

/** All that the reader tells of these bytes, and how they end. */
function read(chunks: readonly Uint8Array[], { cap = LARGE, delimiter = COMMA, offset = 0 } = {}): Found {
  const found = {
    header: '',
    rows: [] as string[],
    places: [] as [number, number][],
    tooLarge: [] as number[],
    end: '',
  };
  const text = (bytes: Uint8Array, start: number, end: number): string =>
    Buffer.from(bytes.subarray(start, end)).toString('latin1');
  const reader = new CsvReader(
    {
      header: ({ bytes, start, end }) => {
        found.header = text(bytes, start, end);
        return delimiter;
      },
      record: (span) => {
        if (span.tooLarge) found.tooLarge.push(found.rows.length);
        found.rows.push(span.tooLarge ? '' : text(span.bytes, span.start, span.end));
        found.places.push([span.offset, span.length]);
      },
      reject: () => undefined,
      dropped: () => undefined,
    },
    cap,
    offset,
  );
  try {
    // Whoever gives a chunk may use it again.
    for (const chunk of chunks) {
      const copy = Uint8Array.from(chunk);
      reader.push(copy);
      copy.fill(0x22);
    }
    reader.end();
    found.end = 'whole';
  } catch (error) {
    found.end = (error as Error).message;
  }
  return found;
}

function rowsOf(text: string, options = {}): string[] {
  return read([Buffer.from(text, 'latin1')], options).rows;
}

describe('rows', () => {
  test.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['carriage returns and line feeds', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns, as on old machines', 'a,b\r1,2\r3,4\r'],
    ['any of them, and none at the end', 'a,b\r1,2\r\n3,4'],
    ['empty lines between', '\n\na,b\n\r\n\n1,2\n\r\r3,4\n\n'],
    ['blank lines above the header', ' \n\t\r\na,b\n1,2\n3,4'],
  ])('end with %s', (_, text) => {
    const { header, rows, end } = read([Buffer.from(text)]);
    expect([header, rows, end]).toEqual(['a,b', ['1,2', '3,4'], 'whole']);
  });

  test('have line ends in quoted cells, and delimiters and quotes', () => {
    expect(rowsOf('a,b\n"1\n1","2\r\n""2"""\n3,4\n')).toEqual(['"1\n1","2\r\n""2"""', '3,4']);
  });

  test('of nothing but quotes or spaces are rows', () => {
    expect(rowsOf('a\n""\n \n\n"\n"\n')).toEqual(['""', ' ', '"\n"']);
  });

  test('are found where they are in the source', () => {
    const { places } = read([Buffer.from('a,b\r\n1,2\n\n"3\n",4')], { offset: 3 });
    expect(places).toEqual([
      [8, 3],
      [13, 6],
    ]);
  });

  test('have a quote inside a cell for what it is: it opens nothing', () => {
    expect(rowsOf('a,b\n6\'2",x\n;"y,z\n1, "2\n')).toEqual(['6\'2",x', ';"y,z', '1, "2']);
  });

  test.each([',', '|', '\t', ';'])('have cells between %j, after which a quote opens one', (delimiter) => {
    const header = `a${delimiter}"b\nc"`;
    const found = read([Buffer.from(`${header}\n1${delimiter}"\n"\n2`)], { delimiter: delimiter.charCodeAt(0) });
    expect([found.header, ...found.rows]).toEqual([header, `1${delimiter}"\n"`, '2']);
  });
});

describe('a quote that is never closed', () => {
  test('at the end of the file means that the file is cut off', () => {
    expect(read([Buffer.from('a,b\n1,"2')]).end).toBe('SRC_TRUNCATED');
    expect(read([Buffer.from('a,b\n1,2\n"3\n4,5\n6,7\n')])).toMatchObject({ rows: ['1,2'], end: 'SRC_TRUNCATED' });
  });

  test('takes no more than the rows up to the next quote with it', () => {
    expect(rowsOf('a,b\n"1,2\n3,"4"\n5,6\n')).toEqual(['"1,2\n3,"4"', '5,6']);
  });

  test('takes no more than the largest row with it', () => {
    const { rows, tooLarge, places, end } = read([Buffer.from(`a,b\n"${'x,y\n'.repeat(10)}1,2\n3,4\n`)], { cap: 30 });
    expect(end).toBe('whole');
    expect(tooLarge).toEqual([0]);
    expect(places[0]).toEqual([4, 32]);
    expect(rows).toEqual(['', 'x,y', 'x,y', '1,2', '3,4']);
  });
});

test('a row above the cap is told by its length only, and the rest goes on', () => {
  const found = read([Buffer.from(`a,b\n${'1'.repeat(40)}\n2,3\n`)], { cap: 30 });
  expect(found).toMatchObject({
    rows: ['', '2,3'],
    tooLarge: [0],
    places: [
      [4, 40],
      [45, 3],
    ],
  });
});

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"', ',', '\n', '\r', '\r\n', '""', '","', 'a', ' ', '|') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const anyTable = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(`a,b\n${pieces.join('')}`));

test('what is found does not depend on the chunks', () => {
  fc.assert(
    fc.property(
      anyTable,
      fc.array(fc.nat(200), { maxLength: 8 }),
      fc.constantFrom(5, 20, LARGE),
      (bytes, places, cap) => {
        const whole = read([bytes], { cap });
        expect(read(cut(bytes, places), { cap })).toEqual(whole);
        expect(read(cut(bytes, [...bytes.keys()]), { cap })).toEqual(whole);
      },
    ),
    { numRuns: 500 },
  );
});

/** Cells as csv-parse finds them, or undefined for what it does not take. */
function parsed(bytes: Buffer): string[][] | undefined {
  try {
    const rows: string[][] = parse(bytes, {
      encoding: 'latin1',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return rows.slice(1);
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function cellsOf(row: string): string[] | string {
  const bytes = Buffer.from(row, 'latin1');
  // As many columns as the row has cells: their number is checked elsewhere.
  for (let columns = 1; columns <= bytes.length + 1; columns++) {
    const cells = new RowCells(columns, COMMA);
    const code = cells.find(bytes, 0, bytes.length);
    if (code === 'CSV_FIELD_COUNT') continue;
    if (code !== undefined) return code;
    return Array.from(cells.starts, (start, i) => {
      const text =
        cells.styles[i] === Style.ESCAPED
          ? unescape(bytes, start, cells.ends[i])
          : bytes.subarray(start, cells.ends[i]);
      return Buffer.from(text).toString('latin1');
    });
  }
  return 'CSV_FIELD_COUNT';
}

describe('beside csv-parse, which takes only what RFC 4180 does', () => {
  test('the same cells are found in all that it takes', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyTable, (bytes) => {
        // csv-parse takes a NUL behind a closing quote for the end of the file.
        fc.pre(!bytes.includes('"\0'));
        const rows = parsed(bytes);
        if (!rows) return;
        taken++;
        const found = read([bytes]);
        expect(found.end).toBe('whole');
        expect(found.rows.map(cellsOf)).toEqual(rows);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  test('what it does not take, some row is rejected for, or the file', () => {
    fc.assert(
      fc.property(anyTable, (bytes) => {
        fc.pre(parsed(bytes) === undefined);
        const found = read([bytes]);
        expect(found.end === 'SRC_TRUNCATED' || found.rows.map(cellsOf).includes('CSV_QUOTE')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('cells written in any quoting come back', () => {
    const cell = fc.tuple(
      fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
      fc.boolean(),
    );
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 8 }));
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), (rows, lineEnd) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const written = rows.map((cells) =>
          cells
            .map(([text, always]) => (always || cells.length === 1 || /[",\r\n]/.test(text) ? quoted(text) : text))
            .join(','),
        );
        const bytes = Buffer.from(['a,b', ...written].join(lineEnd));
        const found = read([bytes]);
        const latin = (text: string): string => Buffer.from(text).toString('latin1');
        expect(found.rows.map(cellsOf)).toEqual(rows.map((cells) => cells.map(([text]) => latin(text))));
      }),
      { numRuns: 500 },
    );
  });
});
