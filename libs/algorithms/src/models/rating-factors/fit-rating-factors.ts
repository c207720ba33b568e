import type { Csr } from '../../dataset/csr.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { cutRows } from '../../kernels/row-blocks.js';
import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Executor } from '../../parallel/executor.js';
import { sharedFloat32, sharedFloat64 } from '../../parallel/shared-arrays.js';
import { createRandom } from '../../statistics/random.js';
import type { FitContext } from '../algorithm.js';
import { factorPrecision, noisePrecision } from './learnt-priors.js';
import type { FactorRows, RatingScale } from './posterior-row.js';
import type { RatingFactorParams } from './rating-factor-parameters.js';

/** Multiply-adds of one task: some 20 ms. */
const SOLVE_BLOCK_OPERATIONS = 2e7;
/** Columns of one feedback task. */
const FEEDBACK_COLUMNS = 8;
/**
 * Sweeps with these before any is learnt, if learning them at once has pruned every factor: on little data the vectors are
 * still noise then, and a prior learnt from noise never lets a pattern grow.
 */
const PATIENT_SWEEPS = 5;
/** Largest share of the ratings' variance that all factors together explain when every one is pruned. */
const PRUNED_SHARE = 1e-3;
/** Before anything is learnt: τ, α of a bias, α of a factor, λ. */
const INITIAL = { noise: 1.5, bias: 5, factor: 5, weight: 100 };

/** Customers or products: posterior, prior, and the weights of the other side's rows in that prior's mean. */
interface Side extends FactorRows {
  /** Rows of this side × rows of the other. */
  readonly observed: Csr;
  readonly priorMeans: Float32Array;
  /** α. */
  readonly precisions: Float64Array;
  /** Rows of the other side × stride. */
  readonly weights: Float32Array;
  /** λ. */
  readonly weightPrecisions: Float64Array;
  /** Σ_r Var m_r of each column. */
  readonly priorMeanVariance: Float64Array;
}

/** What a model keeps. */
export interface RatingFactors {
  readonly products: FactorRows;
  /** Products × stride; empty without feedback. */
  readonly feedback: Float32Array;
  /** α of customers, length stride. */
  readonly precisions: Float64Array;
  /** τ. */
  readonly noisePrecision: number;
  readonly scale: RatingScale;
}

/** Mean and standard deviation of all values; 0 and 1 where there are none, deviation 1 where all are equal. */
export function ratingScaleOf(values: Float32Array): RatingScale {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = values.length > 0 ? sum / values.length : 0;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  // Below that, differences are rounding errors of equal values.
  const deviation = Math.sqrt(squares / Math.max(1, values.length));
  return { mean, deviation: deviation > 1e-6 * Math.abs(mean) ? deviation : 1 };
}

function allocateSide(observed: Csr, stride: number, usesFeedback: boolean): Side {
  const cells = observed.rows * stride;
  return {
    observed,
    means: sharedFloat32(cells),
    variances: sharedFloat32(cells),
    priorMeans: sharedFloat32(cells),
    precisions: sharedFloat64(stride),
    weights: sharedFloat32(usesFeedback ? observed.columns * stride : 0),
    weightPrecisions: sharedFloat64(stride),
    priorMeanVariance: sharedFloat64(stride),
  };
}

/** Back to before the first sweep. */
function resetSide(side: Side): void {
  for (const cells of [side.means, side.variances, side.priorMeans, side.weights]) cells.fill(0);
  side.precisions.fill(INITIAL.factor);
  side.precisions[0] = INITIAL.bias;
  side.weightPrecisions.fill(INITIAL.weight);
  side.priorMeanVariance.fill(0);
}

/** The alternation itself. All sums run over blocks that depend on the data alone, in their order. */
class RatingFactorFit {
  readonly customers: Side;
  readonly products: Side;
  readonly scale: RatingScale;
  noise = INITIAL.noise;
  private readonly dimensions: number;
  private readonly stride: number;
  private readonly executor: Executor;

  constructor(data: TrainingSet, factors: number, usesFeedback: boolean, executor: Executor) {
    this.dimensions = factors + 1;
    this.stride = paddedStride(this.dimensions);
    this.customers = allocateSide(data.byCustomer, this.stride, usesFeedback);
    this.products = allocateSide(data.byProduct, this.stride, usesFeedback);
    this.scale = ratingScaleOf(data.byCustomer.values);
    this.executor = executor;
  }

  initialise(initialScale: number, seed: number): void {
    for (const side of [this.customers, this.products]) resetSide(side);
    this.noise = INITIAL.noise;
    const random = createRandom(seed, 1);
    const { means, observed } = this.products;
    for (let r = 0; r < observed.rows; r++) {
      for (let k = 1; k < this.dimensions; k++)
        means[r * this.stride + k] = initialScale * random.nextGaussian();
    }
  }

