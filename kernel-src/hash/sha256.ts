/**
 * SHA-256 (FIPS 180-4) of four texts at once: each of its words is a vector with a lane for each text. The caller pads
 * the texts; this is the compression alone, with the standard's names.
 */

/** The first state and the 64 round constants, which the caller brings; a vector for each word of the blocks at hand; one for each of the state. */
export const INITIAL: usize = memory.data(8 * 4, 16);
export const K: usize = memory.data(64 * 4, 16);
export const W: usize = memory.data(64 * 16, 16);
export const H: usize = memory.data(8 * 16, 16);

/** Mixes the blocks, which are the first sixteen vectors of W, into the state. */
export function compress(): void {
  for (let t: usize = W + 16 * 16; t < W + 64 * 16; t += 16) {
    const s = i32x4.add(v128.load(t - 16 * 16), v128.load(t - 7 * 16));
    v128.store(t, i32x4.add(i32x4.add(s, sigma0(v128.load(t - 15 * 16))), sigma1(v128.load(t - 2 * 16))));
  }
  let a = v128.load(H);
  let b = v128.load(H, 16);
  let c = v128.load(H, 32);
  let d = v128.load(H, 48);
  let e = v128.load(H, 64);
  let f = v128.load(H, 80);
  let g = v128.load(H, 96);
  let h = v128.load(H, 112);
  // Eight rounds make one turn of the loop, so that each letter is back in its place and none has to be moved.
  for (let t: usize = 0; t < 64; t += 8) {
    h = i32x4.add(h, upper(e, f, g, t));
    d = i32x4.add(d, h);
    h = i32x4.add(h, lower(a, b, c));
    g = i32x4.add(g, upper(d, e, f, t + 1));
    c = i32x4.add(c, g);
    g = i32x4.add(g, lower(h, a, b));
    f = i32x4.add(f, upper(c, d, e, t + 2));
    b = i32x4.add(b, f);
    f = i32x4.add(f, lower(g, h, a));
    e = i32x4.add(e, upper(b, c, d, t + 3));
    a = i32x4.add(a, e);
    e = i32x4.add(e, lower(f, g, h));
    d = i32x4.add(d, upper(a, b, c, t + 4));
    h = i32x4.add(h, d);
    d = i32x4.add(d, lower(e, f, g));
    c = i32x4.add(c, upper(h, a, b, t + 5));
    g = i32x4.add(g, c);
    c = i32x4.add(c, lower(d, e, f));
    b = i32x4.add(b, upper(g, h, a, t + 6));
    f = i32x4.add(f, b);
    b = i32x4.add(b, lower(c, d, e));
    a = i32x4.add(a, upper(f, g, h, t + 7));
    e = i32x4.add(e, a);
    a = i32x4.add(a, lower(b, c, d));
  }
  v128.store(H, i32x4.add(a, v128.load(H)));
  v128.store(H, i32x4.add(b, v128.load(H, 16)), 16);
  v128.store(H, i32x4.add(c, v128.load(H, 32)), 32);
  v128.store(H, i32x4.add(d, v128.load(H, 48)), 48);
  v128.store(H, i32x4.add(e, v128.load(H, 64)), 64);
  v128.store(H, i32x4.add(f, v128.load(H, 80)), 80);
  v128.store(H, i32x4.add(g, v128.load(H, 96)), 96);
  v128.store(H, i32x4.add(h, v128.load(H, 112)), 112);
}

// @ts-ignore: decorator
@inline
function rotr(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

// @ts-ignore: decorator
@inline
function sigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotr(x, 7), rotr(x, 18)), i32x4.shr_u(x, 3));
}

// @ts-ignore: decorator
@inline
function sigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotr(x, 17), rotr(x, 19)), i32x4.shr_u(x, 10));
}

/** Sigma 1 of e, Ch, the constant and the word of round t: what T1 has beside h. */
// @ts-ignore: decorator
@inline
function upper(e: v128, f: v128, g: v128, t: usize): v128 {
  const sum = v128.xor(v128.xor(rotr(e, 6), rotr(e, 11)), rotr(e, 25));
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  const word = i32x4.add(v128.load32_splat(K + t * 4), v128.load(W + t * 16));
  return i32x4.add(i32x4.add(sum, choice), word);
}

/** Sigma 0 of a and Maj: T2. */
// @ts-ignore: decorator
@inline
function lower(a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotr(a, 2), rotr(a, 13)), rotr(a, 22));
  return i32x4.add(sum, v128.or(v128.and(a, b), v128.and(c, v128.or(a, b))));
}
