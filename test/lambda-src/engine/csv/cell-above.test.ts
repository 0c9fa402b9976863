import { ByteWriter } from '../../../../lambda-src/engine/byte-writer';
import { CellAbove } from '../../../../lambda-src/engine/csv/cell-above';

const COLUMN = 1;

/** A row is one cell here, of which its capitals are written. */
class Rows {
  public readonly out = new ByteWriter(8);
  public repeated = 0;
  private readonly above = new CellAbove(2);

  /** Writes the row `source[start, end)` and a line end. */
  public write(source: DataView, start: number, end: number): string {
    const { out, above } = this;
    above.begin(source, start, out);
    const before = out.length;
    if (above.repeat(COLUMN, source, start, end, out)) {
      this.repeated++;
    } else {
      out.ascii(textOf(source).slice(start, end).toUpperCase());
      above.remember(COLUMN, start, end, out, before);
    }
    above.end(out);
    const written = Buffer.from(out.bytes.subarray(before, out.length)).toString('latin1');
    out.byte(0x0a);
    return written;
  }
}

function viewOf(text: string): DataView {
  return new DataView(Uint8Array.from(Buffer.from(text)).buffer);
}

function textOf(view: DataView): string {
  return Buffer.from(view.buffer).toString('latin1');
}

test('a cell that repeats the one above is written from it, one that differs anywhere is not', () => {
  const rows = new Rows();
  const cells = ['abcdefghi', 'abcdefghi', 'abcdefghj', 'abXdefghj', 'abXdefgh', 'abXdefgh', 'a', 'a', 'b'];
  const source = viewOf(cells.join(','));
  let start = 0;
  const written = cells.map((cell) => {
    const text = rows.write(source, start, start + cell.length);
    start += cell.length + 1;
    return text;
  });
  expect(written).toEqual(cells.map((cell) => cell.toUpperCase()));
  expect(rows.repeated).toBe(3);
});

test('nothing is taken from bytes that may have changed: others, or the same anew', () => {
  const rows = new Rows();
  const source = viewOf('abcd,abcd');
  rows.write(source, 0, 4);
  rows.write(viewOf('xxxx,abcd'), 5, 9);
  rows.write(source, 0, 4);
  new Uint8Array(source.buffer).set(Buffer.from('efgh'));
  expect(rows.write(source, 0, 4)).toBe('EFGH');
  expect(rows.repeated).toBe(0);
  expect(rows.write(source, 5, 9)).toBe('ABCD');
});

test('nothing is taken from output that was given away or taken back', () => {
  const rows = new Rows();
  const source = viewOf('abcd,abcd,abcd,abcd');
  rows.write(source, 0, 4);
  rows.out.truncate(0);
  rows.out.ascii('....');
  expect(rows.write(source, 5, 9)).toBe('ABCD');
  expect(rows.repeated).toBe(0);
  expect(rows.write(source, 10, 14)).toBe('ABCD');
  expect(rows.repeated).toBe(1);
});

test('nothing is taken from a row that failed before its end', () => {
  const [above, out, source] = [new CellAbove(2), new ByteWriter(), viewOf('abcd,abcd')];
  above.begin(source, 0, out);
  above.end(out);
  out.ascii('\n');
  above.begin(source, 1, out);
  out.ascii('ABCD');
  above.remember(COLUMN, 0, 4, out, 1);
  out.truncate(1);
  above.begin(source, 5, out);
  expect(above.repeat(COLUMN, source, 5, 9, out)).toBe(false);
});

test('a cell of which nothing was written is not remembered', () => {
  const [above, out, source] = [new CellAbove(2), new ByteWriter(), viewOf('abcd,abcd')];
  above.begin(source, 0, out);
  above.remember(COLUMN, 0, 4, out, 0);
  above.end(out);
  out.byte(0x0a);
  above.begin(source, 5, out);
  expect(above.repeat(COLUMN, source, 5, 9, out)).toBe(false);
});

test('a code that is still to come is not taken from where it will stand', () => {
  const [above, out, source] = [new CellAbove(2), new ByteWriter(), viewOf('abcd,abcd,abcd')];
  const supply = { texts: viewOf('CODE'), make: () => undefined };
  above.begin(source, 0, out);
  out.leaveOpen(supply, 0, 4);
  above.remember(COLUMN, 0, 4, out, 0);
  above.end(out);
  out.byte(0x0a);
  above.begin(source, 5, out);
  expect(above.repeat(COLUMN, source, 5, 9, out)).toBe(false);
  out.settle();
  expect(above.repeat(COLUMN, source, 5, 9, out)).toBe(true);
  expect(Buffer.from(out.written()).toString()).toBe('CODE\nCODE');
});
