import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildKernels, KERNELS } from '../../../../../tools/build-kernels.mjs';

describe('the committed kernels', () => {
  it('are what their sources compile to, byte for byte', async () => {
    const built = await buildKernels();
    expect(Object.keys(built)).toEqual(['kernels-strict.wasm', 'kernels-relaxed.wasm', 'kernel-binaries.ts']);
    for (const [name, bytes] of Object.entries(built)) {
      // `npm run build:kernels` writes them.
      expect(readFileSync(path.join(KERNELS, name)).equals(bytes)).toBe(true);
    }
  });
});
