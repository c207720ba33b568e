import type { Csr } from '../../dataset/csr.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import type { ScratchSlots } from '../../kernels/wasm/kernel-memory.js';
import { alignedBytes, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import type { KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { cutRows, cutRowsFor } from '../../kernels/row-blocks.js';
import type { Executor } from '../../parallel/executor.js';
import type { IalsSide, RowStep } from './ials-kernels.js';
import { solveScratchBytes } from './ials-kernels.js';
import type { IalsParams } from './ials-parameters.js';
import { ridgeOf, weightsOf } from './ials-row-solver.js';
import { balance, invertGram } from './warm-up.js';

/** Fixed, because the order in which partial Gram matrices are added decides their last bits. */
const GRAM_BLOCK_ROWS = 4096;
/** Multiply-adds of one task at most: some 100 ms. */
const SOLVE_BLOCK_OPERATIONS = 1e9;
/** Up to here `auto` solves a row exactly; above, a pass of iALS++ in blocks of `BLOCK` is several times cheaper. */
const EXACT_FACTORS = 64;
const BLOCK = 32;
/** As many as `implicit` takes: Takács, Pilászy and Tikk (2011) find that two or three are enough. */
const GRADIENT_STEPS = 3;

/** What a half-sweep does to each row. */
export function rowStepOf(stride: number, solver: IalsParams['solver']): RowStep {
  if (solver === 'gradients') return { kind: 'gradients', steps: GRADIENT_STEPS };
  if (solver === 'blocks' || (solver === 'auto' && stride > EXACT_FACTORS))
    return { kind: 'blocks', block: BLOCK };
  return { kind: 'exact' };
}

/** Multiply-adds for a row with so many pairs. */
function costOf(step: RowStep, stride: number, pairs: number): number {
  if (step.kind === 'unweighted') return stride * (stride + pairs);
  if (step.kind === 'gradients') return (step.steps + 1) * stride * (stride + 2 * pairs);
  const width = step.kind === 'exact' ? stride : step.block;
  return stride * width * (width / 6 + pairs / 2);
}

function longestRow({ rows, offsets }: Csr): number {
  let longest = 0;
  for (let r = 0; r < rows; r++) longest = Math.max(longest, offsets[r + 1] - offsets[r]);
  return longest;
}

/** Everything that the sweeps read and write, in one kernel memory. */
export class IalsWorkspace {
  readonly customers: IalsSide;
  readonly products: IalsSide;
  private readonly memory: KernelMemory;
  private readonly scratch: ScratchSlots;
  /** α₀ YᵀY of the side that is held, full square. */
  private readonly gram: Float32Array;
  private readonly partialGrams: Float32Array;
  private readonly step: RowStep;

  constructor(
    data: TrainingSet,
    private readonly params: IalsParams,
    private readonly stride: number,
    private readonly executor: Executor,
    private readonly variant: KernelVariant,
  ) {
    const { byCustomer, byProduct } = data;
    this.step = rowStepOf(stride, params.solver);
    const slot = solveScratchBytes(
      stride,
      this.step,
      Math.max(longestRow(byCustomer), longestRow(byProduct)),
    );
    const partials = Math.ceil(Math.max(byCustomer.rows, byProduct.rows, 1) / GRAM_BLOCK_ROWS);
    const gramLength = stride * stride;
    this.memory = new KernelMemory(
      this.bytesOfSide(byCustomer) +
        this.bytesOfSide(byProduct) +
        alignedBytes(4 * gramLength) +
        alignedBytes(4 * gramLength * partials) +
        alignedBytes(4 * executor.threads) +
        executor.threads * alignedBytes(slot),
    );
    this.customers = this.sideOf(byCustomer);
    this.products = this.sideOf(byProduct);
    this.gram = this.memory.float32(gramLength);
    this.partialGrams = this.memory.float32(gramLength * partials);
    this.scratch = this.memory.scratch(executor.threads, slot);
  }

  private bytesOfSide({ rows, offsets }: Csr): number {
    const pairs = offsets[rows];
    const perRow =
      alignedBytes(4 * (rows + 1)) + alignedBytes(4 * rows) + alignedBytes(4 * rows * this.stride);
    return perRow + 2 * alignedBytes(4 * pairs);
  }

  private sideOf(matrix: Csr): IalsSide {
    const { rows, columns, offsets, indices, values } = matrix;
    const ridges = this.memory.float32(rows);
    for (let r = 0; r < rows; r++) ridges[r] = ridgeOf(offsets[r + 1] - offsets[r], columns, this.params);
    return {
      rows,
      offsets: this.memory.copyOf(offsets),
      indices: this.memory.copyOf(indices),
      weights: this.memory.copyOf(weightsOf(values, this.params.confidenceScale)),
      ridges,
      vectors: this.memory.float32(rows * this.stride),
      longest: longestRow(matrix),
    };
  }

  /** One half-sweep: overwrites the vectors of `solved`, given those of `fixed`. */
  async solveSide(solved: IalsSide, fixed: IalsSide): Promise<void> {
    await this.computeGram(fixed, this.params.unobservedWeight);
    await this.solveRows(solved, fixed, this.step);
  }

  /**
   * Half-sweeps as if all pairs weighed the same, each x = (YᵀY)⁻¹ Σ y: subspace iteration towards the leading singular
   * vectors of the matrix of observed pairs, at d multiply-adds for a pair instead of d² / 2. Ends with the customers.
   */
  async warmUp(sweeps: number): Promise<void> {
    const { customers, products } = this;
    for (let half = 0; half <= 2 * sweeps; half++) {
      const [solved, fixed] = half % 2 === 0 ? [customers, products] : [products, customers];
      await this.computeGram(fixed, 1);
      invertGram(this.gram, this.stride);
      await this.solveRows(solved, fixed, { kind: 'unweighted' });
    }
    balance(customers.vectors, products.vectors);
  }

  private async solveRows(solved: IalsSide, fixed: IalsSide, step: RowStep): Promise<void> {
    const { stride, variant, scratch, gram } = this;
    const { offsets } = solved;
    const cost = (row: number) => costOf(step, stride, offsets[row + 1] - offsets[row]);
    const blocks = cutRowsFor(this.executor.threads, solved.rows, cost, SOLVE_BLOCK_OPERATIONS);
    const shared = { scratch, variant, solved, fixed: fixed.vectors, gram, stride, step };
    await this.executor.map(
      'solve-rows',
      blocks.map((rows) => ({ ...shared, ...rows })),
    );
  }

  /** gram = weight · YᵀY: fixed row blocks, added in block order. */
  private async computeGram({ rows, vectors }: IalsSide, weight: number): Promise<void> {
    const { stride, variant, gram, partialGrams } = this;
    const length = stride * stride;
    const blocks = cutRows(rows, () => 1, GRAM_BLOCK_ROWS);
    const shared = { scratch: this.scratch, variant, vectors, stride };
    await this.executor.map(
      'partial-gram',
      blocks.map((block, b) => ({
        ...shared,
        ...block,
        out: partialGrams.subarray(b * length, (b + 1) * length),
      })),
    );
    for (let i = 0; i < stride; i++) {
      for (let j = i; j < stride; j++) {
        let sum = 0;
        for (let b = 0; b < blocks.length; b++) sum += partialGrams[b * length + i * stride + j];
        gram[i * stride + j] = gram[j * stride + i] = weight * sum;
      }
    }
  }
}

/** Upper estimate of a workspace's bytes, for that many threads. */
export function estimateWorkspaceBytes(
  shape: { readonly customerCount: number; readonly productCount: number; readonly pairCount: number },
  stride: number,
  step: RowStep,
  threads: number,
): number {
  const { customerCount, productCount, pairCount } = shape;
  const rows = customerCount + productCount;
  const partials = 2 + Math.max(customerCount, productCount) / GRAM_BLOCK_ROWS;
  // The longest row is at most a whole customer's or product's; an exact solution gathers 64 pairs at a time.
  const longest = step.kind === 'exact' ? 0 : Math.min(pairCount, Math.max(customerCount, productCount));
  const slot = solveScratchBytes(stride, step, longest);
  return 4 * (rows * (stride + 2) + 4 * pairCount + partials * stride * stride) + threads * slot + 64 * 20;
}
