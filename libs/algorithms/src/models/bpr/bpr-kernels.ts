import type { Csr } from '../../dataset/csr.js';
import { createRandom } from '../../statistics/random.js';
import type { RandomSource } from '../../statistics/random.js';

/*
 * Legend, as in Rendle et al. (2009): a customer u with product i prefers it to a product j without a pair; W customer
 * vectors, H product vectors of d factors, b product biases; x̂_uij = b_i - b_j + w_u·(h_i - h_j); λ regularisation, η learning
 * rate.
 */

/** Draws of j before a step is given up: only for a customer who has nearly everything. */
const NEGATIVE_DRAWS = 64;
/** Scores depend on the model and the history alone, so the draws of folding in are always the same. */
const FOLD_IN_SEED = 1;

/** λ of each group of parameters. */
export interface BprRegularisation {
  readonly customers: number;
  readonly products: number;
  readonly biases: number;
}

/** Product side of the model. */
export interface BprProducts {
  /** h, products × stride; the padding is zero and stays so. */
  readonly vectors: Float32Array;
  readonly biases: Float32Array;
  readonly stride: number;
}

/** Uniform over [0, bound), bound < 2³¹, with a bias below bound / 2³²: it saves the division of `nextInt`. */
function draw(random: RandomSource, bound: number): number {
  return (random.nextUint32() * (bound / 4294967296)) | 0;
}

/** Whether the ascending indices[start … end - 1] contain the product. */
function contains(indices: Int32Array, start: number, end: number, product: number): boolean {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indices[middle] < product) low = middle + 1;
    else high = middle;
  }
  return low < end && indices[low] === product;
}

/** A product that is not among indices[start … end - 1], uniformly; -1 if none was found. */
function drawNegative(
  random: RandomSource,
  products: number,
  indices: Int32Array,
  start: number,
  end: number,
): number {
  for (let tries = 0; tries < NEGATIVE_DRAWS; tries++) {
    const product = draw(random, products);
    if (!contains(indices, start, end, product)) return product;
  }
  return -1;
}

/** 1 / (1 + exp x̂_uij): how wrong the order of i and j still is, the factor of every gradient. */
function disorder(
  { vectors, biases, stride }: BprProducts,
  W: Float32Array,
  at: number,
  i: number,
  j: number,
): number {
  const hi = i * stride;
  const hj = j * stride;
  let even = biases[i] - biases[j];
  let odd = 0;
  for (let k = 0; k < stride; k += 2) {
    even += W[at + k] * (vectors[hi + k] - vectors[hj + k]);
    odd += W[at + k + 1] * (vectors[hi + k + 1] - vectors[hj + k + 1]);
  }
  return 1 / (1 + Math.exp(even + odd));
}

export interface BprEpochTask {
  readonly observed: Csr;
  /** Customer of each pair of `observed`. */
  readonly customerOf: Int32Array;
  /** W, customers × stride. Written, as are the products. */
  readonly customers: Float32Array;
  readonly products: BprProducts;
  readonly regularisation: BprRegularisation;
  /** η. */
  readonly rate: number;
  readonly seed: number;
  readonly epoch: number;
}

/**
 * As many steps of LearnBPR (Rendle et al. 2009, fig. 4) as there are pairs: a pair drawn with replacement, a negative drawn
 * uniformly, then ascent on ln σ(x̂_uij) - λ‖Θ‖². One task, hence one order of the steps whatever the threads.
 * O(pairs · (d + log pairs per customer)).
 */
export function runBprEpoch(task: BprEpochTask): null {
  const { observed, customerOf, customers, products, regularisation, rate, seed, epoch } = task;
  const { offsets, indices, columns } = observed;
  const random = createRandom(seed, 2, epoch);
  for (let step = 0; step < indices.length; step++) {
    const e = draw(random, indices.length);
    const u = customerOf[e];
    const j = drawNegative(random, columns, indices, offsets[u], offsets[u + 1]);
    if (j >= 0) ascend(products, customers, u * products.stride, indices[e], j, rate, regularisation);
  }
  return null;
}

function ascend(
  products: BprProducts,
  W: Float32Array,
  at: number,
  i: number,
  j: number,
  rate: number,
  regularisation: BprRegularisation,
): void {
  const { vectors, biases, stride } = products;
  const pull = rate * disorder(products, W, at, i, j);
  const keepCustomer = 1 - rate * regularisation.customers;
  const keepProduct = 1 - rate * regularisation.products;
  const keepBias = 1 - rate * regularisation.biases;
  const hi = i * stride;
  const hj = j * stride;
  for (let k = 0; k < stride; k++) {
    const w = W[at + k];
    const better = vectors[hi + k];
    const worse = vectors[hj + k];
    W[at + k] = keepCustomer * w + pull * (better - worse);
    vectors[hi + k] = keepProduct * better + pull * w;
    vectors[hj + k] = keepProduct * worse - pull * w;
  }
  biases[i] = keepBias * biases[i] + pull;
  biases[j] = keepBias * biases[j] - pull;
}

/**
 * Folds a customer in: overwrites W with the vector that `epochs` passes of the same ascent over the customer's own products
 * lead to from 0, the products being fixed (the problem is then convex); η falls linearly to 0, which averages the draws out.
 * @param history ascending
 */
export function foldInBpr(
  W: Float32Array,
  products: BprProducts,
  history: Int32Array,
  { epochs, rate, regularisation }: BprFoldIn,
): void {
  const { vectors, biases, stride } = products;
  const n = history.length;
  const random = createRandom(FOLD_IN_SEED);
  W.fill(0);
  for (let step = 0; step < epochs * n; step++) {
    const j = drawNegative(random, biases.length, history, 0, n);
    if (j < 0) continue;
    const i = history[step % n];
    const eta = rate * (1 - step / (epochs * n));
    const pull = eta * disorder(products, W, 0, i, j);
    const keep = 1 - eta * regularisation;
    const hi = i * stride;
    const hj = j * stride;
    for (let k = 0; k < stride; k++) W[k] = keep * W[k] + pull * (vectors[hi + k] - vectors[hj + k]);
  }
}

export interface BprFoldIn {
  readonly epochs: number;
  /** η of the first step. */
  readonly rate: number;
  /** λ of the customer's vector. */
  readonly regularisation: number;
}
