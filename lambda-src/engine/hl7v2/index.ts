import { Hl7Transform } from './hl7-transform';
import { LoadedHl7 } from './loaded-hl7';
import type { CompiledTables } from '../../../src/deidentification/private/compiled-tables';
import type { RecordTransform } from '../record-transform';

/** A warm function loads its tables once. */
const loaded = new WeakMap<CompiledTables, LoadedHl7>();

/**
 * The transform of HL7 v2 messages for one source object.
 *
 * @param key the pipeline's key; sub-keys are derived from it
 * @param referenceDate `YYYY-MM-DD`, what ages are reckoned from
 */
export function createTransform(tables: CompiledTables, key: Uint8Array, referenceDate: string): RecordTransform {
  let known = loaded.get(tables);
  if (!known) loaded.set(tables, (known = new LoadedHl7(tables)));
  return new Hl7Transform(known, key, referenceDate);
}
