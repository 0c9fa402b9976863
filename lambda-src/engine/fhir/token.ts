/** Int32s per token. */
export const TOKEN = 4;
/** Of a token: where the value starts and ends, which token comes after it and all in it, and its field or node. */
export const END = 1;
export const NEXT = 2;
export const FIELD = 3;
/** In the place of the node of an object whose number has decided what becomes of it: it is not to be remembered. */
export const WEIGHED = 0x7fffffff;
/** In the place of the node of an object or array that was found in memory, less the number of its entry. */
const REMEMBERED = -2;

/** The entry of memory in which the scanner has found an object or an array, whose content then has no tokens; else -1. */
export function entryAt(tokens: Int32Array, value: number): number {
  return Math.max(-1, REMEMBERED - tokens[value + FIELD]);
}
