/** How many of the first bytes at two addresses are the same, up to `length`: sixteen at once, so some behind are read. */
// @ts-ignore: decorator
@inline
export function sameBytes(a: usize, b: usize, length: usize): usize {
  let at: usize = 0;
  while (true) {
    const different = i8x16.bitmask(i8x16.ne(v128.load(a + at), v128.load(b + at)));
    if (different != 0) return min(at + <usize>ctz(different), length);
    at += 16;
    if (at >= length) return length;
  }
}
