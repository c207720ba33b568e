import type { TrainingSet } from '../../dataset/training-set.js';
import { factorCholesky, solveCholeskyInto } from '../../kernels/symmetric-solve.js';
import { InlineExecutor } from '../../parallel/executor.js';
import type { Scorer } from '../algorithm.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { IalsSide } from './ials-kernels.js';
import type { IalsParams } from './ials-parameters.js';
import { ials } from './ials.js';
import { IalsRowSolver } from './ials-row-solver.js';
import { IalsWorkspace } from './ials-workspace.js';
import { stepRow } from '../../testing/conjugate-gradient.js';
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

  it('by conjugate gradients is three steps as the plain twin makes them, to 1e-4', async () => {
    const stride = 16;
    const params: IalsParams = { ...paramsOf(stride), solver: 'gradients' };
    const workspace = workspaceOf(params, stride);
    const { customers, products } = workspace;
    const gram = unobservedOf(products, stride, params.unobservedWeight);
    const expected = Float64Array.from(customers.vectors);
    // Twice: the second pass starts from what the first one left.
    for (let pass = 0; pass < 2; pass++) {
      await workspace.solveSide(customers, products);
      for (let c = 0; c < customers.rows; c++) {
        const [start, end] = [customers.offsets[c], customers.offsets[c + 1]];
        const indices = customers.indices.subarray(start, end);
        const row = { indices, weights: customers.weights.subarray(start, end), ridge: customers.ridges[c] };
        stepRow(expected.subarray(c * stride, (c + 1) * stride), products.vectors, gram, row, 3);
      }
      customers.vectors.forEach((value, at) => expect(Math.abs(value - expected[at])).toBeLessThan(1e-4));
    }
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

describe('the warm-up of ials', () => {
  /** Share of Σ r² that the best X for these products leaves unexplained when all pairs weigh the same. */
  async function unexplained(workspace: IalsWorkspace, sweeps: number): Promise<number> {
    await workspace.warmUp(sweeps);
    const { customers, products } = workspace;
    const stride = customers.vectors.length / customers.rows;
    let error = 0;
    for (let c = 0; c < customers.rows; c++) {
      const observed = new Set(customers.indices.subarray(customers.offsets[c], customers.offsets[c + 1]));
      for (let p = 0; p < products.rows; p++) {
        let score = 0;
        for (let f = 0; f < stride; f++)
          score += customers.vectors[c * stride + f] * products.vectors[p * stride + f];
        error += ((observed.has(p) ? 1 : 0) - score) ** 2;
      }
    }
    return error / customers.offsets[customers.rows];
  }

  it('begins with the least squares of customers given products, as the plain solution has them, to 1e-3', async () => {
    const stride = 8;
    const workspace = workspaceOf(paramsOf(stride), stride);
    const { customers, products } = workspace;
    const matrix = unobservedOf(products, stride, 1);
    const before = products.vectors.slice();
    expect(factorCholesky(matrix, stride)).toBe(true);
    await workspace.warmUp(0);
    const scale = products.vectors[0] / before[0];
    for (let c = 0; c < customers.rows; c++) {
      const expected = new Float64Array(stride);
      for (const p of customers.indices.subarray(customers.offsets[c], customers.offsets[c + 1]))
        for (let f = 0; f < stride; f++) expected[f] += before[p * stride + f];
      solveCholeskyInto(expected, matrix, stride);
      expected.forEach((value, f) =>
        expect(Math.abs(customers.vectors[c * stride + f] * scale - value)).toBeLessThan(1e-3),
      );
    }
  });

  it('comes near the best approximation of the matrix of pairs, and leaves both sides of one norm', async () => {
    const stride = 8;
    const params = paramsOf(stride);
    const few = await unexplained(workspaceOf(params, stride), 1);
    const workspace = workspaceOf(params, stride);
    const many = await unexplained(workspace, 20);
    const more = await unexplained(workspace, 20);
    expect(many).toBeLessThan(few);
    expect(many - more).toBeLessThan(5e-3);
    const norms = [workspace.customers, workspace.products].map(({ vectors }) => Math.hypot(...vectors));
    expect(norms[0] / norms[1]).toBeCloseTo(1, 4);
  });

  it('with more factors than products explains every pair', async () => {
    const stride = 104;
    expect(await unexplained(workspaceOf(paramsOf(stride), stride), 3)).toBeLessThan(1e-3);
  });

  it('keeps what is 0 at 0', async () => {
    const workspace = workspaceOf(paramsOf(8), 8);
    workspace.products.vectors.fill(0);
    await workspace.warmUp(2);
    expect(workspace.customers.vectors.every((value) => value === 0)).toBe(true);
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
