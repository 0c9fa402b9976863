/** Rows as they are written, one after the other. */
import { copyAhead } from '../bytes/copy-ahead';

export const OUTPUT: usize = memory.data(192 * 1024 + 16, 16);
/** Up to here, the longest row finds room. */
export const MOST: i32 = 64 * 1024;

/** Where the next byte is written. */
export let out: usize = OUTPUT;

// @ts-ignore: decorator
@inline
export function goTo(place: usize): void {
  out = place;
}

// @ts-ignore: decorator
@inline
export function putByte(byte: u32): void {
  store<u8>(out++, byte);
}

/** Appends the text at an address, of which some bytes more are read, and written over later. */
// @ts-ignore: decorator
@inline
export function put(from: usize, length: usize): void {
  copyAhead(out, from, length);
  out += length;
}
