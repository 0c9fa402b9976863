import { gzipSync } from 'node:zlib';
import { brokenDelimiter, movePieces, otherDelimiter } from './pieces';
import type { Random } from '../test/support/random';

/** Pieces of syntax and values at the edge of a grammar: random bytes alone would seldom get past the first of them. */
const TOKENS = [
  '"', '\\', '\\"', '\\u0000', '\\ud800', '{', '}', '[', ']', ':', ',', 'null', 'true', '1e-7', '-0.0', '1e999', '""',
  '\r', '\n', '\r\n', '\0', '\t', ' ', '\uFEFF', '|', '^', '~', '&', '\\F\\', '\\X0D\\', 'MSH|^~\\&|', 'BTS|9', 'ZZZ|',
  '=', '+', '@', '"resourceType":"Patient",', '"modifierExtension":[{}],', '"_id":', '0001-01-01', '9999-12-31', '""""',
].map((token) => Buffer.from(token)); // prettier-ignore

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let i = random.between(1, 4); i > 0 && copy.length > 0; i--) copy[random.int(copy.length)] = random.int(256);
    return copy;
  },
  (bytes, random) => replaced(bytes, random.int(bytes.length + 1), 0, random.pick(TOKENS)),
  (bytes, random) => replaced(bytes, random.int(bytes.length + 1), random.between(1, 40), Buffer.alloc(0)),
  (bytes, random) => {
    const piece = part(bytes, random);
    return replaced(bytes, random.int(bytes.length + 1), 0, Buffer.concat(Array(random.between(1, 4)).fill(piece)));
  },
  (bytes, random) => replaced(bytes, random.int(bytes.length + 1), random.int(20), part(bytes, random)),
  (bytes, random) => bytes.subarray(0, random.int(bytes.length + 1)),
  (bytes, random) => replaced(bytes, random.int(bytes.length + 1), random.int(2), Buffer.of(random.int(0x20))),
  movePieces,
  movePieces,
  movePieces,
  otherDelimiter,
  brokenDelimiter,
];

/** The file as something may have left it on its way: cut, doubled, overwritten, compressed, compressed and cut. */
export function mutate(bytes: Buffer, random: Random, times: number): Buffer {
  let mutated = bytes;
  for (let i = times; i > 0; i--) mutated = random.pick(MUTATIONS)(mutated, random);
  if (!random.chance(20)) return mutated;
  const zipped = gzipSync(mutated, { level: 1 });
  return times > 0 && random.chance(30) ? random.pick(MUTATIONS)(zipped, random) : zipped;
}

/** So many chunks are small: more cost time, and hit nothing that another file does not. */
const SMALL = 400;

/** The bytes in chunks of any size, empty ones among them; small ones from the start or from anywhere on. */
export function* chunks(bytes: Buffer, random: Random): Generator<Buffer> {
  const most = random.pick([1, 16, 64, 64, 4096, 4096, 65_536, bytes.length + 1]);
  let at = random.chance(50) ? random.int(bytes.length + 1) : 0;
  yield bytes.subarray(0, at);
  for (let count = 0; at < bytes.length; count++) {
    const size = count < SMALL ? random.int(most + 1) : bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

function part(bytes: Buffer, random: Random): Buffer {
  const from = random.int(bytes.length + 1);
  return bytes.subarray(from, from + random.between(1, 200));
}

function replaced(bytes: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]);
}
