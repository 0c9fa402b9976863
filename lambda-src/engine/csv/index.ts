import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { RecordTransform } from '../record-transform';

export function createTransform(_tables: CompiledTables, _key: Uint8Array, _referenceDate: string): RecordTransform {
  throw new Error('not yet');
}
