import type { TrainingSet } from '../../dataset/training-set.js';
import { InlineExecutor } from '../../parallel/executor.js';
import type { Scorer } from '../algorithm.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { IalsSide } from './ials-kernels.js';
import type { IalsParams } from './ials-parameters.js';
import { ials } from './ials.js';
import { IalsRowSolver } from './ials-row-solver.js';
import { IalsWorkspace } from './ials-workspace.js';
import { solveRowByBlocks } from '../../testing/block-descent.js';

const data: TrainingSet = groupedTrainingSet();
const paramsOf = (factors: number): IalsParams => ({ ...ials.defaults, factors, regularisation: 0.05 });

function workspaceOf(params: IalsParams, stride: number): IalsWorkspace {
  const workspace = new IalsWorkspace(data, params, stride, new InlineExecutor(), 'strict');
  const { vectors } = workspace.products;
  for (let i = 0; i < vectors.length; i++) vectors[i] = Math.sin(i * i + 1) / 4;
  return workspace;
}

/** α₀ YᵀY in double precision, full square. */
function unobservedOf({ vectors, rows }: IalsSide, stride: number, weight: number): Float64Array {
  const gram = new Float64Array(stride * stride);
  for (let r = 0; r < rows; r++) {
    const y = vectors.subarray(r * stride, (r + 1) * stride);
    y.forEach((a, i) => y.forEach((b, j) => (gram[i * stride + j] += weight * a * b)));
  }
  return gram;
}

describe('a half-sweep of ials', () => {
  it('up to 64 factors is the exact solution that the plain twin finds, to 1e-4', async () => {
    const stride = 24;
    const params = paramsOf(stride);
    const workspace = workspaceOf(params, stride);
    const { customers, products } = workspace;
    await workspace.solveSide(customers, products);
    const solver = new IalsRowSolver(unobservedOf(products, stride, params.unobservedWeight), stride);
    const expected = new Float32Array(stride);
    for (let c = 0; c < customers.rows; c++) {
      const [start, end] = [customers.offsets[c], customers.offsets[c + 1]];
      const ridge = customers.ridges[c];
      solver.solveInto(expected, 0, products.vectors, customers, { start, end, ridge });
      customers.vectors
        .subarray(c * stride, (c + 1) * stride)
        .forEach((value, f) => expect(Math.abs(value - expected[f])).toBeLessThan(1e-4));
    }
  });

  it('above 64 factors is one pass of block descent as the plain twin makes it, to 1e-4', async () => {
    const stride = 72;
    const params = paramsOf(stride);
    const workspace = workspaceOf(params, stride);
    const { customers, products } = workspace;
    const gram = unobservedOf(products, stride, params.unobservedWeight);
    const expected = Float64Array.from(customers.vectors);
    // Twice: the second pass starts from what the first one left.
    for (let pass = 0; pass < 2; pass++) {
      await workspace.solveSide(customers, products);
      for (let c = 0; c < customers.rows; c++)
        solveRowByBlocks(
          expected.subarray(c * stride, (c + 1) * stride),
          products.vectors,
          gram,
          customers,
          c,
          32,
        );
    }
    customers.vectors.forEach((value, at) => expect(Math.abs(value - expected[at])).toBeLessThan(1e-4));
    expect(customers.vectors.some((value) => Math.abs(value) > 0.05)).toBe(true);
  });

  it('by conjugate gradients comes to the exact solution in as many steps as there are factors', async () => {
    const stride = 8;
    const exact = workspaceOf(paramsOf(stride), stride);
    await exact.solveSide(exact.customers, exact.products);
    const stepped = workspaceOf({ ...paramsOf(stride), solver: 'gradients' }, stride);
    const errors: number[] = [];
    for (let pass = 0; pass < 6; pass++) {
      await stepped.solveSide(stepped.customers, stepped.products);
      const distances = stepped.customers.vectors.map((v, at) => Math.abs(v - exact.customers.vectors[at]));
      errors.push(Math.max(...distances));
    }
    expect(errors[0]).toBeGreaterThan(errors[1]);
    expect(errors[5]).toBeLessThan(1e-3);
  });

  it('solves a system that single precision finds singular in double precision', async () => {
    const stride = 8;
    const params = { ...ials.defaults, factors: 8, regularisation: 1e-6, unobservedWeight: 1e-6 };
    const workspace = workspaceOf(params, stride);
    // All product vectors alike: the matrix has rank one but for the ridge, which vanishes beside it.
    workspace.products.vectors.fill(40);
    await workspace.solveSide(workspace.customers, workspace.products);
    const first = workspace.customers.vectors.subarray(0, stride);
    const score = first.reduce((sum, value) => sum + 40 * value, 0);
    expect(score).toBeCloseTo(1, 2);
  });
});

describe('ials at the edges', () => {
  const context = { seed: 1, executor: new InlineExecutor() };

  it('has more factors than products', async () => {
    const model = await ials.fit(data, { ...ials.defaults, factors: 100, sweeps: 2 }, context);
    const scores = new Float32Array(model.productCount);
    model.createScorer().scoreInto(scores, Int32Array.of(1, 5), Float32Array.of(1, 1));
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores[9]).toBeGreaterThan(scores[8]);
  });

  it('estimates at least the memory that it takes', () => {
    for (const factors of [8, 64, 128]) {
      const params = paramsOf(factors);
      const workspace = workspaceOf(params, factors);
      const shape = {
        customerCount: data.customerCount,
        productCount: data.productCount,
        pairCount: data.byCustomer.indices.length,
        orderLineCount: data.orders.indices.length,
      };
      const taken = workspace.products.vectors.buffer.byteLength;
      expect(ials.estimateMemoryBytes(shape, params)).toBeGreaterThanOrEqual(taken);
    }
  });
});

describe('scorers of ials', () => {
  it('score the same when more models take turns than a thread keeps staged', async () => {
    const context = { seed: 1, executor: new InlineExecutor() };
    const models = await Promise.all(
      [4, 8, 12, 16, 20, 24].map((factors) =>
        ials.fit(data, { ...ials.defaults, factors, sweeps: 2 }, context),
      ),
    );
    const scoresOf = (scorer: Scorer) => {
      const out = new Float32Array(data.productCount);
      scorer.scoreInto(out, Int32Array.of(1, 5), Float32Array.of(1, 2));
      return out;
    };
    const expected = models.map((model) => scoresOf(model.createScorer()));
    const scorers = models.map((model) => model.createScorer());
    for (let round = 0; round < 2; round++) expect(scorers.map(scoresOf)).toEqual(expected);
    expect(new Set(expected.map(String)).size).toBe(models.length);
  });
});
