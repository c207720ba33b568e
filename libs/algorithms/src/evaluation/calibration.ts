import { AlgorithmRangeError } from '../errors.js';

/**
 * A non-decreasing, piecewise linear map from a model's score to the scale of preference strength; plain JSON. Constant
 * beyond the first and the last knot.
 */
export interface Calibration {
  readonly kind: 'isotonic' | 'affine';
  /** Knots: scores strictly ascending, and the strength at each. */
  readonly scores: readonly number[];
  readonly values: readonly number[];
}

/** Below this many points, or with a single distinct score, steps would follow the noise: a line is fitted instead. */
const MINIMUM_ISOTONIC_POINTS = 100;
/** Points are pooled into this many groups of neighbouring scores first: keeps a stored calibration small. */
const MAXIMUM_GROUPS = 256;

/** Points that share one fitted value. */
interface Pool {
  weight: number;
  scoreSum: number;
  targetSum: number;
}

/** Groups of about equal size in the order of scores; equal scores are never parted. */
function groupByScore(scores: Float64Array, targets: Float64Array): Pool[] {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => scores[a] - scores[b] || targets[a] - targets[b],
  );
  const size = Math.max(1, Math.ceil(order.length / MAXIMUM_GROUPS));
  const groups: Pool[] = [];
  for (let i = 0; i < order.length; i++) {
    const isNew = i === 0 || scores[order[i]] !== scores[order[i - 1]];
    const last = groups[groups.length - 1];
    if (last === undefined || (isNew && last.weight >= size))
      groups.push({ weight: 0, scoreSum: 0, targetSum: 0 });
    const group = groups[groups.length - 1];
    group.weight++;
    group.scoreSum += scores[order[i]];
    group.targetSum += targets[order[i]];
  }
  return groups;
}

/**
 * Isotonic regression by pool-adjacent-violators.
 * Source: Ayer et al. (1955); for calibration, Zadrozny and Elkan (2002).
 */
function poolAdjacentViolators(groups: readonly Pool[]): Pool[] {
  const pools: Pool[] = [];
  for (const group of groups) {
    let current = { ...group };
    for (let last = pools[pools.length - 1]; last !== undefined; last = pools[pools.length - 1]) {
      if (last.targetSum / last.weight < current.targetSum / current.weight) break;
      pools.pop();
      current = {
        weight: last.weight + current.weight,
        scoreSum: last.scoreSum + current.scoreSum,
        targetSum: last.targetSum + current.targetSum,
      };
    }
    pools.push(current);
  }
  return pools;
}

/** Adding 0 turns -0 into 0: JSON, in which a calibration is stored, does not know -0. */
function calibrationOf(kind: Calibration['kind'], scores: number[], values: number[]): Calibration {
  return { kind, scores: scores.map((score) => score + 0), values: values.map((value) => value + 0) };
}

/** Least-squares line, slope at least 0, as two knots at the lowest and highest score seen (clipped beyond). */
function fitLine(scores: Float64Array, targets: Float64Array): Calibration {
  const n = scores.length;
  const meanScore = scores.reduce((sum, s) => sum + s, 0) / n;
  const meanTarget = targets.reduce((sum, t) => sum + t, 0) / n;
  let covariance = 0;
  let variance = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    covariance += (scores[i] - meanScore) * (targets[i] - meanTarget);
    variance += (scores[i] - meanScore) ** 2;
    low = Math.min(low, scores[i]);
    high = Math.max(high, scores[i]);
  }
  const slope = variance > 0 ? Math.max(0, covariance / variance) : 0;
  const at = (score: number) => meanTarget + slope * (score - meanScore);
  return low < high
    ? calibrationOf('affine', [low, high], [at(low), at(high)])
    : calibrationOf('affine', [low], [meanTarget]);
}

/**
 * The calibration that minimises squared error on (score, target) points: isotonic with linear interpolation between the
 * centres of its pools, or a line when there are too few points. Without any point everything maps to 0.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, PARAMETER_INVALID for a score or target that is not finite
 */
export function fitCalibration(scores: Float64Array, targets: Float64Array): Calibration {
  if (scores.length !== targets.length) {
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'targets',
      `${targets.length} for ${scores.length} scores`,
    );
  }
  if (!scores.every(Number.isFinite) || !targets.every(Number.isFinite)) {
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'scores', 'scores and targets must be finite');
  }
  if (scores.length === 0) return { kind: 'affine', scores: [0], values: [0] };
  const groups = groupByScore(scores, targets);
  if (scores.length < MINIMUM_ISOTONIC_POINTS || groups.length < 2) return fitLine(scores, targets);
  const pools = poolAdjacentViolators(groups);
  return calibrationOf(
    'isotonic',
    pools.map(({ scoreSum, weight }) => scoreSum / weight),
    pools.map(({ targetSum, weight }) => targetSum / weight),
  );
}

/** The strength that a score stands for; NaN (a product unknown to the model) counts as the lowest score there is. */
export function applyCalibration({ scores, values }: Calibration, score: number): number {
  const last = scores.length - 1;
  if (!(score > scores[0])) return values[0];
  if (score >= scores[last]) return values[last];
  let below = 0;
  let above = last;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (scores[middle] <= score) below = middle;
    else above = middle;
  }
  const share = (score - scores[below]) / (scores[above] - scores[below]);
  return values[below] + share * (values[above] - values[below]);
}
