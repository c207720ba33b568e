import type { Csr } from '#libs/algorithms';

/*
 * implicit minimises, for observed pairs S all of confidence c,
 *   L(x, y)  = Σ_S c (1 - ŷ)² + Σ_other ŷ² + λ (|x|² + |y|²)
 * and ours, with α₀ = 1, ν = 0 and all weights w,
 *   L'(x, y) = Σ_S w (1 - ŷ)² + Σ_all ŷ² + λ' (|x|² + |y|²).
 * Put w = c - 1, t = w / (w + 1), λ' = t λ. Then L'(√t x, √t y) = t² L(x, y) + t |S|: on S, both are c ŷ² t² less
 * 2 c ŷ t² but for a constant; elsewhere both are ŷ² t²; and λ' t = λ t². So both have the same minima, and L of ours is
 * the loss of its vectors divided by √t.
 */

export interface Factorisation {
  /** Customers × stride. */
  readonly customers: Float32Array;
  /** Products × stride. */
  readonly products: Float32Array;
  readonly stride: number;
}

export interface ImplicitLoss {
  /** c, above 1. */
  readonly confidence: number;
  /** λ. */
  readonly regularization: number;
}

/** The parameters of ours that have the same minima on pairs of value 1; c ≥ 2. */
export function equivalentParams({ confidence, regularization }: ImplicitLoss) {
  const weight = confidence - 1;
  return {
    unobservedWeight: 1,
    frequencyExponent: 0,
    confidenceScale: weight - 1,
    regularisation: (regularization * weight) / confidence,
  };
}

/** What ours is multiplied with, 1 / √t, to be measured by implicit's loss. */
export function scaleOfOurs({ confidence }: ImplicitLoss): number {
  return Math.sqrt(confidence / (confidence - 1));
}

/** L of the factors times `scale`. O((pairs + (customers + products) · stride) · stride). */
export function lossOf(
  { customers, products, stride }: Factorisation,
  { rows, offsets, indices }: Csr,
  { confidence, regularization }: ImplicitLoss,
  scale = 1,
): number {
  const squared = scale * scale;
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      const score = squared * dot(customers, r * stride, products, indices[e] * stride, stride);
      loss += confidence * (1 - score) ** 2 - score * score;
    }
  }
  const ours = gramOf(customers, stride);
  const theirs = gramOf(products, stride);
  for (let i = 0; i < ours.length; i++) loss += squared * squared * ours[i] * theirs[i];
  for (let f = 0; f < stride; f++)
    loss += regularization * squared * (ours[f * stride + f] + theirs[f * stride + f]);
  return loss;
}

function dot(a: Float32Array, at: number, b: Float32Array, bt: number, length: number): number {
  let sum = 0;
  for (let f = 0; f < length; f++) sum += a[at + f] * b[bt + f];
  return sum;
}

function gramOf(vectors: Float32Array, stride: number): Float64Array {
  const gram = new Float64Array(stride * stride);
  for (let at = 0; at < vectors.length; at += stride) {
    for (let i = 0; i < stride; i++) {
      const value = vectors[at + i];
      for (let j = 0; j < stride; j++) gram[i * stride + j] += value * vectors[at + j];
    }
  }
  return gram;
}

/** Checks the derivation above and `lossOf` on a case small enough to write both sums out. */
export function verifyLoss(): void {
  const loss = { confidence: 5, regularization: 0.3 };
  const [rows, columns, stride] = [3, 4, 2];
  const offsets = Int32Array.of(0, 2, 2, 4);
  const indices = Int32Array.of(0, 3, 1, 3);
  const observed: Csr = { rows, columns, offsets, indices, values: new Float32Array(4).fill(1) };
  const customers = Float32Array.from({ length: rows * stride }, (_, i) => Math.sin(i + 1));
  const products = Float32Array.from({ length: columns * stride }, (_, i) => Math.cos(2 * i + 1));
  const params = equivalentParams(loss);
  const scale = scaleOfOurs(loss);
  const [weight, t] = [1 + params.confidenceScale, 1 / scale ** 2];
  let ours = 0;
  let theirs = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const isObserved = indices.subarray(offsets[r], offsets[r + 1]).includes(c);
      const score = dot(customers, r * stride, products, c * stride, stride);
      ours += (isObserved ? weight * (1 - score) ** 2 : 0) + params.unobservedWeight * score ** 2;
      const scaled = score / t;
      theirs += isObserved ? loss.confidence * (1 - scaled) ** 2 : scaled ** 2;
    }
  }
  const norms = [...customers, ...products].reduce((sum, value) => sum + value ** 2, 0);
  ours += params.regularisation * norms;
  theirs += (loss.regularization * norms) / t;
  const fast = lossOf({ customers, products, stride }, observed, loss, scale);
  const agree = (a: number, b: number) => Math.abs(a - b) < 1e-9 * Math.abs(a);
  if (!agree(theirs, fast) || !agree(ours, t * t * theirs + t * indices.length))
    throw new Error(`the two losses do not agree: ${ours}, ${theirs}, ${fast}`);
}
