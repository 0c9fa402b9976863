import type { CompiledCsv } from '../../../src/deidentification/private/csv/tables';

/**
 * Whether the content is a delimited table with a header that has a column the policy knows; `undefined` where more of
 * it must be seen.
 *
 * @param complete no more bytes will come, or the window has the size of the largest record
 */
export function looksLikeTable(
  _window: Uint8Array,
  _start: number,
  _complete: boolean,
  _tables: CompiledCsv,
): boolean | undefined {
  return false;
}
