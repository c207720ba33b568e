import type { RankedLists } from '#libs/algorithms';
import { anyShort, joinCandidates } from './join-candidates.js';

/** Customer 0 has four candidates of the model, customer 1 one, customer 2 none. */
const own: RankedLists = {
  ...{ rows: 3, count: 4, sourceNames: ['ials'] },
  products: Int32Array.of(0, 1, 2, 3, 4, -1, -1, -1, -1, -1, -1, -1),
  scores: Float32Array.of(8, 4, 2, 1, 8, 0, 0, 0, 0, 0, 0, 0),
  sources: new Uint8Array(12),
};
const neighbours = { name: 'item-cf', of: () => [1, 5, -1] };
const popular = { name: 'popularity', of: () => [4, 6, 5, 7] };
const options = { share: 0, productCount: 8, excluded: undefined };
const rowOf = ({ products, count }: RankedLists, row: number) => [
  ...products.subarray(row * count, (row + 1) * count),
];
const namesOf = ({ sources, sourceNames, count }: RankedLists, row: number) =>
  [...sources.subarray(row * count, (row + 1) * count)].map((code) => sourceNames[code]);

test('others fill the lists that the model leaves short, in turns, behind what it knows', () => {
  expect(anyShort(own, { offsets: Int32Array.of(0, 1, 2, 2) })).toBe(true);
  expect(anyShort(own, { offsets: Int32Array.of(0, 1, 1, 1) })).toBe(false);
  const joined = joinCandidates(own, [neighbours, popular], options);
  expect([0, 1, 2].map((row) => rowOf(joined, row))).toEqual([
    [0, 1, 2, 3],
    [4, 1, 6, 5],
    [1, 4, 5, 6],
  ]);
  expect(namesOf(joined, 1)).toEqual(['ials', 'item-cf', 'popularity', 'item-cf']);
  expect([...joined.scores.subarray(0, 5)]).toEqual([8, 4, 2, 1, 8]);
  const filled = [...joined.scores.subarray(5, 8)];
  expect(filled.every((score) => score > 0 && score < 0.1)).toBe(true);
  expect(filled).toEqual(filled.toSorted((a, b) => b - a));
  expect(anyShort(joined, { offsets: Int32Array.of(0, 1, 2, 3) })).toBe(false);
});

test('a share of the candidates is theirs, evenly spread, at the scores of the places that they take', () => {
  const joined = joinCandidates(own, [neighbours, popular], { ...options, share: 0.5 });
  expect(rowOf(joined, 0)).toEqual([0, 5, 1, 4]);
  expect(namesOf(joined, 0)).toEqual(['ials', 'item-cf', 'ials', 'popularity']);
  expect([...joined.scores.subarray(0, 4)]).toEqual([8, 4, 4, 2]);
});

test('what a customer is not offered again stays away, and where nobody knows more a list ends', () => {
  const excluded = {
    ...{ rows: 3, columns: 8, offsets: Int32Array.of(0, 0, 2, 2) },
    ...{ indices: Int32Array.of(1, 6), values: Float32Array.of(1, 1) },
  };
  const joined = joinCandidates(own, [neighbours], { ...options, excluded });
  expect(rowOf(joined, 1)).toEqual([4, 5, -1, -1]);
  expect(rowOf(joined, 2)).toEqual([1, 5, -1, -1]);
});

test('below zero is possible as well: what is filled in comes last', () => {
  const negative = { ...own, scores: Float32Array.from(own.scores, (score) => -score - 1) };
  const { scores } = joinCandidates(negative, [popular], options);
  expect([...scores.subarray(4, 8)]).toEqual([...scores.subarray(4, 8)].toSorted((a, b) => b - a));
});
