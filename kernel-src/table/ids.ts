/** Looks ids up in the table of codes, as `Pseudonyms` does, and adds those that are new. */
import { copyAhead } from '../bytes/copy-ahead';
import { sameBytes } from '../bytes/same-bytes';
import { ID, LENGTH, QUEUE, ROW, ROWS, run, TABLE } from '../hash/id-codes';
import { goTo, out } from './output';

const UUID: i32 = 36;
/** Longest id whose HMAC takes one block within another. */
const MAX_BLOCK_ID: i32 = 55;
const HASHED: i32 = 12;
const PRIME: i32 = 0x01000193;
const FIRST_VISIBLE: i8 = 0x21;

const LANES: i32 = 4;
let queued: i32 = 0;

/** Places in the output that wait for a code: where each is, and the row that will have it. */
const MAX_OPEN: usize = 64;
const PLACE: usize = 8;
const OPEN: usize = memory.data(64 * 8, 16);
let open: usize = OPEN;

/** Appends the code of an id, which may come later; false where TypeScript must see the id first. */
export function putCode(from: usize, length: i32): bool {
  if (length > MAX_BLOCK_ID) return false;
  const own = ownRow(from, length);
  const next = own + ROW == TABLE + ROWS * ROW ? TABLE : own + ROW;
  let row = own;
  if (!isOf(row, from, length)) {
    row = next;
    if (!isOf(row, from, length)) {
      if (!isPlainId(from, length)) return false;
      row = load<u8>(own, LENGTH) > 0 && load<u8>(next, LENGTH) == 0 ? next : own;
      take(row, from, length);
    }
  }
  if (load<u8>(row) == 0) leaveOpen(row);
  else copyCode(out, row);
  goTo(out + UUID);
  return true;
}

/** Forgets the places behind the end of what is written. */
export function forgetOpen(): void {
  while (open > OPEN && load<usize>(open - PLACE) >= out) open -= PLACE;
}

/** Makes the codes that are wanted, and fills the places that wait. */
export function settle(): void {
  if (queued > 0) run(queued);
  queued = 0;
  for (let place = OPEN; place < open; place += PLACE) copyCode(load<usize>(place), load<usize>(place, 4));
  open = OPEN;
}

function leaveOpen(row: usize): void {
  store<usize>(open, out);
  store<usize>(open, row, 4);
  open += PLACE;
  if (open == OPEN + MAX_OPEN * PLACE) settle();
}

function copyCode(to: usize, row: usize): void {
  v128.store(to, v128.load(row));
  v128.store(to, v128.load(row, 16), 16);
  store<u32>(to, load<u32>(row, 32), 32);
}

function isOf(row: usize, from: usize, length: i32): bool {
  return load<u8>(row, LENGTH) == length + 1 && sameBytes(row + ID, from, length) == length;
}

/** Gives a row to an id, and asks for its code. */
function take(row: usize, from: usize, length: i32): void {
  const isWaiting = load<u8>(row) == 0 && load<u8>(row, LENGTH) > 0;
  if (isWaiting || queued == LANES) settle();
  copyAhead(row + ID, from, length);
  store<u8>(row, 0);
  store<u8>(row, length + 1, LENGTH);
  store<u32>(QUEUE + (queued << 2), row);
  queued++;
}

/** Whether an id is visible ASCII, and no UUID that may have capitals, which are hashed as small letters. */
function isPlainId(from: usize, length: i32): bool {
  let strange: u32 = 0;
  for (let at = 0; at < length; at += 16) {
    const text = v128.load(from + at);
    const capitals = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x41)), i8x16.splat(length == UUID ? 6 : 0));
    const others = i8x16.lt_s(text, i8x16.splat(FIRST_VISIBLE));
    const inside = length - at >= 16 ? 0xffff : (1 << (length - at)) - 1;
    strange |= i8x16.bitmask(v128.or(capitals, others)) & inside;
  }
  return strange == 0;
}

/** The row by the hash of the first and last bytes of an id, four at once, or by that of all of them. */
function ownRow(from: usize, length: i32): usize {
  let hash = length;
  if (length < HASHED) {
    for (let at = 0; at < length; at++) hash = (hash + load<u8>(from + at)) * PRIME;
  } else {
    const end = from + length;
    hash = (load<i32>(from) ^ length) * PRIME;
    hash = (hash ^ load<i32>(end - 12)) * PRIME;
    hash = (hash ^ load<i32>(end - 8)) * PRIME;
    hash = (hash ^ load<i32>(end - 4)) * PRIME;
  }
  return TABLE + ((hash ^ (hash >>> 15)) & (ROWS - 1)) * ROW;
}
