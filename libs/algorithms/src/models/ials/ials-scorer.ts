import { alignedBytes } from '../../kernels/wasm/kernel-memory.js';
import type { KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import type { KernelExports } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import { takeStage } from '../../kernels/wasm/kernel-stage.js';
import type { Scorer } from '../algorithm.js';
import type { History } from '../canonical-history.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import { solveScratchBytes } from './ials-kernels.js';
import type { IalsParams } from './ials-parameters.js';
import { IalsRowSolver, ridgeOf, weightsOf } from './ials-row-solver.js';

const EXACT = { kind: 'exact' } as const;
/** Longest history that the kernel memory has room for; a longer one is solved by the plain twin. */
const MOST_PAIRS = 16384;

export interface FittedIals {
  readonly params: IalsParams;
  readonly productCount: number;
  readonly stride: number;
  /** products × stride. */
  readonly vectors: Float32Array;
  /** α₀ HᵀH, upper triangle. */
  readonly unobserved: Float64Array;
}

interface Staged {
  readonly kernels: KernelExports;
  readonly vectors: Float32Array;
  readonly gram: Float32Array;
  readonly customer: Float32Array;
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly weights: Float32Array;
  readonly ridges: Float32Array;
  readonly scores: Float32Array;
  readonly scratch: Float32Array;
}

/** Folds customers in exactly (one half-step of the alternation) and scores all products with the kernels. */
export class IalsScorer implements Scorer {
  /** Of the last `scoreInto`. */
  private readonly customer: Float32Array;
  private readonly solver: IalsRowSolver;
  private staged!: Staged;

  constructor(private readonly model: FittedIals) {
    this.customer = new Float32Array(model.stride);
    this.solver = new IalsRowSolver(model.unobserved, model.stride);
  }

  scoreInto(out: Float32Array, historyProducts: Int32Array, historyValues: Float32Array): void {
    const { productCount, stride } = this.model;
    requireLength(out, productCount, 'out');
    const history = canonicalHistory(historyProducts, historyValues, productCount);
    if (history.products.length === 0) {
      this.customer.fill(0);
      out.fill(0);
      return;
    }
    takeStage(this, this.stagedBytes(), (memory) => (this.staged = this.stage(memory)));
    const { kernels, customer, vectors, scores } = this.staged;
    this.solveCustomer(history);
    customer.set(this.customer);
    kernels.scoreRows(scores.byteOffset, vectors.byteOffset, customer.byteOffset, productCount, stride);
    out.set(scores);
  }

  explainInto(out: Float32Array, product: number): void {
    requireLength(out, 1, 'out');
    const { vectors, stride } = this.model;
    let sum = 0;
    for (let f = 0; f < stride; f++) sum += this.customer[f] * vectors[product * stride + f];
    out[0] = sum;
  }

  private solveCustomer({ products, values }: History): void {
    const { params, productCount, vectors } = this.model;
    const weights = weightsOf(values, params.confidenceScale);
    const ridge = ridgeOf(products.length, productCount, params);
    if (products.length <= MOST_PAIRS && this.solveWithKernel(products, weights, ridge)) return;
    const row = { start: 0, end: products.length, ridge };
    this.solver.solveInto(this.customer, 0, vectors, { indices: products, weights }, row);
  }

  private solveWithKernel(products: Int32Array, weights: Float32Array, ridge: number): boolean {
    const { staged } = this;
    const { kernels, customer, offsets, indices, ridges } = staged;
    offsets[0] = 0;
    offsets[1] = products.length;
    indices.set(products);
    staged.weights.set(weights);
    ridges[0] = ridge;
    const failed = kernels.solveRows(
      ...([customer.byteOffset, staged.vectors.byteOffset, staged.gram.byteOffset] as const),
      ...([offsets.byteOffset, indices.byteOffset, staged.weights.byteOffset] as const),
      ...([ridges.byteOffset, this.model.stride, 0, 1, staged.scratch.byteOffset] as const),
    );
    if (failed < 0) this.customer.set(customer);
    return failed < 0;
  }

  private stagedBytes(): number {
    const { productCount, stride } = this.model;
    const floats = [
      productCount * stride,
      stride * stride,
      stride,
      2,
      MOST_PAIRS,
      MOST_PAIRS,
      1,
      productCount,
    ];
    const arrays = floats.reduce((sum, length) => sum + alignedBytes(4 * length), 0);
    return arrays + alignedBytes(solveScratchBytes(stride, EXACT, 0));
  }

  private stage(memory: KernelMemory): Staged {
    const { vectors, unobserved, productCount, stride } = this.model;
    return {
      kernels: kernelsOn(memory.memory),
      vectors: memory.copyOf(vectors),
      gram: memory.copyOf(squareOf(unobserved, stride)),
      customer: memory.float32(stride),
      offsets: memory.int32(2),
      indices: memory.int32(MOST_PAIRS),
      weights: memory.float32(MOST_PAIRS),
      ridges: memory.float32(1),
      scores: memory.float32(productCount),
      scratch: memory.float32(solveScratchBytes(stride, EXACT, 0) / 4),
    };
  }
}

/** The full square of a symmetric matrix whose upper triangle is given. */
export function squareOf(upper: Float64Array, stride: number): Float32Array {
  const square = new Float32Array(upper.length);
  for (let i = 0; i < stride; i++) {
    for (let j = i; j < stride; j++) square[i * stride + j] = square[j * stride + i] = upper[i * stride + j];
  }
  return square;
}
