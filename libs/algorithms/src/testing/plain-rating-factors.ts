import type { Csr } from '../dataset/csr.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { createRandom } from '../statistics/random.js';

/*
 * The model of `fit-rating-factors.ts` once more, for tests: arrays of arrays, Gauss-Jordan, no blocks, nothing shared. Rows are
 * [bias, ...factors].
 */

interface PlainSide {
  means: number[][];
  variances: number[][];
  priorMeans: number[][];
  weights: number[][];
  alpha: number[];
  lambda: number[];
  /** Per row: [index on the other side, standardised value]. */
  ratings: [number, number][][];
}

interface PlainFit {
  customers: PlainSide;
  products: PlainSide;
  tau: number;
  mean: number;
  deviation: number;
  lowest: number;
  highest: number;
}

/** Inverse by Gauss-Jordan elimination; the matrices here are positive definite. */
function inverse(matrix: number[][]): number[][] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivot = a[k][k];
    a[k] = a[k].map((value) => value / pivot);
    for (let i = 0; i < n; i++) {
      const factor = a[i][k];
      if (i !== k) a[i] = a[i].map((value, j) => value - factor * a[k][j]);
    }
  }
  return a.map((row) => row.slice(n));
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function solveRow(
  ratings: [number, number][],
  fixed: PlainSide,
  alpha: number[],
  prior: number[],
  tau: number,
) {
  const A = alpha.map((value, k) => alpha.map((_, l) => (k === l ? value : 0)));
  const right = alpha.map((value, k) => value * prior[k]);
  for (const [j, y] of ratings) {
    const f = [1, ...fixed.means[j].slice(1)];
    f.forEach((fk, k) => {
      f.forEach((fl, l) => (A[k][l] += tau * fk * fl));
      if (k > 0) A[k][k] += tau * fixed.variances[j][k];
      right[k] += tau * fk * (y - fixed.means[j][0]);
    });
  }
  const covariance = inverse(A);
  return {
    mean: covariance.map((row) => sum(row.map((value, k) => value * right[k]))),
    variance: covariance.map((row, k) => row[k]),
  };
}

const feedback = (weights: number[][], row: [number, number][], dimensions: number) =>
  Array.from({ length: dimensions }, (_, k) =>
    row.length === 0 ? 0 : sum(row.map(([j]) => weights[j][k])) / Math.sqrt(row.length),
  );

function solveSide(side: PlainSide, fixed: PlainSide, tau: number): void {
  side.ratings.forEach((ratings, r) => {
    const { mean, variance } = solveRow(ratings, fixed, side.alpha, side.priorMeans[r], tau);
    side.means[r] = mean;
    side.variances[r] = variance;
  });
}

/** @returns Σ Var of the prior means, per column */
function regress(side: PlainSide, sources: PlainSide): number[] {
  const squares = side.lambda.map(() => 0);
  const variance = side.lambda.map(() => 0);
  sources.ratings.forEach((having, j) => {
    side.lambda.forEach((lambda, k) => {
      const shares = having.map(([r]) => 1 / Math.sqrt(side.ratings[r].length));
      const squaredShares = sum(shares.map((share) => share ** 2));
      const gradient = sum(
        having.map(([r], e) => {
          const current = feedback(side.weights, side.ratings[r], side.lambda.length)[k];
          return shares[e] * (side.means[r][k] - current);
        }),
      );
      const precision = lambda + side.alpha[k] * squaredShares;
      side.weights[j][k] = (side.alpha[k] * (gradient + squaredShares * side.weights[j][k])) / precision;
      squares[k] += side.weights[j][k] ** 2 + 1 / precision;
      variance[k] += squaredShares / precision;
    });
  });
  side.priorMeans = side.ratings.map((row) => feedback(side.weights, row, side.lambda.length));
  side.lambda = squares.map((value) => (sources.ratings.length + 2) / (value + 0.1));
  return variance;
}

