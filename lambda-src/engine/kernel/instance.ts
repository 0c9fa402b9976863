/** What is used of WebAssembly: the compiler knows it only as part of a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A number that a kernel exports. */
export interface KernelNumber {
  readonly value: number;
}

const compiled = new Map<string, object>();

/** An instance, with a memory of its own, of a module of `kernel/generated/`. */
export function instanceOf(wasm: string): unknown {
  let module = compiled.get(wasm);
  if (!module) compiled.set(wasm, (module = new WebAssembly.Module(Buffer.from(wasm, 'base64'))));
  return new WebAssembly.Instance(module).exports;
}
