import { ByteWriter } from '../byte-writer';
import { type CellWriter, Verdict } from './cell-writer';
import { type RowCells, Style } from './row-cells';
import type { RowContext } from './row-context';
import { Action, type TableColumns } from './table-columns';
import { MAX_WORD, MAX_WRITTEN, type TableRows, type TakenRows } from '../kernel/table-rows';

/** After so many calls in vain on end, rows are not tried for a while: one more each time, up to the most. */
const PATIENCE = 8;
const MOST_REST = 32;
const NONE = -1;

/**
 * Rows in which nothing has to be decided that was not before: the kernel writes them, many at once. The others are
 * looked at one by one, and of the cell for which a row was left the kernel is told what became of it, if the same would
 * become of it in any row.
 */
export class PlainRows {
  private readonly deaths: readonly number[];
  private readonly scratch = new ByteWriter(MAX_WORD);
  /** The column whose cell was not known in the row that comes next, which begins at this byte of the source. */
  private asked = NONE;
  private askedAt = NONE;
  /** Calls in vain, and rows that are not tried in the meantime. */
  private failed = 0;
  private rest = 0;

  constructor(
    public readonly rows: TableRows,
    private readonly columns: TableColumns,
    private readonly cells: RowCells,
    private readonly context: RowContext,
    private readonly writer: CellWriter,
  ) {
    this.deaths = columns.withRole('death');
  }

  /** Appends the rows from `bytes[from]` on, if they are plain, up to `most` bytes and a row. */
  public write(bytes: Uint8Array, from: number, offset: number, most: number, out: ByteWriter): TakenRows | undefined {
    // Known already to be left.
    if (offset === this.askedAt) return undefined;
    if (this.rest > 0) {
      this.rest--;
      return undefined;
    }
    const { rows } = this;
    this.writer.settle();
    const taken = rows.run(bytes, from, offset, most, out);
    this.asked = taken.unknown;
    this.askedAt = this.asked < 0 ? NONE : offset + taken.bytes;
    this.failed = taken.count > 0 || this.asked < 0 ? 0 : this.failed + 1;
    this.rest = Math.min(Math.max(0, this.failed - PATIENCE), MOST_REST);
    return taken.count > 0 ? taken : undefined;
  }

  /** A row that was left has been written: tells what became of the cell that was not known. */
  public learn(bytes: Uint8Array): void {
    const { asked, cells, columns } = this;
    this.asked = NONE;
    if (asked < 0 || !this.context.isPlain) return;
    const [from, to, style] = [cells.starts[asked], cells.ends[asked], cells.styles[asked]];
    const action = columns.actions[asked];
    if (
      action === Action.ID ||
      this.deaths.includes(asked) ||
      style === Style.ESCAPED ||
      from === to ||
      to - from > MAX_WORD
    ) {
      return;
    }
    const { writer, scratch } = this;
    const verdict = action === Action.DROP ? Verdict.BLANKED : writer.judge(action, bytes, from, to, Style.PLAIN);
    const { redacted, generalized } = writer;
    scratch.truncate(0);
    writer.mark();
    if (verdict === Verdict.REWRITTEN) writer.write(action, NONE, bytes, from, to, Style.PLAIN, scratch);
    const known = {
      written: verdict === Verdict.AS_WRITTEN ? undefined : scratch.written(),
      redacted: verdict === Verdict.BLANKED ? 1 : writer.redacted - redacted,
      generalized: writer.generalized - generalized,
    };
    writer.takeBack();
    if (scratch.length <= MAX_WRITTEN) this.rows.remember(asked, bytes, from, to, known);
  }
}
