import type { Csr } from '#libs/algorithms';
import { LIST_SOURCES, type PackedList } from '#libs/domain';
import { segmentRankings, topProducts } from './fallback-lists.js';

const all = (count: number) => new Uint8Array(count).fill(1);
const plain = (list: PackedList | undefined) =>
  list && { products: [...list.products], scores: [...list.scores] };

/** Histories from one {product: strength} per customer. */
function histories(rows: readonly Record<number, number>[], columns: number): Csr {
  const offsets = new Int32Array(rows.length + 1);
  const entries = rows.flatMap((row, index) => {
    const sorted = Object.entries(row).map(([product, value]) => [Number(product), value]);
    offsets[index + 1] = offsets[index] + sorted.length;
    return sorted;
  });
  const indices = Int32Array.from(entries, ([product]) => product);
  return {
    rows: rows.length,
    columns,
    offsets,
    indices,
    values: Float32Array.from(entries, ([, value]) => value),
  };
}

describe('topProducts', () => {
  it('puts the highest weight first and ties in the order of the products', () => {
    expect(plain(topProducts([1, 3, 0.5, 3], all(4), 10, 'popularity'))).toEqual({
      products: [1, 3, 0, 2],
      scores: [3, 3, 1, 0.5],
    });
  });

  it('leaves out what is not allowed and what nobody wants', () => {
    const weights = [5, 4, 0, -1, NaN, 3];
    expect(plain(topProducts(weights, Uint8Array.of(0, 1, 1, 1, 1, 1), 10, 'popularity'))).toEqual({
      products: [1, 5],
      scores: [4, 3],
    });
  });

  it('stops at the length asked for and names its source', () => {
    const list = topProducts([1, 2, 3], all(3), 2, 'segment-popularity');
    expect([...list.products]).toEqual([2, 1]);
    expect([...list.sources].map((code) => LIST_SOURCES[code])).toEqual([
      'segment-popularity',
      'segment-popularity',
    ]);
  });

  it('may be empty', () => {
    expect(plain(topProducts([], all(0), 5, 'popularity'))).toEqual({ products: [], scores: [] });
  });
});

describe('segmentRankings', () => {
  const twenty = <T>(value: T) => Array.from({ length: 20 }, () => value);

  it('sums the strengths of the customers of a segment, and of nobody else', () => {
    const rows = [...twenty({ 0: 1, 1: 2 }), ...twenty({ 2: 1 })];
    const rankings = segmentRankings([...twenty('DE'), ...twenty('FR')], histories(rows, 3), all(3), 10);
    expect(plain(rankings.get('DE'))).toEqual({ products: [1, 0], scores: [40, 20] });
    expect(plain(rankings.get('FR'))).toEqual({ products: [2], scores: [20] });
    expect(rankings.size).toBe(2);
  });

  it('needs 20 customers with a history for a list', () => {
    const rows = [...twenty({ 0: 1 }), ...twenty({ 0: 1 }).slice(1), {}];
    expect([
      ...segmentRankings([...twenty('DE'), ...twenty('FR')], histories(rows, 1), all(1), 10).keys(),
    ]).toEqual(['DE']);
  });

  it('has no list for customers of whom nothing is known', () => {
    const rows = [...twenty({ 0: 1 }), ...twenty({ 0: 1 })];
    expect(segmentRankings([...twenty(null), ...twenty('')], histories(rows, 1), all(1), 10).size).toBe(0);
  });

  it('leaves out retired products', () => {
    const rankings = segmentRankings(
      twenty('DE'),
      histories(twenty({ 0: 9, 1: 1 }), 2),
      Uint8Array.of(0, 1),
      10,
    );
    expect(plain(rankings.get('DE'))).toEqual({ products: [1], scores: [20] });
  });

  it('keeps the 250 largest segments, and of equals the first by name', () => {
    const labels = Array.from({ length: 252 }, (_, index) => `s${String(index).padStart(3, '0')}`).flatMap(
      (label) => twenty(label),
    );
    labels.push('s251');
    const rankings = segmentRankings(
      labels,
      histories(
        labels.map(() => ({ 0: 1 })),
        1,
      ),
      all(1),
      1,
    );
    expect(rankings.size).toBe(250);
    expect([rankings.has('s251'), rankings.has('s248'), rankings.has('s249'), rankings.has('s250')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
