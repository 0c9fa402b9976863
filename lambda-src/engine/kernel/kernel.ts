import { brotliDecompressSync } from 'node:zlib';

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

/** A module of `kernel-src/`: compiled once for the process, with an instance and its memory for each that asks. */
export class Kernel<Exports extends KernelMemory> {
  private module: object | undefined;

  /** @param wasm the module, compressed with Brotli and in base64 */
  constructor(private readonly wasm: string) {}

  public instance(): Exports {
    this.module ??= new WebAssembly.Module(brotliDecompressSync(Buffer.from(this.wasm, 'base64')));
    const { exports } = new WebAssembly.Instance(this.module);
    // What an instance gives out is looked up by name at each call; what an object of ours has, V8 knows the place of.
    return { ...(exports as Exports) };
  }
}
