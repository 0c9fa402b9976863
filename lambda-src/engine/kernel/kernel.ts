/** Of WebAssembly, what is used here. A process may be without it, or without its vectors. */
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** What every kernel has. */
export interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A module of `kernel-src/`: compiled once for the process, with an instance and its memory for each that asks. */
export class Kernel<Exports extends KernelMemory> {
  private module: object | undefined;

  /** @param wasm the module in base64 */
  constructor(private readonly wasm: string) {}

  /** A new instance; undefined where none can be made. */
  public instance(): Exports | undefined {
    if (typeof WebAssembly === 'undefined') return undefined;
    try {
      this.module ??= new WebAssembly.Module(Buffer.from(this.wasm, 'base64'));
      return new WebAssembly.Instance(this.module).exports as Exports;
    } catch {
      return undefined;
    }
  }
}
