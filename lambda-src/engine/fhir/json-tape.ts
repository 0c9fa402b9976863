import { isUtf8 } from 'node:buffer';
import { TOKEN } from './token';
import type { RecordErrorCode } from '../contract';
import { JSON_SCAN } from '../kernel/generated/kernels';
import { Kernel, type KernelMemory, type KernelNumber } from '../kernel/kernel';

/** The fields of all nodes, node by node. The last node is no object's: its fields are the types of resources. */
export interface KeyTables {
  /** `"name":` of each field, one after the other; names are letters and digits. */
  readonly keys: Uint8Array;
  /** Of each node, and a last entry with the number of fields. */
  readonly firstField: Int32Array;
  /** Of each node: the field that takes any number, with which its objects may begin and be remembered all the same; else -1. */
  readonly heads: Int32Array;
  /** By field: the node of its value where the field alone decides it, else -1. By type: the node of its resources. */
  readonly children: Int32Array;
}

const NO_KEYS: KeyTables = {
  keys: new Uint8Array(0),
  firstField: new Int32Array(1),
  heads: new Int32Array(0),
  children: new Int32Array(0),
};

/** What stands in `kernel-src/json-scan.ts`. Addresses are indexes of bytes in its memory. */
interface Exports extends KernelMemory {
  readonly INPUT: KernelNumber;
  readonly rows: KernelNumber;
  readonly entries: KernelNumber;
  loadFields(nodes: number, fields: number, keyBytes: number): number;
  scan(start: number, end: number, to: number, maxDepth: number, types: number, record: number): number;
  resolve(object: number, node: number): number;
  findValue(field: number, from: number, record: number): number;
  addValue(field: number, from: number, to: number, record: number): number;
}

const KERNEL = new Kernel<Exports>(JSON_SCAN);

/** By the lowest bits of what `scan` returns; the last one is right as long as the text is UTF-8. */
const VERDICTS = [undefined, 'REC_SYNTAX', 'REC_TOO_DEEP', undefined] as const;
const NO_JSON = 1;
const TOO_DEEP = 2;
const VERDICT = 3;
/** Of a bit above those: the number of the type, plus one. */
const TYPE_BIT = 2;

const PAGE = 65536;
/** Of a field: a row of 20 bytes, and up to eight slots of 4. */
const TABLE = 64;
/** Room for a record, at first and at most: what is beyond that is given back after a large one. */
const ROOM = 1 << 16;
const KEPT = 1 << 20;
/** Read behind a text, but not heeded. */
const SLACK = 32;
/** A value takes two bytes at least, with the comma or the bracket behind it, but for those that are open at a fault. */
const MAX_TOKENS_PER_BYTE = 0.5;
const MAX_OPEN = 1100;

/**
 * A JSON text in the memory of the scanner, and its tokens: whoever walks it can skip a value in one step and look at a
 * sibling before it decides. A key is a token before its value's; the kind of a value is told by its first byte.
 *
 * An object's token says for which node its keys were looked up (-1: for none). `NEXT` is negative for a string with
 * escapes.
 */
export class JsonTape {
  /** All of the memory. Other objects stand for it once a large record has come or gone. */
  public bytes!: Uint8Array;
  public view!: DataView;
  public ints!: Int32Array;
  public tokens!: Int32Array;
  public kernel!: Exports;
  /** Where the text at hand is. */
  public readonly start: number;
  public end = 0;
  /** The type of resource that it begins with, as nearly all do; else -1. */
  public type = -1;
  private capacity = 0;
  private toTokens = 0;
  private readonly types: number;

  constructor(private readonly tables: KeyTables = NO_KEYS) {
    this.types = tables.firstField.length - 2;
    this.start = this.open();
    this.reserve(ROOM);
  }

  /** Takes over the text `source[from, to)`. */
  public take(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length <= KEPT && this.capacity > KEPT) this.giveBack();
    if (length > this.capacity) this.reserve(Math.max(length, Math.min(length * 2, KEPT)));
    this.end = this.start + length;
    this.bytes.set(source.subarray(from, to), this.start);
    this.bytes[this.end] = 0;
  }

  /**
   * Scans the text that was taken over; the first token is its one value.
   *
   * @param record the record's number, unless values that are remembered are to be scanned as well
   */
  public scan(maxDepth: number, record = 0): RecordErrorCode | undefined {
    const { start, end, toTokens, types } = this;
    const found = this.kernel.scan(start, end, toTokens, maxDepth, types, record);
    const verdict = found & VERDICT;
    this.type = (found >> TYPE_BIT) - 1;
    if (verdict >= TOO_DEEP && !isUtf8(this.bytes.subarray(this.start, this.end))) return VERDICTS[NO_JSON];
    return VERDICTS[verdict];
  }

  /** Makes an instance with the tables in it; returns what address its memory is free from. */
  private open(): number {
    const { keys, firstField, heads, children } = this.tables;
    const kernel = (this.kernel = KERNEL.instance());
    const input = kernel.INPUT.value;
    const toHeads = input + firstField.byteLength;
    const toChildren = toHeads + heads.byteLength;
    const toKeys = toChildren + children.byteLength;
    // What the kernel makes of a field or a node is less than `TABLE` bytes.
    const tables = (firstField.length + children.length) * TABLE;
    grow(kernel, toKeys + keys.length + tables);
    const { buffer } = kernel.memory;
    new Int32Array(buffer).set(firstField, input / 4);
    new Int32Array(buffer).set(heads, toHeads / 4);
    new Int32Array(buffer).set(children, toChildren / 4);
    new Uint8Array(buffer).set(keys, toKeys);
    return kernel.loadFields(firstField.length - 1, children.length, keys.length);
  }

  private reserve(capacity: number): void {
    const { memory } = this.kernel;
    const toTokens = (this.toTokens = (this.start + capacity + SLACK) & ~(SLACK - 1));
    const size = toTokens + (capacity * MAX_TOKENS_PER_BYTE + MAX_OPEN) * TOKEN * 4;
    grow(this.kernel, size);
    this.capacity = capacity;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.ints = new Int32Array(memory.buffer);
    this.tokens = new Int32Array(memory.buffer, toTokens);
  }

  /** A memory never shrinks: another one goes on with what is to be remembered. */
  private giveBack(): void {
    const kept = this.bytes.subarray(0, this.start);
    this.open();
    this.reserve(ROOM);
    this.bytes.set(kept);
  }
}

/** Makes a memory as large as is needed. Few need it: V8 reads all memory more slowly once one has grown. */
function grow({ memory }: Exports, size: number): void {
  const missing = Math.ceil((size - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}
