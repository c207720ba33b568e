import { trainingSetOfPairs } from '../dataset/training-set-of-pairs.js';
import type { Lists } from './list-metrics.js';
import {
  coverageOf,
  diversityInto,
  giniOf,
  noveltyInto,
  PopularLists,
  serendipityInto,
} from './list-metrics.js';

// Four customers; product 0 has customers 0 to 3, 1 has 0 and 1, 2 has 1, 3 has none.
const training = trainingSetOfPairs({
  customerCount: 4,
  productCount: 4,
  customers: Int32Array.of(0, 1, 2, 3, 0, 1, 1),
  products: Int32Array.of(0, 0, 0, 0, 1, 1, 2),
});
const everything = new Uint8Array(4).fill(1);
const listsOf = (...rows: number[][]): Lists => {
  const stride = 3;
  const products = new Int32Array(rows.length * stride).fill(-1);
  rows.forEach((row, r) => products.set(row, r * stride));
  return { products, rows: rows.length, stride };
};
const matrix = (customerCount: number, ...pairs: [number, number][]) =>
  trainingSetOfPairs({
    customerCount,
    productCount: 4,
    customers: Int32Array.from(pairs, ([customer]) => customer),
    products: Int32Array.from(pairs, ([, product]) => product),
  }).byCustomer;

describe('coverage', () => {
  it('is the share of the products sold that any list shows', () => {
    const lists = listsOf([0, 1, 3], [1, 0], []);
    expect(coverageOf(lists, 3, everything)).toBe(3 / 4);
    expect(coverageOf(lists, 2, everything)).toBe(2 / 4);
    expect(coverageOf(lists, 3, Uint8Array.of(1, 1, 0, 1))).toBe(1);
    expect(coverageOf(lists, 3, new Uint8Array(4))).toBeNaN();
  });
});

describe('Gini', () => {
  it('is 0 when all products are listed equally often and 1 when one alone is', () => {
    expect(giniOf(listsOf([0, 1], [2, 3]), 2, everything)).toBe(0);
    expect(giniOf(listsOf([2], [2]), 2, everything)).toBe(1);
  });

  it('lies between by hand', () => {
    // Counts 0, 0, 1, 3: (-3·0 - 1·0 + 1·1 + 3·3) / (3 · 4)
    expect(giniOf(listsOf([0, 1], [0], [0]), 3, everything)).toBeCloseTo(10 / 12, 12);
    expect(giniOf(listsOf([]), 3, everything)).toBeNaN();
  });
});

describe('novelty', () => {
  it('is the mean self-information in bits', () => {
    const out = new Float64Array(4);
    // All four have product 0: 0 bits. Two of four have 1: 1 bit. One of four has 2: 2 bits; nobody has 3: as for one.
    noveltyInto(out, listsOf([0, 1, 2], [3], [], [2, 0]), 3, training.customerCountOfProduct, 4);
    expect([...out]).toEqual([1, 2, NaN, 1]);
  });
});

describe('intra-list diversity', () => {
  it('is 1 less the mean cosine of two different products', () => {
    const out = new Float64Array(5);
    diversityInto(out, listsOf([0, 1, 2], [0, 3], [0], [], [1, 2]), 3, training.byProduct);
    // cos(0, 1) = 2 / (√4 √2), cos(0, 2) = 1 / √4, cos(1, 2) = 1 / √2
    const cosines = [2 / Math.sqrt(8), 1 / 2, 1 / Math.sqrt(2)];
    expect(out[0]).toBeCloseTo(1 - (cosines[0] + cosines[1] + cosines[2]) / 3, 12);
    expect(out[1]).toBeCloseTo(1, 12);
    expect([out[2], out[3]]).toEqual([NaN, NaN]);
    expect(out[4]).toBeCloseTo(1 - cosines[2], 12);
  });
});

describe('serendipity', () => {
  it('counts what is relevant and no part of the popularity list', () => {
    const popular = new PopularLists(training.customerCountOfProduct, everything);
    // Lists of 2. Customer 0 sees nothing left out: popularity shows 0 and 1. Customer 1 has 0: it shows 1 and 2.
    const seen = matrix(2, [1, 0]);
    const relevant = matrix(2, [0, 0], [0, 2], [1, 2], [1, 3]);
    const out = new Float64Array(2);
    serendipityInto(out, listsOf([0, 2], [2, 3]), 2, seen, relevant, popular);
    expect([...out]).toEqual([1 / 2, 1 / 2]);
  });

  it('is 0 for the popularity list itself', () => {
    const popular = new PopularLists(training.customerCountOfProduct, everything);
    const out = new Float64Array(1);
    serendipityInto(out, listsOf([0, 1]), 2, matrix(1), matrix(1, [0, 0], [0, 1]), popular);
    expect([...out]).toEqual([0]);
  });
});
