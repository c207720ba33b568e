import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const FOLDER = 'dist/apps/console';
/** What the first page of a tenant may cost, compressed as every browser takes it. */
const MOST_BYTES = 300_000;
const PAGES = ['index.html', 'src/tenant/tenant-frame.tsx', 'src/tenant/home/home-page.tsx'];

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const manifest = (): Record<string, Chunk> =>
  JSON.parse(readFileSync(path.join(FOLDER, '.vite/manifest.json'), 'utf8'));

/** The scripts of these pages and of everything that they import before they can show anything. */
function scriptsOf(names: readonly string[], chunks: Record<string, Chunk>): Set<string> {
  const files = new Set<string>();
  const visit = (name: string) => {
    const chunk = chunks[name];
    if (chunk === undefined) throw new Error(`${name} is not in the manifest.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  names.forEach(visit);
  return files;
}

test('the first load of a tenant’s home is small', () => {
  // `npm test` builds first; whoever runs this file alone is told.
  expect(existsSync(FOLDER)).toBe(true);
  const files = [...scriptsOf(PAGES, manifest())];
  const sizes = files.map((file) => gzipSync(readFileSync(path.join(FOLDER, file)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(files.length).toBeGreaterThan(3);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThanOrEqual(MOST_BYTES);
});

test('other pages are loaded when somebody opens them', () => {
  const chunks = manifest();
  const first = scriptsOf(PAGES, chunks);
  expect(first).not.toContain(chunks['src/account/sign-in-page.tsx'].file);
});
