import { TABLE_ROWS } from './generated/kernels';
import type { IdCodesKernel } from './id-codes';
import { Kernel } from './kernel';
import type { ByteWriter } from '../byte-writer';

interface Exports extends IdCodesKernel {
  source(): number;
  size(): number;
  forms(): number;
  zips(): number;
  output(): number;
  result(): number;
  word(): number;
  begin(delimiter: number, columns: number, firstYear: number): void;
  rows(from: number, length: number, most: number): void;
  remember(length: number, kind: number): void;
}

const KERNEL = new Kernel<Exports>(TABLE_ROWS);

/** How the cells of a column are known, as `kernel-src/table-rows.ts` has it. */
export const enum Form {
  ID = 1,
  YEAR,
  DATE,
  NUMBER,
  ZIP,
  TEXT,
  CODE,
  BIRTH,
  DEATH,
  /** By what became of the same text before. */
  WORD,
  /** Nothing is written of the column; with another form beside it, the cell must be known all the same. */
  DROPPED = 16,
}

/** More than any table has that is not broken; what a table may have for the kernel to know it. */
export const MAX_COLUMNS = 1024;
/** Longest text that is remembered, and longest that is written of one. */
export const MAX_WORD = 32;
export const MAX_WRITTEN = 16;

/** Of a word that is remembered, behind its text: what is written of it, that one's length, and what it counts. */
const enum Word {
  WRITTEN = 32,
  WRITTEN_LENGTH = 52,
  REDACTED,
  GENERALIZED,
  SIZE = 64,
}
const AS_IT_STANDS = 255;

/** Numbers that `rows` tells. */
const RESULT = 7;

/** What a table is like, and what may be written of it. */
export interface PlainTable {
  readonly delimiter: number;
  /** By column, how its cells are known. */
  readonly forms: Uint8Array;
  /** By column, a number: of the same word in columns of one kind becomes the same. */
  readonly kinds: Uint8Array;
  /** The first year that may be shown. */
  readonly firstYear: number;
  /** A character per ZIP prefix: `1` where it may be shown. */
  readonly zips: string;
  /** Longest row that is written at all. */
  readonly maxRow: number;
}

/** What became of a word that is remembered. */
export interface KnownWord {
  /** `undefined` where it is kept as it stands. */
  readonly written: Uint8Array | undefined;
  readonly redacted: number;
  readonly generalized: number;
}

/** Rows that were written, and what they count. */
export interface TakenRows {
  readonly count: number;
  /** Bytes of the source that they are. */
  readonly bytes: number;
  readonly redacted: number;
  readonly hashed: number;
  readonly generalized: number;
  /** The column of the cell before which it stopped, or -1. */
  readonly unknown: number;
}

/** The kernel that writes rows of a table, with a window of its source. One of a source object: it holds what cells say. */
export class TableRows {
  public readonly kernel = KERNEL.instance();
  private readonly size: number;
  private readonly source: Uint8Array;
  private readonly output: Uint8Array;
  private readonly result: Int32Array;
  private readonly word: Uint8Array;
  /** Places of the window in the whole source: it begins at one, and what it has to say ends at the other. */
  private begin = 0;
  private end = 0;
  private length = 0;

  constructor(private readonly table: PlainTable) {
    const { kernel } = this;
    const { delimiter, firstYear, forms, kinds, zips, maxRow } = table;
    const { buffer } = kernel.memory;
    this.size = Math.min(maxRow, kernel.size());
    this.source = new Uint8Array(buffer, kernel.source(), this.size);
    this.output = new Uint8Array(buffer, kernel.output());
    this.result = new Int32Array(buffer, kernel.result(), RESULT);
    this.word = new Uint8Array(buffer, kernel.word(), Word.SIZE);
    const columns = new Uint8Array(buffer, kernel.forms(), forms.length * 2);
    forms.forEach((form, column) => columns.set([form, kinds[column]], column * 2));
    new Uint8Array(buffer, kernel.zips(), zips.length).set(Buffer.from(zips));
    kernel.begin(delimiter, forms.length, firstYear);
  }

  /**
   * Appends the rows that begin at `bytes[from]`, the byte `offset` of the whole source, each with a line feed: until one
   * has a cell that is not known, or there are more than `most` bytes of them.
   */
  public run(bytes: Uint8Array, from: number, offset: number, most: number, out: ByteWriter): TakenRows {
    if (offset < this.begin || offset >= this.end) this.load(bytes, from, offset);
    const at = offset - this.begin;
    this.kernel.rows(at, this.length, most);
    const [end, length, count, redacted, hashed, generalized, unknown] = this.result;
    if (length > 0) out.copy(this.output, 0, length);
    // The row that the end of the window cuts is looked at again in the next.
    if (unknown < 0) this.end = this.begin + end;
    return { bytes: end - at, count, redacted, hashed, generalized, unknown };
  }

  /** A cell with the text `bytes[from, to)` will become the same again. */
  public remember(column: number, bytes: Uint8Array, from: number, to: number, known: KnownWord): void {
    const { word, kernel } = this;
    const { written, redacted, generalized } = known;
    word.set(bytes.subarray(from, to));
    if (written !== undefined) word.set(written, Word.WRITTEN);
    word[Word.WRITTEN_LENGTH] = written === undefined ? AS_IT_STANDS : written.length;
    word[Word.REDACTED] = redacted;
    word[Word.GENERALIZED] = generalized;
    kernel.remember(to - from, this.table.kinds[column]);
  }

  private load(bytes: Uint8Array, from: number, offset: number): void {
    this.length = Math.min(this.size, bytes.length - from);
    this.source.set(bytes.subarray(from, from + this.length));
    this.begin = offset;
    this.end = offset + this.length;
  }
}
