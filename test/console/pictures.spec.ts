import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'docs/pictures';
const MOST_BYTES = 80_000;
const MOST_BYTES_ALL = 3_000_000;

const files = readdirSync(FOLDER).toSorted();
const sizes = files.map((file) => statSync(path.join(FOLDER, file)).size);

test('docs/console.md shows every picture that the browser tests make (npm run docs:console), and no other', () => {
  const shown = [...readFileSync('docs/console.md', 'utf8').matchAll(/\(pictures\/([\w-]+\.webp)\)/g)];
  expect(shown.map(([, file]) => file).toSorted()).toEqual(files);
  expect(files.length).toBeGreaterThan(40);
});

test('pictures are small', () => {
  expect(files.filter((_, at) => sizes[at] > MOST_BYTES)).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES_ALL);
});
