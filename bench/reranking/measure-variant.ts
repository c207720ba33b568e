import { createRandom, quantile, type CommercialFeatures, type RankedLists } from '#libs/algorithms';
import { customerViewOf, Reranker, type ProductColumns } from '#libs/serving';
import type { NextBasket } from './next-baskets.ts';
import type { Variant } from './settings-under-test.ts';

const PLACES = 10;
const RESAMPLES = 1_000;
const SEED = 20261121;

export interface Outcome {
  readonly hits: Float64Array;
  readonly ndcgs: Float64Array;
  /** Different products in all first tens, as a share of those that anybody had bought. */
  readonly coverage: number;
  /** Mean over lists of the mean catalogue percentile of prices. */
  readonly pricePercentile: number;
  /** Mean number of different categories in a first ten. */
  readonly categories: number;
  readonly microsecondsPerList: number;
}

/** The lists of one window with one set of steps, against the baskets that came. */
export function measureVariant(
  { settings }: Variant,
  ranked: RankedLists,
  features: CommercialFeatures,
  columns: ProductColumns,
  baskets: readonly NextBasket[],
): Outcome {
  const reranker = new Reranker(columns, settings);
  const exposure = { lists: 0, ofProduct: new Int32Array(columns.count) };
  const hits = new Float64Array(baskets.length);
  const ndcgs = new Float64Array(baskets.length);
  const shown = new Set<number>();
  let [price, categories] = [0, 0];
  const startedAt = performance.now();
  baskets.forEach(({ customer, daySeconds, products }, query) => {
    const list = reranker.rerank(candidatesOf(ranked, customer), customerViewOf(features, customer), {
      count: PLACES,
      nowSeconds: daySeconds,
      exposure,
    });
    const top = [...list.products.subarray(0, list.count)];
    hits[query] = top.some((product) => products.has(product)) ? 1 : 0;
    ndcgs[query] = ndcgOf(top, products);
    for (const product of top) shown.add(product);
    price +=
      top.reduce((sum, product) => sum + columns.pricePercentile[product], 0) / Math.max(1, top.length);
    categories += new Set(top.map((product) => columns.category[product])).size;
  });
  const microseconds = ((performance.now() - startedAt) * 1000) / baskets.length;
  return {
    hits,
    ndcgs,
    coverage: shown.size / columns.buyers.filter((buyers) => buyers > 0).length,
    pricePercentile: price / baskets.length,
    categories: categories / baskets.length,
    microsecondsPerList: microseconds,
  };
}

function candidatesOf(ranked: RankedLists, customer: number) {
  const start = customer * ranked.count;
  let count = 0;
  while (count < ranked.count && ranked.products[start + count] >= 0) count++;
  return {
    count,
    products: ranked.products.subarray(start, start + count),
    scores: ranked.scores.subarray(start, start + count),
  };
}

function ndcgOf(top: readonly number[], relevant: ReadonlySet<number>): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const found = top.reduce((sum, product, place) => sum + (relevant.has(product) ? gain(place) : 0), 0);
  let ideal = 0;
  for (let place = 0; place < Math.min(PLACES, relevant.size); place++) ideal += gain(place);
  return found / ideal;
}

/** Mean difference with its 95 % interval, resampled by customer: each has one basket. */
export function pairedDifference(
  values: Float64Array,
  reference: Float64Array,
): { difference: number; low: number; high: number } {
  const differences = values.map((value, query) => value - reference[query]);
  const random = createRandom(SEED);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) sum += differences[random.nextInt(differences.length)];
    return sum / differences.length;
  }).sort();
  return { difference: meanOf(differences), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
