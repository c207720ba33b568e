import type { Csr } from '../dataset/csr.js';
import { emptyPairs } from '../dataset/pair-targets.js';
import type { PairTargets } from '../dataset/pair-targets.js';
import type { Model } from '../models/algorithm.js';
import type { Executor } from '../parallel/executor.js';
import { scorePairs } from './calibrate-model.js';
import type { Calibration } from './calibration.js';
import { applyCalibration } from './calibration.js';

/** How a score becomes a value on the scale of the data. */
export interface PredictionScale {
  /** For models whose scores are no values; undefined for those that predict them (`predictsValues`). */
  readonly calibration?: Calibration;
  /** Of the training values: stands in for a score of exactly 0, which says that the model knows nothing. */
  readonly mean: number;
  /** Of the training values: predictions are kept within. */
  readonly low: number;
  readonly high: number;
}

/** Mean, smallest and largest value; all 0 for an empty matrix. */
export function scaleOf({ values }: Csr): Omit<PredictionScale, 'calibration'> {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { mean: sum / values.length, low, high };
}

/** One row for each test pair; equal lengths. */
export interface PredictionErrors {
  readonly customer: Int32Array;
  readonly squared: Float64Array;
  readonly absolute: Float64Array;
}

/**
 * Errors of the predicted values of the test pairs. Each customer is folded in from the history; a customer without one
 * gets what the model says to nobody in particular.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export async function evaluatePredictions(
  model: Model,
  histories: Csr,
  test: PairTargets,
  scale: PredictionScale,
  executor: Executor,
): Promise<PredictionErrors> {
  const { targetScores } = await scorePairs(
    { histories, targets: test, negatives: emptyPairs(), executor },
    model,
  );
  const squared = new Float64Array(targetScores.length);
  const absolute = new Float64Array(targetScores.length);
  targetScores.forEach((score, i) => {
    const { calibration, mean, low, high } = scale;
    const raw = score === 0 || Number.isNaN(score) ? mean : score;
    const value = calibration === undefined ? raw : applyCalibration(calibration, score);
    const error = Math.min(high, Math.max(low, value)) - test.strength[i];
    squared[i] = error * error;
    absolute[i] = Math.abs(error);
  });
  return { customer: test.customer, squared, absolute };
}
