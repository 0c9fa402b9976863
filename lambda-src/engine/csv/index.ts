import { CsvTransform } from './csv-transform';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { RecordTransform } from '../record-transform';

/**
 * The transform of a delimited table for one source object.
 *
 * @param key the pipeline's key; sub-keys are derived from it
 * @param referenceDate `YYYY-MM-DD`, what ages are reckoned from
 */
export function createTransform(tables: CompiledTables, key: Uint8Array, referenceDate: string): RecordTransform {
  return new CsvTransform(tables, key, referenceDate);
}
