import { QUOTE } from '../ascii';
import { CANDIDATES } from './delimiters';
import { plainName } from '../../../src/deidentification/private/csv/column-name';
import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';

/** One name in the header line. */
export interface HeaderCell {
  /** The cell as it stands, with its quotes. */
  readonly raw: Uint8Array;
  /** Number of what its column means, or -1 where nobody knows it. */
  readonly meaning: number;
  readonly name: string;
}

/** The header line of a table, under the delimiter by which it has most columns that are known. */
export class TableHeader {
  public readonly delimiter: number;
  public readonly cells: readonly HeaderCell[];

  constructor(line: Uint8Array, tables: CompiledCsv) {
    this.delimiter = CANDIDATES[0];
    this.cells = [];
    let most = -1;
    for (const delimiter of CANDIDATES) {
      const cells = split(line, delimiter).map((raw) => headerCell(raw, tables));
      const known = cells.filter(({ meaning }) => meaning >= 0).length;
      if (known <= most) continue;
      this.delimiter = delimiter;
      this.cells = cells;
      most = known;
    }
  }

  public get isKnown(): boolean {
    return this.cells.some(({ meaning }) => meaning >= 0);
  }
}

function headerCell(raw: Uint8Array, { columns }: CompiledCsv): HeaderCell {
  const text = Buffer.from(raw).toString('utf8');
  const quoted = /^"((?:[^"]|"")*)"$/.exec(text);
  const name = plainName(quoted ? quoted[1] : text);
  // A name that a spreadsheet would take for a formula is none that we could write.
  const known = !/^"?\s*[=+@-]/.test(text) && Object.hasOwn(columns, name);
  return { raw, name, meaning: known ? columns[name] : -1 };
}

function split(line: Uint8Array, delimiter: number): Uint8Array[] {
  const cells: Uint8Array[] = [];
  let from = 0;
  let inQuotes = false;
  let closedAt = -2;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === QUOTE) {
      if (inQuotes) closedAt = at;
      inQuotes = !inQuotes && (at === from || at === closedAt + 1);
    } else if (line[at] === delimiter && !inQuotes) {
      cells.push(line.subarray(from, at));
      from = at + 1;
    }
  }
  return [...cells, line.subarray(from)];
}
