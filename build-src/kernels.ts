/**
 * Compiles what stands in `kernel-src/`, in AssemblyScript, to WebAssembly with vectors, and writes all of it as one
 * module that the engine imports: `tsx build-src/kernels.ts kernel-src OUT_DIR`.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const COMPILER = path.join(path.dirname(require.resolve('assemblyscript/package.json')), 'bin/asc.js');
/** No heap, and nothing from outside; 4 MiB of memory, since V8 reads all memory more slowly once one has grown. */
const OPTIONS = [
  '-O3',
  '--noAssert',
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--initialMemory',
  '64',
];

function main([from, to]: readonly string[]): void {
  fs.mkdirSync(to, { recursive: true });
  // Of its own, so that two builds side by side do not take each other's binaries away.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kernels-'));
  const binaries: Buffer[] = [];
  const spans: string[] = [];
  for (const file of fs.readdirSync(from).filter((name) => name.endsWith('.ts'))) {
    const binary = path.join(folder, file.replace(/ts$/, 'wasm'));
    execFileSync(process.execPath, [COMPILER, path.join(from, file), ...OPTIONS, '--outFile', binary], {
      stdio: 'inherit',
    });
    const start = Buffer.concat(binaries).length;
    binaries.push(fs.readFileSync(binary));
    const name = file.replace(/\.ts$/, '').replaceAll('-', '_').toUpperCase();
    spans.push(`export const ${name} = [${start}, ${Buffer.concat(binaries).length}] as const;\n`);
  }
  fs.rmSync(folder, { recursive: true });
  // A third of their size, and together less than one by one. Of the compressors of Node.js, the one that makes the same
  // bytes on every processor.
  const text = brotliCompressSync(Buffer.concat(binaries)).toString('base64');
  const head = `/** Made of ${from}. */\nexport const WASM =\n  '${text}';\n/** Where each begins and ends. */\n`;
  fs.writeFileSync(path.join(to, 'kernels.ts'), head + spans.join(''));
}

main(process.argv.slice(2));