function learnAlpha(side: PlainSide, priorMeanVariance: number[]): void {
  side.alpha = side.alpha.map((_, k) => {
    const squares = side.means.map(
      (mean, r) => (mean[k] - side.priorMeans[r][k]) ** 2 + side.variances[r][k],
    );
    return (side.means.length + 2) / (sum(squares) + priorMeanVariance[k] + 0.1);
  });
}

function expectedError({ customers, products }: PlainFit): number {
  return sum(
    customers.ratings.flatMap((row, u) =>
      row.map(([i, y]) => {
        const [x, z, vx, vz] = [
          customers.means[u],
          products.means[i],
          customers.variances[u],
          products.variances[i],
        ];
        let error = y - x[0] - z[0];
        let variance = vx[0] + vz[0];
        for (let k = 1; k < x.length; k++) {
          error -= x[k] * z[k];
          variance += x[k] ** 2 * vz[k] + z[k] ** 2 * vx[k] + vx[k] * vz[k];
        }
        return error ** 2 + variance;
      }),
    ),
  );
}

/** A side before the first sweep. */
function plainSide(matrix: Csr, dimensions: number, standardise: (value: number) => number): PlainSide {
  const zeros = (rows: number) => Array.from({ length: rows }, () => new Array<number>(dimensions).fill(0));
  const ratings = zeros(matrix.rows).map((_, r) => {
    const [start, end] = [matrix.offsets[r], matrix.offsets[r + 1]];
    return [...matrix.indices.subarray(start, end)].map((j, e): [number, number] => [
      j,
      standardise(matrix.values[start + e]),
    ]);
  });
  return {
    means: zeros(matrix.rows),
    variances: zeros(matrix.rows),
    priorMeans: zeros(matrix.rows),
    weights: zeros(matrix.columns),
    alpha: new Array<number>(dimensions).fill(5),
    lambda: new Array<number>(dimensions).fill(100),
    ratings,
  };
}

function sweep(fit: PlainFit, usesFeedback: boolean): void {
  const { customers, products } = fit;
  const none = customers.alpha.map(() => 0);
  solveSide(customers, products, fit.tau);
  const customerVariance = usesFeedback ? regress(customers, products) : none;
  solveSide(products, customers, fit.tau);
  const error = expectedError(fit);
  const productVariance = usesFeedback ? regress(products, customers) : none;
  learnAlpha(customers, customerVariance);
  learnAlpha(products, productVariance);
  fit.tau = (customers.ratings.flat().length + 2) / (error + 2);
}

export function plainFit(
  data: TrainingSet,
  params: { factors: number; sweeps: number; initialScale: number },
  seed: number,
  usesFeedback: boolean,
): PlainFit {
  const values = [...data.byCustomer.values];
  const mean = sum(values) / values.length;
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  const dimensions = params.factors + 1;
  const standardise = (value: number) => (value - mean) / deviation;
  const fit: PlainFit = {
    customers: plainSide(data.byCustomer, dimensions, standardise),
    products: plainSide(data.byProduct, dimensions, standardise),
    tau: 1.5,
    mean,
    deviation,
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
  const random = createRandom(seed, 1);
  for (const row of fit.products.means)
    for (let k = 1; k < dimensions; k++) row[k] = params.initialScale * random.nextGaussian();
  for (let s = 0; s < params.sweeps; s++) sweep(fit, usesFeedback);
  return fit;
}

/** Predictions for every product. */
export function plainFoldIn(fit: PlainFit, products: number[], values: number[]): number[] {
  const { customers, products: fixed, mean, deviation, lowest, highest } = fit;
  const ratings = products.map((p, e): [number, number] => [p, (values[e] - mean) / deviation]);
  const prior = feedback(customers.weights, ratings, customers.alpha.length);
  const { mean: x } = solveRow(ratings, fixed, customers.alpha, prior, fit.tau);
  return fixed.means.map((z) => {
    const value = mean + deviation * (x[0] + z[0] + sum(z.map((q, k) => (k === 0 ? 0 : q * x[k]))));
    const inRange = Math.max(lowest, Math.min(highest, value));
    return inRange + 1e-3 * (value - inRange);
  });
}
