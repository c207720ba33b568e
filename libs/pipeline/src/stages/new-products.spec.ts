import type { RankedLists } from '#libs/algorithms';
import { LIST_SOURCES } from '#libs/domain';
import { mixIn } from './new-products.js';

const list = {
  products: Int32Array.of(5, 6, 7, 8),
  scores: Float32Array.of(4, 3, 2, 1),
  sources: Uint8Array.of(2, 2, 2, 2),
};
const content = LIST_SOURCES.indexOf('content');
/** Two new products for each of two customers. */
const ranked = (products: number[], scores: number[]): RankedLists => ({
  rows: 2,
  count: 2,
  products: Int32Array.from(products),
  scores: Float32Array.from(scores),
  sources: new Uint8Array(4),
  sourceNames: ['content'],
});

test('new products push the last ones out, named as what they are', () => {
  const mixed = mixIn(list, ranked([-1, -1, 20, 21], [0, 0, 0.9, 0.1]), 1, 1);
  expect([...mixed.products]).toEqual([5, 20, 21, 6]);
  expect([...mixed.scores]).toEqual([4, 3, 3, 3]);
  expect([...mixed.sources]).toEqual([2, content, content, 2]);
});

test('a customer without any, a product that is there already, and a list that is too short stay as they are', () => {
  expect(mixIn(list, ranked([-1, -1, 20, 21], [0, 0, 1, 1]), 0, 1)).toBe(list);
  expect(mixIn(list, ranked([6, -1, 0, 0], [1, 0, 0, 0]), 0, 1)).toBe(list);
  expect(mixIn(list, ranked([20, 21, 0, 0], [-1, 0, 0, 0]), 0, 1)).toBe(list);
  expect(mixIn(list, ranked([20, 21, 0, 0], [1, 1, 0, 0]), 0, 3)).toBe(list);
});
