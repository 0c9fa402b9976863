import { TABLE_ROWS } from './generated/kernels';
import { Kernel, type KernelMemory } from './kernel';
import { INITIAL, ROUNDS } from './sha256-constants';

/** What this module exports, and any other that has the same table. */
export interface IdCodesKernel extends KernelMemory {
  rounds(): number;
  initial(): number;
  key(): number;
  queue(): number;
  table(): number;
  takeKey(): void;
  run(count: number): void;
}

const KERNEL = new Kernel<IdCodesKernel>(TABLE_ROWS);

/** The table, as `kernel-src/hash/id-codes.ts` has it: in each row the code, the length of the id plus one, the id. */
export const enum Row {
  LENGTH = 36,
  ID = 40,
  SIZE = 104,
}
export const ROWS = 4096;

/** Longest id whose HMAC takes one block within another. */
export const MAX_BLOCK_ID = 55;

/** Longest key. */
const KEY_BLOCK = 64;

/** Ids that are hashed together: as many as a vector has lanes. */
const LANES = 4;

/** Beside the place of a row: its id is hashed in lower case. */
const FOLDED = 1;

/** A table of ids and their codes, which are made several at once. One of a source object: it holds ids, and what the key makes. */
export class IdCodes {
  /** All rows, from the first byte of the first. */
  public readonly rows: DataView;
  private readonly queue: Uint32Array;
  private readonly base: number;
  private queued = 0;

  constructor(
    subKey: Uint8Array,
    private readonly kernel = KERNEL.instance(),
  ) {
    const { buffer } = kernel.memory;
    new Int32Array(buffer, kernel.rounds()).set(ROUNDS);
    new Int32Array(buffer, kernel.initial()).set(INITIAL);
    new Uint8Array(buffer, kernel.key(), KEY_BLOCK).set(subKey);
    kernel.takeKey();
    this.queue = new Uint32Array(buffer, kernel.queue(), LANES);
    this.base = kernel.table();
    this.rows = new DataView(buffer, this.base, ROWS * Row.SIZE);
  }

  public get isFull(): boolean {
    return this.queued === LANES;
  }

  /** Asks for the code of the id that stands in a row. */
  public ask(row: number, folded: boolean): void {
    this.queue[this.queued++] = this.base + row + (folded ? FOLDED : 0);
  }

  /** Writes the codes that were asked for. */
  public run(): void {
    if (this.queued > 0) this.kernel.run(this.queued);
    this.queued = 0;
  }
}
