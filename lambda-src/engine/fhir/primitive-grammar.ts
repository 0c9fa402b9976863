import { HYPHEN, QUOTE } from '../ascii';
import { Primitive } from './table-words';
import { isTimeAndZone, yearOf } from '../values/year';

/** FHIR's integers have 31 bits. */
const MAX_INTEGER_DIGITS = 10;
const MAX_INTEGER = 2147483647;

/**
 * Whether the JSON value `bytes[from, to)` fits the primitive type with number `type`, which is none of a moment. JSON's
 * own grammar was checked.
 */
export function fitsPrimitive(type: number, bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from];
  if (type === Primitive.BOOLEAN) return first === 0x74 || first === 0x66;
  if (type === Primitive.URI) return first === QUOTE;
  if (first !== HYPHEN && !(first >= 0x30 && first <= 0x39)) return false;
  if (type === Primitive.DECIMAL) return true;
  const value = integer(bytes, first === HYPHEN ? from + 1 : from, to);
  if (type === Primitive.INTEGER) return value >= 0 && value <= (first === HYPHEN ? MAX_INTEGER + 1 : MAX_INTEGER);
  if (first === HYPHEN || value > MAX_INTEGER) return false;
  return type === Primitive.UNSIGNED ? value >= 0 : type === Primitive.POSITIVE && value > 0;
}

/**
 * Whether the text `bytes[from, to)` fits the type of a moment with number `type`: a date of any precision, with a time
 * and zone where the type has one, or a time alone. There is no room for other text.
 */
export function isMoment(type: number, bytes: Uint8Array, from: number, to: number): boolean {
  return type === Primitive.TIME ? isTimeAndZone(bytes, from, to) : yearOf(bytes, from, to, type > Primitive.DATE) >= 0;
}

/** The number of digits without fraction or exponent, or -1. */
function integer(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > MAX_INTEGER_DIGITS) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i];
    if (c < 0x30 || c > 0x39) return -1;
    value = value * 10 + c - 0x30;
  }
  return value;
}