  async sweep(learnsPriors: boolean): Promise<void> {
    await this.solveSide(this.customers, this.products);
    await this.regressFeedback(this.customers, this.products);
    const squaredError = await this.solveSide(this.products, this.customers);
    await this.regressFeedback(this.products, this.customers);
    if (!learnsPriors) return;
    this.learnPrecisions(this.customers);
    this.learnPrecisions(this.products);
    this.noise = noisePrecision(this.customers.observed.indices.length, squaredError);
  }

  /** Whether no factor is left, only biases: Σ_k E(p_k²) E(q_k²), as means over the rows, is next to nothing. */
  get isPruned(): boolean {
    let explained = 0;
    for (let k = 1; k < this.dimensions; k++)
      explained += this.meanSquare(this.customers, k) * this.meanSquare(this.products, k);
    return explained < PRUNED_SHARE;
  }

  private meanSquare({ means, observed }: Side, k: number): number {
    let squares = 0;
    for (let at = k; at < means.length; at += this.stride) squares += means[at] ** 2;
    return observed.rows === 0 ? 0 : squares / observed.rows;
  }

  /** Overwrites the posterior of each row of `side`, given the other side; returns the expected squared error. */
  private async solveSide(side: Side, fixed: Side): Promise<number> {
    const { observed, precisions, priorMeans } = side;
    const { dimensions, stride, scale, noise } = this;
    const { offsets } = observed;
    const cost = (row: number) => stride ** 3 / 2 + ((offsets[row + 1] - offsets[row]) * stride * stride) / 2;
    const shared = {
      observed,
      fixed: { means: fixed.means, variances: fixed.variances },
      solved: { means: side.means, variances: side.variances },
      prior: { precisions, means: priorMeans },
      noisePrecision: noise,
      scale,
      dimensions,
      stride,
    };
    const blocks = cutRows(observed.rows, cost, SOLVE_BLOCK_OPERATIONS);
    const errors = await this.executor.map(
      'rating-rows',
      blocks.map((block) => ({ ...shared, ...block })),
    );
    return errors.reduce((sum, error) => sum + error, 0);
  }

  /** Renews the weights, prior means and λ of `side`. */
  private async regressFeedback(side: Side, sources: Side): Promise<void> {
    const { observed, means, precisions, priorMeans, weights, weightPrecisions, priorMeanVariance } = side;
    const { stride } = this;
    if (weights.length === 0) return;
    const shared = { bySource: sources.observed, precisions, priorMeans, weights, weightPrecisions };
    const blocks = cutRows(stride, () => 1, FEEDBACK_COLUMNS);
    const sums = await this.executor.map(
      'regress-feedback',
      blocks.map((block) => ({ observed, means, stride, ...shared, ...block })),
    );
    blocks.forEach(({ start, end }, b) => {
      priorMeanVariance.set(sums[b].priorMeanVariance, start);
      for (let k = start; k < Math.min(end, this.dimensions); k++)
        weightPrecisions[k] = factorPrecision(observed.columns, sums[b].squaredWeights[k - start]);
    });
  }

  /** α of the columns that are in use, from Σ E(x - m)². */
  private learnPrecisions({ observed, means, variances, priorMeans, precisions, priorMeanVariance }: Side) {
    const { stride } = this;
    for (let k = 0; k < this.dimensions; k++) {
      let squares = priorMeanVariance[k];
      for (let at = k; at < means.length; at += stride)
        squares += (means[at] - priorMeans[at]) ** 2 + variances[at];
      precisions[k] = factorPrecision(observed.rows, squares);
    }
  }
}

/** Learns all of a model's parameters and all regularisation; a second time, patiently, if nothing but biases is left. */
export async function fitRatingFactors(
  data: TrainingSet,
  { factors, initialScale, sweeps }: RatingFactorParams,
  usesFeedback: boolean,
  { seed, executor, onProgress }: FitContext,
): Promise<RatingFactors> {
  const fit = new RatingFactorFit(data, factors, usesFeedback, executor);
  const alternate = async (patientSweeps: number) => {
    fit.initialise(initialScale, seed);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      await fit.sweep(sweep >= patientSweeps);
      // The second time there is no telling how much is left of what was to be all.
      onProgress?.(patientSweeps > 0 ? 1 : (sweep + 1) / sweeps);
    }
  };
  await alternate(0);
  if (fit.isPruned) await alternate(Math.min(PATIENT_SWEEPS, Math.floor(sweeps / 2)));
  const { customers, products, scale, noise } = fit;
  return {
    products,
    feedback: customers.weights,
    precisions: customers.precisions,
    noisePrecision: noise,
    scale,
  };
}
