/**
 * Products with at most 3 ratings in train, on MovieLens latest-small: the case that content-based models are for.
 *
 * - A seeded hash of the user alone puts a third of the users aside for tuning, the same for every seed. Tuning works on
 *   their ratings only; the test measures the other users, and trains on everything that is not held out.
 * - Held out: the ratings of one of five folds, by seeded hash of (user, movie). All five take turns.
 * - Relevant: held-out ratings of 4 and above, of cold movies; cold: at most 3 ratings in train, often none.
 * - Ranked: for each user with anything relevant, all cold movies but those that the user rated in train. Among cold movies
 *   alone popularity still counts (3 ratings above none), and it does not have to compete with bestsellers.
 * - Ties are broken by seeded hash of (user, movie), for each model alike: popularity has many.
 * - Averaged over users and folds. Recall divides by the number of relevant movies, NDCG by the best order possible.
 */
import type { Algorithm, Model, TrainingSet } from '#libs/algorithms';
import { hashEvent, InlineExecutor, trainingSetOfPairs } from '#libs/algorithms';
import { movielensAttributes } from './movielens-attributes.ts';
import type { MovielensSmall } from './movielens-small.ts';

const FOLDS = 5;
const TUNING_USERS = 1 / 3;
const MOST_RATINGS = 3;
const LIKED = 4;

export type ColdUsers = 'tuning' | 'test';

export interface ColdSplit {
  readonly seed: number;
  readonly training: TrainingSet;
  /** 1 = cold, per product. */
  readonly isCold: Uint8Array;
  /** Relevant cold products of each measured customer who has any. */
  readonly relevant: ReadonlyMap<number, ReadonlySet<number>>;
}

export interface ColdAccuracy {
  /** Rankings: customers, over all folds. */
  readonly customers: number;
  readonly 'hr@10': number;
  readonly 'ndcg@10': number;
  readonly 'recall@20': number;
}

const share = (hash: number) => hash / 2 ** 32;

function isTuningUser(customer: number): boolean {
  return share(hashEvent(0, `${customer}`, '', 'tuning')) < TUNING_USERS;
}

/** One of five splits into train and relevant cold products. */
export function coldSplit(movies: MovielensSmall, users: ColdUsers, seed: number, fold: number): ColdSplit {
  const { customers, products, ratings, customerCount, productCount } = movies;
  const isMeasured = (row: number) => isTuningUser(customers[row]) === (users === 'tuning');
  const isHeldOut = (row: number) => {
    const hash = hashEvent(seed, `${customers[row]}`, `${products[row]}`, 'fold');
    return isMeasured(row) && Math.floor(FOLDS * share(hash)) === fold;
  };
  // A test row must not even train while parameters are tuned.
  const used = [...customers.keys()].filter((row) => users === 'test' || isMeasured(row));
  const train = used.filter((row) => !isHeldOut(row));
  const plain = trainingSetOfPairs({
    customerCount,
    productCount,
    customers: Int32Array.from(train, (row) => customers[row]),
    products: Int32Array.from(train, (row) => products[row]),
    values: Float32Array.from(train, (row) => ratings[row]),
  });
  const trained = new Set(train.map((row) => customers[row] * productCount + products[row]));
  const attributes = movielensAttributes(movies, (c, p) => trained.has(c * productCount + p));
  const isCold = Uint8Array.from(plain.customerCountOfProduct, (count) => (count <= MOST_RATINGS ? 1 : 0));
  const relevant = new Map<number, Set<number>>();
  for (const row of used) {
    if (!isHeldOut(row) || ratings[row] < LIKED || isCold[products[row]] === 0) continue;
    relevant.set(customers[row], (relevant.get(customers[row]) ?? new Set()).add(products[row]));
  }
  return { seed, training: { ...plain, attributes }, isCold, relevant };
}

/** Ranks of the relevant products, from 0, ascending. */
function ranksOf(
  wanted: ReadonlySet<number>,
  scores: Float32Array,
  isCandidate: Uint8Array,
  tie: (product: number) => number,
): number[] {
  const ranks = [...wanted].map((w) => {
    let above = 0;
    for (let p = 0; p < scores.length; p++) {
      if (isCandidate[p] === 0 || p === w) continue;
      if (scores[p] > scores[w] || (scores[p] === scores[w] && tie(p) < tie(w))) above++;
    }
    return above;
  });
  return ranks.sort((a, b) => a - b);
}

/** [hit rate at 10, NDCG at 10, recall at 20] of one ranking. */
function metricsOf(ranks: readonly number[]): [number, number, number] {
  const discount = (rank: number) => (rank < 10 ? 1 / Math.log2(rank + 2) : 0);
  const gain = ranks.reduce((sum, rank) => sum + discount(rank), 0);
  const best = ranks.reduce((sum, _, place) => sum + discount(place), 0);
  return [gain > 0 ? 1 : 0, gain / best, ranks.filter((rank) => rank < 20).length / ranks.length];
}

/** Sums over customers of `metricsOf`. */
function sumMetrics(model: Model, { seed, training, isCold, relevant }: ColdSplit): number[] {
  const { offsets, indices, values } = training.byCustomer;
  const scorer = model.createScorer();
  const scores = new Float32Array(training.productCount);
  const sums = [0, 0, 0];
  for (const [customer, wanted] of relevant) {
    const [start, end] = [offsets[customer], offsets[customer + 1]];
    const history = indices.subarray(start, end);
    scorer.scoreInto(scores, history, values.subarray(start, end));
    const isCandidate = isCold.slice();
    for (const product of history) isCandidate[product] = 0;
    const tie = (product: number) => hashEvent(seed, `${customer}`, `${product}`, 'tie');
    metricsOf(ranksOf(wanted, scores, isCandidate, tie)).forEach((value, m) => (sums[m] += value));
  }
  return sums;
}

/** Fits on each fold's train part and measures; the mean over all rankings. */
export async function coldAccuracyOf<P extends object>(
  algorithm: Algorithm<P>,
  params: Partial<P>,
  splits: readonly ColdSplit[],
): Promise<ColdAccuracy> {
  const totals = [0, 0, 0];
  let customers = 0;
  for (const split of splits) {
    const context = { seed: split.seed, executor: new InlineExecutor() };
    const model = await algorithm.fit(split.training, { ...algorithm.defaults, ...params }, context);
    sumMetrics(model, split).forEach((sum, m) => (totals[m] += sum));
    customers += split.relevant.size;
  }
  const [hitRate, ndcg, recall] = totals.map((total) => (customers === 0 ? 0 : total / customers));
  return { customers, 'hr@10': hitRate, 'ndcg@10': ndcg, 'recall@20': recall };
}

/** All five folds of a seed. */
export function coldSplits(movies: MovielensSmall, users: ColdUsers, seed: number): ColdSplit[] {
  return Array.from({ length: FOLDS }, (_, fold) => coldSplit(movies, users, seed, fold));
}

/** Tuned on the tuning users: the title of a movie says less of it than its genres and years. */
export const COLD_CONTENT_PARAMS = { textWeight: 0.3 };
