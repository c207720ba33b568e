import type { SeededRandom } from './seeded-random.js';

/** Box–Muller; the second variate is thrown away so that a stream's position depends on the number of calls alone. */
export function drawNormal(random: SeededRandom, mean = 0, deviation = 1): number {
  const radius = Math.sqrt(-2 * Math.log(random.next()));
  return mean + deviation * radius * Math.cos(2 * Math.PI * random.next());
}

/** Median 1; `deviation` is that of the logarithm. */
export function drawLogNormal(random: SeededRandom, deviation: number): number {
  return Math.exp(drawNormal(random, 0, deviation));
}

export function drawExponential(random: SeededRandom, mean: number): number {
  return -mean * Math.log(random.next());
}

/** Marsaglia & Tsang (2000); shapes below 1 by the boost gamma(a) = gamma(a + 1) · U^(1/a). */
export function drawGamma(random: SeededRandom, shape: number, scale = 1): number {
  if (!(shape > 0) || !(scale > 0))
    throw new RangeError(`gamma needs positive parameters, got ${shape}, ${scale}`);
  if (shape < 1) return drawGamma(random, shape + 1, scale) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

const POISSON_SPLIT = 30;

/** Knuth's product method in pieces of at most 30, so that exp(-mean) never underflows; O(mean). */
export function drawPoisson(random: SeededRandom, mean: number): number {
  if (!(mean >= 0) || mean === Infinity)
    throw new RangeError(`Poisson needs a finite mean of at least 0, got ${mean}`);
  let count = 0;
  for (let rest = mean; rest > 0; rest -= POISSON_SPLIT) {
    const floor = Math.exp(-Math.min(rest, POISSON_SPLIT));
    for (let product = random.next(); product > floor; product *= random.next()) count += 1;
  }
  return count;
}

/** Zipf weights 1 / (rank + 1)^exponent, normalised to sum 1. */
export function zipfWeights(count: number, exponent: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Index with probability proportional to its weight, by one walk: right for weights that are used once. */
export function drawIndex(random: SeededRandom, weights: ArrayLike<number>, length = weights.length): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += weights[i]!;
  if (!(total > 0)) return -1;
  let rest = random.next() * total;
  for (let i = 0; i < length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  // Rounding can leave a crumb: it belongs to the last index that had any weight.
  for (let i = length - 1; i >= 0; i--) if (weights[i]! > 0) return i;
  return -1;
}

/** Fisher–Yates on a copy. */
export function shuffled<T>(random: SeededRandom, values: readonly T[]): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
