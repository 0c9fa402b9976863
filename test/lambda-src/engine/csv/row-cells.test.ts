import * as fc from 'fast-check';
import { RowCells } from '../../../../lambda-src/engine/csv/row-cells';

const COLUMNS = 3;
const [COMMA] = Buffer.from(',');

type Cells = string | [number, number, number][];

function cellsOf(cells: RowCells, bytes: Uint8Array, start: number, end: number): Cells {
  const code = cells.find(bytes, start, end);
  if (code !== undefined) return code;
  return Array.from(cells.starts, (from, i) => [from, cells.ends[i], cells.styles[i]]);
}

/** By somebody who has seen no row before, in bytes that hold no other. */
function alone(row: string, start: number): Cells {
  const found = cellsOf(new RowCells(COLUMNS, COMMA), Uint8Array.from(Buffer.from(row, 'latin1')), 0, row.length);
  if (typeof found === 'string') return found;
  return found.map(([from, to, style]) => [from + start, to + start, style]);
}

const anyCell = fc.constantFrom('', 'a', 'a;b', '"a"', '"a,b"', '"a""b"', '"a\nb"', '""', 'a"', '"a"b');
const anyRow = fc.array(anyCell, { minLength: 2, maxLength: 4 }).map((cells) => cells.join(','));

test('the cells of a row are the same whatever rows were gone through before', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, lineEnd) => {
      const bytes = Uint8Array.from(Buffer.from(rows.join(lineEnd), 'latin1'));
      const cells = new RowCells(COLUMNS, COMMA);
      let start = 0;
      for (const row of rows) {
        expect(cellsOf(cells, bytes, start, start + row.length)).toEqual(alone(row, start));
        start += row.length + lineEnd.length;
      }
    }),
    { numRuns: 500 },
  );
});

test('rows that come one after the other in the same place are each gone through', () => {
  const bytes = new Uint8Array(64);
  const cells = new RowCells(COLUMNS, COMMA);
  for (const row of ['a,b,c', 'ab,c,', ',"a,b",c']) {
    bytes.set(Buffer.from(row));
    expect(cellsOf(cells, bytes, 0, row.length)).toEqual(alone(row, 0));
  }
});

test('what ends a line separates no cells', () => {
  expect(alone('a\nb,c\r,d', 0)).toEqual([
    [0, 3, 0],
    [4, 6, 0],
    [7, 8, 0],
  ]);
});
