import { HYPHEN } from '../ascii';

function digitsFrom(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return false;
  return true;
}

/** Whether `bytes[from, to)` is a ZIP code: `12345`, `12345-6789`, `123456789`. */
export function isZip(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  const plain = length === 5 || length === 9;
  if (!plain && !(length === 10 && bytes[from + 5] === HYPHEN)) return false;
  return digitsFrom(bytes, from, from + 5) && digitsFrom(bytes, plain ? from + 5 : from + 6, to);
}

/**
 * Whether the first three digits of `bytes[from, to)` may be shown: it is a ZIP code whose prefix `shown` (a character
 * per prefix) admits. Anything else is to become `000`.
 */
export function showsZip3(bytes: Uint8Array, from: number, to: number, shown: string): boolean {
  if (!isZip(bytes, from, to)) return false;
  const prefix = (bytes[from] - 0x30) * 100 + (bytes[from + 1] - 0x30) * 10 + bytes[from + 2] - 0x30;
  return shown[prefix] === '1';
}
