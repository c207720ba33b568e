// `npm run build:kernels`: compiles libs/algorithms/assembly to the two WebAssembly modules that are committed, and packs
// them into the TypeScript module that travels with the library (which does no I/O). A test rebuilds and compares them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { main as compile } from 'assemblyscript/asc';

const root = path.resolve(import.meta.dirname, '..');
export const KERNELS = path.join(root, 'libs/algorithms/src/kernels/wasm');
const ENTRY = 'libs/algorithms/assembly/index.ts';
// Strict gives the same bits on every machine; relaxed lets a processor fuse multiply and add.
const VARIANTS = { strict: [], relaxed: ['--enable', 'relaxed-simd'] };
const OPTIONS = [
  ...['--runtime', 'stub', '-O3', '--noAssert'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...[
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--noExportMemory',
  ],
];

/** The files of the folder `KERNELS`, by name, as the sources say they should be. */
export async function buildKernels() {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'nightshift-kernels-'));
  try {
    const files = {};
    for (const [variant, extra] of Object.entries(VARIANTS)) {
      const out = path.join(scratch, `${variant}.wasm`);
      const args = [ENTRY, '--baseDir', root, '-o', path.relative(root, out), ...OPTIONS, ...extra];
      const { error, stderr } = await compile(args);
      if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
      files[`kernels-${variant}.wasm`] = readFileSync(out);
    }
    files['kernel-binaries.ts'] = Buffer.from(binaries(files));
    return files;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function binaries(files) {
  const entries = Object.keys(VARIANTS).map(
    (variant) => `  ${variant}: '${files[`kernels-${variant}.wasm`].toString('base64')}',`,
  );
  return [
    '// Written by tools/build-kernels.mjs: the .wasm files of this folder in base64.',
    'export const KERNEL_BINARIES = {',
    ...entries,
    '} as const;',
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(KERNELS, { recursive: true });
  for (const [name, bytes] of Object.entries(await buildKernels())) {
    writeFileSync(path.join(KERNELS, name), bytes);
    process.stderr.write(`${name}: ${bytes.length} bytes\n`);
  }
}
