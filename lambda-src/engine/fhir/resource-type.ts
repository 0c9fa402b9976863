import { startsWith } from './code-grammar';
import type { ByteDictionary } from '../values/byte-dictionary';

const QUOTE = 0x22;
const TYPE_FIRST = '{"resourceType":"';
const MAX_TYPE = 64;

/** Number of the type of a record that begins with it, as nearly all do; -1 for any other. */
export function foretellType(types: ByteDictionary, bytes: Uint8Array, start: number, end: number): number {
  if (!startsWith(bytes, start, end, TYPE_FIRST)) return -1;
  const from = start + TYPE_FIRST.length;
  let to = from;
  while (to < end && to < from + MAX_TYPE && bytes[to] !== QUOTE) to++;
  return types.find(bytes, from, to);
}
