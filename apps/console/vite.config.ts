import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|css|svg|json)$/;
/** What is smaller fits into one packet anyway. */
const SMALLEST_BYTES = 1_000;

/** Compressed once here and not for each request. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: (config) => void (folder = path.resolve(config.root, config.build.outDir)),
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!COMPRESSIBLE.test(name)) continue;
        const file = path.join(folder, name);
        const content = readFileSync(file);
        if (content.length < SMALLEST_BYTES) continue;
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig({
  build: {
    outDir: '../../dist/apps/console',
    emptyOutDir: true,
    // Which files the first page needs: the test of the bundle's size reads it.
    manifest: true,
    // The policy allows no data: address in scripts, and a font inside a stylesheet is loaded even when nobody needs it.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: { proxy: { '/v1': process.env.API ?? 'http://127.0.0.1:3000' } },
  plugins: [precompress()],
});
