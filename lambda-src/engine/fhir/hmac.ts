/**
 * HMAC-SHA256 (RFC 2104, FIPS 180-4) of short texts under one key. node:crypto takes several microseconds to set up each
 * HMAC; here the two blocks that depend on the key alone are compressed once, and a text of up to 55 bytes costs two more.
 */

const BLOCK = 64;
const WORDS = 16;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** A block ends with the length of the text in eight bytes, after a one bit. */
const MAX_IN_LAST_BLOCK = BLOCK - 9;
const DIGEST_BITS = 256;
const FIRST_BIT = 0x80000000;

/** Fractions of the square roots of the first primes, and of the cube roots: FIPS 180-4, 4.2.2 and 5.3.3. */
const PRIMES = firstPrimes(64);
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

export class Hmac {
  /** The first words of the last digest: all eight of them, big-endian. */
  public readonly digest = new Int32Array(8);
  private readonly inner = INITIAL.slice();
  private readonly outer = INITIAL.slice();
  private readonly schedule = new Int32Array(64);

  /** @param key of 64 bytes at most */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new Error('the key of an HMAC must be one block at most; hash it first');
    const padded = new Uint8Array(BLOCK);
    padded.set(key);
    this.load(
      padded.map((byte) => byte ^ INNER_PAD),
      0,
    );
    this.compress(this.inner);
    this.load(
      padded.map((byte) => byte ^ OUTER_PAD),
      0,
    );
    this.compress(this.outer);
  }

  /** Leaves the HMAC of `bytes[from, to)` in `digest`. */
  public update(bytes: Uint8Array, from: number, to: number): void {
    const { digest, schedule } = this;
    digest.set(this.inner);
    let at = from;
    for (; to - at >= BLOCK; at += BLOCK) {
      this.load(bytes, at);
      this.compress(digest);
    }
    const rest = to - at;
    schedule.fill(0, 0, WORDS);
    for (let i = 0; i < rest; i++) schedule[i >> 2] |= bytes[at + i] << (24 - (i & 3) * 8);
    schedule[rest >> 2] |= 0x80 << (24 - (rest & 3) * 8);
    if (rest > MAX_IN_LAST_BLOCK) {
      this.compress(digest);
      schedule.fill(0, 0, WORDS);
    }
    schedule[WORDS - 1] = (BLOCK + to - from) * 8;
    this.compress(digest);

    schedule.fill(0, 0, WORDS);
    schedule.set(digest);
    schedule[8] = FIRST_BIT;
    schedule[WORDS - 1] = BLOCK * 8 + DIGEST_BITS;
    digest.set(this.outer);
    this.compress(digest);
  }

  private load(bytes: Uint8Array, from: number): void {
    for (let i = 0; i < WORDS; i++) {
      const at = from + i * 4;
      this.schedule[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
  }

  /** Mixes the block in `schedule` into a state: FIPS 180-4, 6.2.2, with its names. */
  private compress(state: Int32Array): void {
    const w = this.schedule;
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
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
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

/** The first 32 bits after the point. */
function fraction(root: number): number {
  return (root % 1) * 2 ** 32;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
