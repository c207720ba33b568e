import { createRandom } from '../../statistics/random.js';

/** What is maximised over the weights of `parts` parts. */
interface Objective {
  readonly parts: number;
  ndcg(weights: readonly number[]): number;
}

/** Steps of the grid over the simplex, as long as it has no more points than this; random points otherwise. */
const GRID_STEPS = 10;
const MAXIMUM_POINTS = 300;
const ROUNDS = 6;
/** What one weight is multiplied by, the others keeping their ratios. */
const MOVES = [0, 0.5, 0.75, 0.9, 1.1, 1.35, 2];

/** Points of the simplex with coordinates k / steps; C(steps + parts - 1, parts - 1) of them. */
export function simplexGrid(parts: number, steps: number): number[][] {
  const points: number[][] = [];
  const fill = (head: number[], left: number) => {
    if (head.length === parts - 1) {
      points.push([...head, left].map((count) => count / steps));
      return;
    }
    for (let count = 0; count <= left; count++) fill([...head, count], left - count);
  };
  fill([], steps);
  return points;
}

function gridSize(parts: number): number {
  let size = 1;
  for (let i = 1; i < parts; i++) size = (size * (GRID_STEPS + i)) / i;
  return size;
}

/** Uniform over the simplex: normalised exponentials. */
function randomPoints(parts: number, seed: number): number[][] {
  const random = createRandom(seed, 3);
  return Array.from({ length: MAXIMUM_POINTS }, () =>
    ontoSimplex(Array.from({ length: parts }, () => -Math.log(1 - random.nextFloat()))),
  );
}

function ontoSimplex(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  // Four decimals are more than the held-out pairs can tell apart, and read well.
  return weights.map((weight) => Math.round((weight / sum) * 1e4) / 1e4);
}

/**
 * The best weights found: the given ones, a grid over the simplex (random points from five parts on), then moves of one
 * weight at a time from the best until none helps. The first of equals wins, so the result is deterministic.
 */
export function searchWeights(objective: Objective, given: readonly number[], seed: number): number[] {
  let best = ontoSimplex(given);
  let bestScore = objective.ndcg(best);
  const consider = (weights: readonly number[]) => {
    const score = objective.ndcg(weights);
    if (!(score > bestScore)) return false;
    best = [...weights];
    bestScore = score;
    return true;
  };
  const { parts } = objective;
  const grid = gridSize(parts) <= MAXIMUM_POINTS;
  for (const point of grid ? simplexGrid(parts, GRID_STEPS) : randomPoints(parts, seed)) consider(point);
  if (!grid) for (let c = 0; c < parts; c++) consider(best.map((_, other) => (other === c ? 1 : 0)));
  for (let round = 0; round < ROUNDS; round++) {
    let improved = false;
    for (let c = 0; c < parts; c++) {
      for (const move of MOVES) {
        const moved = best.map((weight, other) => (other === c ? weight * move : weight));
        if (moved.some((weight) => weight > 0)) improved = consider(ontoSimplex(moved)) || improved;
      }
    }
    if (!improved) break;
  }
  return best;
}
