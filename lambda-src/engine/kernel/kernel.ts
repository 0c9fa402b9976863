import { brotliDecompressSync } from 'node:zlib';
import { WASM } from './generated/kernels';

/** Of WebAssembly, what is used here: the compiler knows it only as part of a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What every kernel has. */
export interface KernelMemory {
  readonly memory: {
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KiB. */
    grow(pages: number): number;
  };
}

/** A number that a kernel exports. */
export interface KernelNumber {
  readonly value: number;
}

/** All modules, once one was asked for. */
let modules: Uint8Array | undefined;

/** A module of `kernel-src/`: compiled once for the process, with an instance and its memory for each that asks. */
export class Kernel<Exports extends KernelMemory> {
  private module: object | undefined;

  /** @param span where the module begins and ends */
  constructor(private readonly span: readonly [number, number]) {}

  public instance(): Exports {
    modules ??= brotliDecompressSync(Buffer.from(WASM, 'base64'));
    this.module ??= new WebAssembly.Module(modules.subarray(...this.span));
    const { exports } = new WebAssembly.Instance(this.module);
    // What an instance gives out is looked up by name at each call; what an object of ours has, V8 knows the place of.
    return { ...(exports as Exports) };
  }
}
