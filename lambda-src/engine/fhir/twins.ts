import type { LoadedTables } from './loaded-tables';
import type { RecordView } from './record';
import type { CompiledNode } from '../../../src/deidentification/private/fhir/tables';

/**
 * Pairs `given` with `_given`, the extensions of its items, where something is kept of both. Only nodes of a policy with
 * rules have such names.
 *
 * @param first number of the node's fields
 * @param twins by number of the field
 */
export function pairTwins({ fields }: CompiledNode, first: number, twins: Int32Array): void {
  const names = Object.keys(fields);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const plain = name[0] === '_' ? names.indexOf(name.slice(1)) : -1;
    if (plain < 0 || fields[name][0] === 'drop' || fields[names[plain]][0] === 'drop') continue;
    twins[first + i] = first + plain;
    twins[first + plain] = first + i;
  }
}

/** Whether an object has the twin of an array as well: the two belong together item by item. */
export function hasTwin(tables: LoadedTables, record: RecordView, field: number, object: number): boolean {
  const twin = record.member(object, tables.names[tables.twins[field]]);
  return twin >= 0 && record.isArray(twin);
}
