import type { ByteWriter } from '../byte-writer';
import { sameSpan } from '../values/byte-dictionary';
import { putSpan } from '../values/put';

/** Behind all that an output may hold. */
const NOWHERE = 0x3fffffff;

/**
 * By column, the cell of the row above and what was written of it: rows of one patient or one visit mostly follow each
 * other, with the same ids and days. Both are looked up where they still stand, in the source and in the output.
 */
export class CellAbove {
  private readonly starts: Int32Array;
  private readonly lengths: Int32Array;
  private readonly written: Int32Array;
  private readonly writtenLengths: Int32Array;
  private source: DataView | undefined;
  private rowStart = 0;
  /** Where the row above ends in the output; nowhere where it failed, and was taken back. */
  private outEnd = 0;

  constructor(columns: number) {
    this.starts = new Int32Array(columns);
    this.lengths = new Int32Array(columns);
    this.written = new Int32Array(columns);
    this.writtenLengths = new Int32Array(columns);
  }

  /** A row begins. What was remembered stands no longer where other bytes have come into its place. */
  public begin(source: DataView, start: number, out: ByteWriter): void {
    const follows = source === this.source && start > this.rowStart && out.length > this.outEnd;
    if (!follows) this.lengths.fill(0);
    this.source = source;
    this.rowStart = start;
    this.outEnd = NOWHERE;
  }

  public end(out: ByteWriter): void {
    this.outEnd = out.length;
  }

  /** Appends what was written of the same cell, which is not empty; false where it is another one. */
  public repeat(column: number, source: DataView, from: number, to: number, out: ByteWriter): boolean {
    if (this.lengths[column] !== to - from) return false;
    if (!sameSpan(source, this.starts[column], source, from, to - from)) return false;
    const written = this.written[column];
    // A code that is still to come is not there to be copied.
    if (out.isOpen(written)) return false;
    putSpan(out, out.view, written, written + this.writtenLengths[column]);
    return true;
  }

  /** What `out` has from `before` on was written of a cell. */
  public remember(column: number, from: number, to: number, out: ByteWriter, before: number): void {
    this.starts[column] = from;
    this.lengths[column] = out.length > before ? to - from : 0;
    this.written[column] = before;
    this.writtenLengths[column] = out.length - before;
  }
}
