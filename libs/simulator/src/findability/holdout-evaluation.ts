import { MS_PER_DAY } from '../calendar.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { World } from '../simulate-world.js';

/**
 * Are the habits of a world there to be found? A reference evaluation that shares no code with the product's models: all
 * events but a random fifth of the last four weeks' (customer, product) pairs train a popularity ranking and a plain
 * item-item cosine, and the rest are what both should rank highly.
 */
export interface FindabilityReport {
  evaluatedCustomers: number;
  heldOutPairs: number;
  popularityNdcg10: number;
  itemCfNdcg10: number;
  /** The world's own truth as the ranking: what a perfect recommender could reach. */
  truthNdcg10: number;
}

const HOLDOUT_DAYS = 28;
const HOLDOUT_SHARE = 0.2;
const LIST_LENGTH = 10;

interface Split {
  productIds: string[];
  /** Products that were on sale for some of the held-out weeks: what is gone cannot be recommended. */
  onSale: number[];
  /** Interaction counts by customer, then product index. */
  train: Map<string, Map<number, number>>;
  heldOut: Map<string, Set<number>>;
  bought: Map<string, Set<number>>;
}

export function evaluateFindability(world: World, untilDate: Date): FindabilityReport {
  const split = splitEvents(world, untilDate);
  const popularity = popularityScores(split);
  const similarity = itemCosine(split);
  const sums = { popularity: 0, itemCf: 0, truth: 0, pairs: 0 };
  let evaluatedCustomers = 0;
  for (const [customerId, relevant] of split.heldOut) {
    const history = split.train.get(customerId);
    if (history === undefined) continue;
    const excluded = world.tenant.repeatPurchases ? new Set<number>() : split.bought.get(customerId);
    const candidates = split.onSale.filter((index) => !excluded?.has(index));
    evaluatedCustomers += 1;
    sums.pairs += relevant.size;
    sums.popularity += ndcg(topOf(candidates, popularity), relevant);
    sums.itemCf += ndcg(topOf(candidates, itemCfScores(history, similarity)), relevant);
    sums.truth += ndcg(
      topOf(candidates, world.truth.expectedUtility(customerId, midOf(untilDate))),
      relevant,
    );
  }
  const customers = Math.max(1, evaluatedCustomers);
  return {
    evaluatedCustomers,
    heldOutPairs: sums.pairs,
    popularityNdcg10: sums.popularity / customers,
    itemCfNdcg10: sums.itemCf / customers,
    truthNdcg10: sums.truth / customers,
  };
}

function midOf(untilDate: Date): Date {
  return new Date(untilDate.getTime() - (HOLDOUT_DAYS / 2) * MS_PER_DAY);
}

function splitEvents(world: World, untilDate: Date): Split {
  const products = [...world.products()];
  const productIds = products.map((product) => product.productId);
  const holdoutFrom = untilDate.getTime() - HOLDOUT_DAYS * MS_PER_DAY;
  const onSale = [...products.keys()].filter((index) => {
    const { retiredAt } = products[index]!;
    return retiredAt === undefined || retiredAt.getTime() > holdoutFrom;
  });
  const indexOf = new Map(productIds.map((productId, index) => [productId, index]));
  const split: Split = { productIds, onSale, train: new Map(), heldOut: new Map(), bought: new Map() };
  const random = new SeededRandom(7);
  const draws = new Map<string, boolean>();
  for (const event of world.interactions()) {
    if (event.customerId === undefined || event.type === 'return' || event.type === 'rating') continue;
    const index = indexOf.get(event.productId)!;
    const key = `${event.customerId} ${index}`;
    const recent = event.occurredAt.getTime() >= holdoutFrom;
    if (recent && !draws.has(key)) draws.set(key, random.chance(HOLDOUT_SHARE));
    if (recent && draws.get(key) === true) {
      into(split.heldOut, event.customerId, () => new Set<number>()).add(index);
      continue;
    }
    const row = into(split.train, event.customerId, () => new Map<number, number>());
    row.set(index, (row.get(index) ?? 0) + 1);
    if (event.type === 'purchase') into(split.bought, event.customerId, () => new Set<number>()).add(index);
  }
  return split;
}

function into<V>(map: Map<string, V>, key: string, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}

function popularityScores(split: Split): Float64Array {
  const scores = new Float64Array(split.productIds.length);
  for (const row of split.train.values())
    for (const [index, count] of row) scores[index] = scores[index]! + count;
  return scores;
}

/** Dense cosine between product columns of log-damped counts. O(customers × basket²) and products² memory: a reference. */
function itemCosine(split: Split): Float64Array[] {
  const n = split.productIds.length;
  const gram = Array.from({ length: n }, () => new Float64Array(n));
  for (const row of split.train.values()) {
    const entries = [...row].map(([index, count]) => [index, Math.log1p(count)] as const);
    for (const [i, a] of entries) for (const [j, b] of entries) gram[i]![j] = gram[i]![j]! + a * b;
  }
  const norms = gram.map((row, i) => Math.sqrt(row[i]!) || 1);
  // A little shrinkage: pairs seen together once would otherwise beat pairs seen together often.
  gram.forEach((row, i) => row.forEach((dot, j) => (row[j] = dot / (norms[i]! * norms[j]! + 4))));
  return gram;
}

/** The usual item-item score, a product's own history included. */
function itemCfScores(history: ReadonlyMap<number, number>, similarity: Float64Array[]): Float64Array {
  const scores = new Float64Array(similarity.length);
  for (const [j, count] of history) {
    const weight = Math.log1p(count);
    const row = similarity[j]!;
    for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! + weight * row[i]!;
  }
  return scores;
}

function topOf(candidates: number[], scores: ArrayLike<number>): number[] {
  return candidates.toSorted((a, b) => scores[b]! - scores[a]! || a - b).slice(0, LIST_LENGTH);
}

function ndcg(list: number[], relevant: ReadonlySet<number>): number {
  let gain = 0;
  list.forEach((index, position) => (gain += relevant.has(index) ? 1 / Math.log2(position + 2) : 0));
  let ideal = 0;
  for (let i = 0; i < Math.min(LIST_LENGTH, relevant.size); i++) ideal += 1 / Math.log2(i + 2);
  return gain / ideal;
}
