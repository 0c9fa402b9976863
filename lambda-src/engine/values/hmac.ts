import { createHmac } from 'node:crypto';

/** HMAC-SHA256 of `bytes[from, to)`. Several microseconds: what there is much of is hashed by a kernel. */
export function hmacOf(key: Uint8Array, bytes: Uint8Array, from: number, to: number): Buffer {
  return createHmac('sha256', key).update(bytes.subarray(from, to)).digest();
}
