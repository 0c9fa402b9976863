/**
 * Finds the field of a node by the bytes of its name, and foretells it: objects of a type come with their keys in one
 * order, so the field that followed another one last time is compared first.
 */
import { plainEnd, QUOTE } from './grammar';
import { sameBytes } from '../bytes/same-bytes';

/**
 * Of a field, in bytes: its key `"name":` and that one's length, the node of its value, what followed it last, its credit.
 * Of a node, in the places of the last two: what its objects begin with, and the field whose number they may begin with
 * and still be remembered.
 */
export const KEY: usize = 0;
export const LENGTH: usize = 4;
export const CHILD: usize = 8;
export const SUCCESSOR: usize = 12;
export const CREDIT: usize = 16;
export const HEAD: usize = 16;
const ROW: usize = 20;
/** Quotes and colon. */
const AROUND_NAME = 3;
const COLON = 0x3a;

/** Where the tables are written, one after the other: first fields of the nodes, their heads, children of the fields, keys. */
export const INPUT: usize = (__heap_base + 15) & ~15;
let firstField: usize = 0;
/** A row for each field, and one for each node: what its objects begin with. */
export let rows: usize = 0;
let nodeRows: usize = 0;
/** Fields by hash. A quarter full: what is in no table is mostly refused by an empty slot. */
let slots: usize = 0;
let mask: i32 = 0;

/** Makes of the tables what is looked up in; returns the address behind all. */
export function loadFields(nodes: i32, fields: i32, keyBytes: i32): usize {
  firstField = INPUT;
  const heads = firstField + (<usize>(nodes + 1) << 2);
  const children = heads + (<usize>nodes << 2);
  const keys = children + (<usize>fields << 2);
  rows = (keys + <usize>keyBytes + 31) & ~15;
  nodeRows = rowOf(fields);
  slots = nodeRows + <usize>nodes * ROW;
  mask = 1;
  while (mask <= fields * 4) mask <<= 1;
  memory.fill(slots, 0xff, <usize>mask << 2);
  const end = slots + (<usize>mask << 2);
  mask--;
  let key = keys;
  for (let node = 0; node < nodes; node++) {
    const first = firstOf(node);
    const last = firstOf(node + 1);
    store<i32>(nodeRowOf(node), first < last ? first : -1, SUCCESSOR);
    store<i32>(nodeRowOf(node), load<i32>(heads + (<usize>node << 2)), HEAD);
    for (let field = first; field < last; field++) {
      const row = rowOf(field);
      let next = key + 1;
      while (load<u8>(next - 1) != COLON) next++;
      store<usize>(row, key, KEY);
      store<usize>(row, next - key, LENGTH);
      store<i32>(row, load<i32>(children + (<usize>field << 2)), CHILD);
      store<i32>(row, min(field + 1, last - 1), SUCCESSOR);
      place(node, field, key + 1, next - 2);
      key = next;
    }
  }
  return end;
}

// @ts-ignore: decorator
@inline
export function rowOf(field: i32): usize {
  return rows + <usize>field * ROW;
}

// @ts-ignore: decorator
@inline
export function nodeRowOf(node: i32): usize {
  return nodeRows + <usize>node * ROW;
}

/** The field of `node` whose name stands in [from, to), or -1. */
export function findField(node: i32, from: usize, to: usize): i32 {
  if (to == from) return -1;
  const first = firstOf(node);
  const last = firstOf(node + 1);
  const length = to - from;
  let slot = slotOf(node, from, to);
  while (true) {
    const field = load<i32>(slots + (<usize>slot << 2));
    if (field < 0) return -1;
    slot = (slot + 1) & mask;
    if (field < first || field >= last) continue;
    const row = rowOf(field);
    if (load<usize>(row, LENGTH) - AROUND_NAME != length) continue;
    if (sameBytes(from, load<usize>(row, KEY) + 1, length) == length) return field;
  }
}

/** `{"resourceType":"`, with which nearly every record begins. */
const TYPE_FIRST: usize = memory.data<u8>([
  0x7b, 0x22, 0x72, 0x65, 0x73, 0x6f, 0x75, 0x72, 0x63, 0x65, 0x54, 0x79, 0x70, 0x65, 0x22, 0x3a, 0x22,
]);
const TYPE_FIRST_LENGTH: usize = 17;

/** The type of the resource at `from` where that is its first member, as a field of the node of types; else -1. */
export function typeAt(types: i32, from: usize): i32 {
  if (types < 0 || sameBytes(from, TYPE_FIRST, TYPE_FIRST_LENGTH) != TYPE_FIRST_LENGTH) return -1;
  const name = from + TYPE_FIRST_LENGTH;
  const end = plainEnd(name);
  return load<u8>(end) == QUOTE ? findField(types, name, end) : -1;
}

export function firstOf(node: i32): i32 {
  return load<i32>(firstField + (<usize>node << 2));
}

function place(node: i32, field: i32, from: usize, to: usize): void {
  let slot = slotOf(node, from, to);
  while (load<i32>(slots + (<usize>slot << 2)) >= 0) slot = (slot + 1) & mask;
  store<i32>(slots + (<usize>slot << 2), field);
}

/** Names of a node that have one length seldom share both their first and their last letters. */
function slotOf(node: i32, from: usize, to: usize): i32 {
  const letters = <i32>load<u8>(from) | (<i32>load<u8>(to - 1) << 8) | (<i32>load<u8>((from + to) >> 1) << 16);
  const hash = (letters ^ ((node * 128 + <i32>(to - from)) * 0x85ebca6b)) * 0x9e3779b1;
  return (hash >>> 15) & mask;
}
