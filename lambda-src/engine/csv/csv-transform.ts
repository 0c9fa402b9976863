import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import { LINE_FEED } from '../ascii';
import type { ByteWriter } from '../byte-writer';
import type { DeidCounts, RecordErrorCode } from '../contract';
import { sumOf } from '../counts';
import { CellWriter, Verdict } from './cell-writer';
import { tableRows } from './column-forms';
import { PlainRows } from './plain-rows';
import { RowCells, Style } from './row-cells';
import { RowContext } from './row-context';
import { Action, TableColumns } from './table-columns';
import { TableHeader } from './table-header';
import { deriveSubKey } from '../keys';
import type { RecordTransform, Taken } from '../record-transform';
import { put, putSpan } from '../values/put';
import { ValueRules } from '../values/value-rules';

const NO_RUN = -2;

/**
 * Rewrites the rows of a table, bytes to bytes: its columns decide, and what is dropped disappears with its header. The
 * header is written together with the first row: a table without rows writes nothing.
 */
export class CsvTransform implements RecordTransform {
  public readonly recordEnd = LINE_FEED;
  public readonly lastType = undefined;
  public lastPath: string | undefined;

  private columns!: TableColumns;
  private cells!: RowCells;
  private writer!: CellWriter;
  private rules!: ValueRules;
  private context!: RowContext;
  private plain: PlainRows | undefined;
  private headerWritten = false;

  constructor(
    private readonly tables: CompiledTables,
    private readonly key: Uint8Array,
    private readonly referenceDate: string,
  ) {}

  public counts(): DeidCounts {
    return sumOf(this.writer, this.rules);
  }

  public header(bytes: Uint8Array, start: number, end: number): number {
    const { tables, key, referenceDate } = this;
    const { csv } = tables;
    const referenceYear = Number(referenceDate.slice(0, 4));
    const yearFloor = referenceYear - csv.ages.limit + 1;
    const columns = (this.columns = new TableColumns(new TableHeader(bytes.subarray(start, end), csv), csv));
    this.cells = new RowCells(columns.count, columns.delimiter);
    this.rules = new ValueRules(csv.rules, key, referenceDate, { zip3: csv.zip3, ageLimit: csv.ages.limit });
    const rows = tableRows(columns, csv, yearFloor, tables.limits.maxRecordBytes);
    const subKey = deriveSubKey(key, 'pseudonym');
    this.writer = new CellWriter(csv, subKey, yearFloor, this.rules, columns.delimiter, rows?.kernel);
    this.context = new RowContext(columns, csv, this.cells, this.writer, this.rules, referenceYear);
    this.plain = rows && new PlainRows(rows, columns, this.cells, this.context, this.writer);
    return columns.delimiter;
  }

  public rows(bytes: Uint8Array, from: number, offset: number, most: number, out: ByteWriter): Taken | undefined {
    // The first row comes with the header.
    const taken = this.headerWritten ? this.plain?.write(bytes, from, offset, most, out) : undefined;
    if (taken === undefined) return undefined;
    const { writer } = this;
    writer.redacted += taken.redacted;
    writer.hashed += taken.hashed;
    writer.generalized += taken.generalized;
    return taken;
  }

  public transform(bytes: Uint8Array, start: number, end: number, out: ByteWriter): RecordErrorCode | undefined {
    this.lastPath = undefined;
    const { writer, rules } = this;
    writer.mark();
    rules.mark();
    const { length } = out;
    const code = this.tryRow(bytes, start, end, out);
    if (code === undefined) {
      this.headerWritten ||= this.columns.kept > 0;
      this.plain?.learn(bytes);
    } else {
      out.truncate(length);
      writer.takeBack();
      rules.takeBack();
    }
    return code;
  }

  private tryRow(bytes: Uint8Array, start: number, end: number, out: ByteWriter): RecordErrorCode | undefined {
    const { columns } = this;
    try {
      const code = this.cells.find(bytes, start, end);
      if (code !== undefined) return code;
      this.context.read(bytes);
      if (!this.headerWritten && columns.kept > 0) {
        put(out, columns.header, 0, columns.header.length);
        out.byte(LINE_FEED);
      }
      const bad = this.row(bytes, out);
      if (bad < 0) return undefined;
      this.lastPath = columns.names[bad];
      return 'REC_SYNTAX';
    } catch {
      // Whatever went wrong, the row is not written; its text is in no error.
      return 'DEID_FAILED';
    }
  }

  /** Writes the cells that are kept; returns the column whose text is none, or -1. */
  private row(bytes: Uint8Array, out: ByteWriter): number {
    const { writer } = this;
    const { actions, rules, count, delimiter, kept } = this.columns;
    const { starts, ends, styles, view } = this.cells;
    const begin = out.length;
    let written = 0;
    // Cells that stand side by side and are kept as they stand are copied in one go, delimiters and all.
    let runFrom = 0;
    let runTo = NO_RUN;
    for (let column = 0; column < count; column++) {
      const action = actions[column];
      const from = starts[column];
      const to = ends[column];
      if (action === Action.DROP) {
        if (from < to) writer.redacted++;
        continue;
      }
      const style = styles[column];
      const verdict = from === to ? Verdict.AS_WRITTEN : writer.judge(action, bytes, from, to, style);
      if (verdict === Verdict.BAD) return column;
      const quotes = style === Style.PLAIN ? 0 : 1;
      if (verdict === Verdict.AS_WRITTEN && runTo === from - quotes - 1) {
        runTo = to + quotes;
        written++;
        continue;
      }
      if (runTo > runFrom) putSpan(out, view, runFrom, runTo);
      runTo = NO_RUN;
      if (written++ > 0) out.byte(delimiter);
      if (verdict === Verdict.AS_WRITTEN) {
        runFrom = from - quotes;
        runTo = to + quotes;
      } else if (verdict === Verdict.BLANKED) {
        writer.redacted++;
      } else if (!writer.write(action, rules[column], bytes, from, to, style, out)) {
        return column;
      }
    }
    if (runTo > runFrom) putSpan(out, view, runFrom, runTo);
    // An empty line is no row.
    if (kept === 1 && out.length === begin) out.ascii('""');
    return -1;
  }
}
