/**
 * HMAC-SHA256 (RFC 2104, FIPS 180-4) of short texts under one key. node:crypto takes several microseconds to set up each
 * HMAC; here the two blocks that depend on the key alone are compressed once, and a text of up to 55 bytes costs two more.
 */

const BLOCK = 64;
const WORDS = 16;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const DIGEST_BITS = 256;
const FIRST_BIT = 0x80000000;

/** Fractions of the square roots of the first primes, and of the cube roots: FIPS 180-4, 4.2.2 and 5.3.3. */
const PRIMES = firstPrimes(64);
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
export const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

export class Hmac {
  /** The first words of the last digest: all eight of them, big-endian. */
  public readonly digest = new Int32Array(8);
  /** The states behind the block of the key, of the hash within and the one around it. */
  public readonly inner = INITIAL.slice();
  public readonly outer = INITIAL.slice();
  private readonly schedule = new Int32Array(64);

  /** @param key of 64 bytes at most */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new Error('the key of an HMAC must be one block at most; hash it first');
    const padded = new Uint8Array(BLOCK);
    padded.set(key);
    this.start(padded, INNER_PAD, this.inner);
    this.start(padded, OUTER_PAD, this.outer);
  }

  /** Leaves the HMAC of `bytes[from, to)` in `digest`. */
  public update(bytes: Uint8Array, from: number, to: number): void {
    const { digest, schedule } = this;
    digest.set(this.inner);
    let at = from;
    for (; to - at >= BLOCK; at += BLOCK) {
      for (let i = 0; i < WORDS; i++) schedule[i] = word(bytes, at + i * 4);
      this.compress(digest);
    }
    let words = 0;
    for (; to - at >= 4; at += 4) schedule[words++] = word(bytes, at);
    // What is left, and a one bit after it.
    let last = FIRST_BIT >>> ((to - at) * 8);
    for (let shift = 24; at < to; at++, shift -= 8) last |= bytes[at] << shift;
    schedule[words++] = last;
    // The last block ends with the length of the text, in two words.
    if (words > WORDS - 2) {
      this.pad(words);
      this.compress(digest);
      words = 0;
    }
    this.pad(words);
    schedule[WORDS - 1] = (BLOCK + to - from) * 8;
    this.compress(digest);

    for (let i = 0; i < digest.length; i++) schedule[i] = digest[i];
    schedule[8] = FIRST_BIT;
    this.pad(9);
    schedule[WORDS - 1] = BLOCK * 8 + DIGEST_BITS;
    digest.set(this.outer);
    this.compress(digest);
  }

  /** The state after the block of the key. */
  private start(key: Uint8Array, pad: number, state: Int32Array): void {
    const padded = key.map((byte) => byte ^ pad);
    for (let i = 0; i < WORDS; i++) this.schedule[i] = word(padded, i * 4);
    this.compress(state);
  }

  /** Fills the block with zeros from a word on. */
  private pad(from: number): void {
    for (let i = from; i < WORDS; i++) this.schedule[i] = 0;
  }

  /**
   * Mixes the block in `schedule` into a state: FIPS 180-4, 6.2.2, with its names. Eight rounds make one turn of the
   * loop, so that each letter is back in its place and none has to be moved.
   */
  private compress(state: Int32Array): void {
    const w = this.schedule;
    const k = ROUNDS;
    for (let t = WORDS; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let t = 0; t < 64; t += 8) {
      h = (h + upper(e, f, g) + k[t] + w[t]) | 0;
      d = (d + h) | 0;
      h = (h + lower(a, b, c)) | 0;
      g = (g + upper(d, e, f) + k[t + 1] + w[t + 1]) | 0;
      c = (c + g) | 0;
      g = (g + lower(h, a, b)) | 0;
      f = (f + upper(c, d, e) + k[t + 2] + w[t + 2]) | 0;
      b = (b + f) | 0;
      f = (f + lower(g, h, a)) | 0;
      e = (e + upper(b, c, d) + k[t + 3] + w[t + 3]) | 0;
      a = (a + e) | 0;
      e = (e + lower(f, g, h)) | 0;
      d = (d + upper(a, b, c) + k[t + 4] + w[t + 4]) | 0;
      h = (h + d) | 0;
      d = (d + lower(e, f, g)) | 0;
      c = (c + upper(h, a, b) + k[t + 5] + w[t + 5]) | 0;
      g = (g + c) | 0;
      c = (c + lower(d, e, f)) | 0;
      b = (b + upper(g, h, a) + k[t + 6] + w[t + 6]) | 0;
      f = (f + b) | 0;
      b = (b + lower(c, d, e)) | 0;
      a = (a + upper(f, g, h) + k[t + 7] + w[t + 7]) | 0;
      e = (e + a) | 0;
      a = (a + lower(b, c, d)) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

function upper(e: number, f: number, g: number): number {
  return ((((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g)))) | 0;
}

function lower(a: number, b: number, c: number): number {
  return (
    ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b)))) | 0
  );
}

/** The first 32 bits after the point. */
function fraction(root: number): number {
  return (root % 1) * 2 ** 32;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
