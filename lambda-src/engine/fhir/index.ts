import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { RecordTransform } from '../record-transform';
import { FhirTransform } from './fhir-transform';
import { LoadedTables } from './loaded-tables';

/** Loading takes longer than a small object: a warm function does it once. */
const loaded = new WeakMap<CompiledTables, LoadedTables>();

/**
 * The transform of FHIR R4 resources for one source object.
 *
 * @param key the pipeline's key; its sub-key for pseudonyms is derived here
 * @param referenceDate `YYYY-MM-DD`, what ages are reckoned from
 */
export function createTransform(tables: CompiledTables, key: Uint8Array, referenceDate: string): RecordTransform {
  let known = loaded.get(tables);
  if (!known) loaded.set(tables, (known = new LoadedTables(tables)));
  return new FhirTransform(known, key, referenceDate);
}
