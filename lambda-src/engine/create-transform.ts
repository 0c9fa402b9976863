import type { SourceFormat } from './contract';
import { createTransform as createCsv } from './csv';
import { createTransform as createFhir } from './fhir';
import { createTransform as createHl7v2 } from './hl7v2';
import type { RecordTransform } from './record-transform';
import { TABLES_VERSION, type CompiledTables } from '../../src/deidentification/private/compiled-tables';

/** The transform of a format, for one source object. */
export function createTransform(
  format: SourceFormat,
  tables: CompiledTables,
  key: Uint8Array,
  referenceDate: string,
): RecordTransform {
  if (tables.version !== TABLES_VERSION) {
    throw new Error(
      `tables must have version ${TABLES_VERSION}, got ${String(tables.version)}; build the function again`,
    );
  }
  if (format === 'csv') return createCsv(tables, key, referenceDate);
  if (format === 'hl7v2') return createHl7v2(tables, key, referenceDate);
  return createFhir(tables, key, referenceDate);
}
