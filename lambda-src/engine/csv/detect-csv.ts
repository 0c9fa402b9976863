import { LINE_FEED } from '../ascii';
import { CsvReader } from './csv-reader';
import { TableHeader } from './table-header';
import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';

/** Of a header line: a file without line ends must not be gone through again and again. */
const MAX_HEADER = 256 * 1024;

/**
 * Whether the content is a delimited table with a header that has a column the policy knows; `undefined` where more of
 * it must be seen. One column is enough, and so is a header without rows.
 *
 * @param complete no more bytes will come, or the window has the size of the largest record
 */
export function looksLikeTable(window: Uint8Array, complete: boolean, tables: CompiledCsv): boolean | undefined {
  const head = window.subarray(0, MAX_HEADER);
  const line = firstLine(head, complete && head.length === window.length);
  if (line !== undefined) return new TableHeader(line, tables).isKnown;
  return complete || head.length === MAX_HEADER ? false : undefined;
}

/** The header as the reader of the whole file will find it. */
function firstLine(head: Uint8Array, complete: boolean): Uint8Array | undefined {
  let line: Uint8Array | undefined;
  const reader = new CsvReader(
    {
      header: ({ bytes, start, end }) => {
        line = bytes.slice(start, end);
        return LINE_FEED;
      },
      record: () => undefined,
      reject: () => undefined,
      dropped: () => undefined,
    },
    MAX_HEADER,
    0,
  );
  reader.push(head);
  if (complete) reader.push(Uint8Array.of(LINE_FEED));
  return line;
}
