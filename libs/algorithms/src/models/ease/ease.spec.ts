import { trainingSetOfPairs } from '../../dataset/training-set-of-pairs.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { invertByElimination } from '../../testing/dense-inverse.js';
import { rowsOf, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { Model } from '../algorithm.js';
import { ease } from './ease.js';
import type { EaseParams } from './ease-parameters.js';

const context = { seed: 1, executor: new InlineExecutor() };
const world = groupedTrainingSet();

function score(model: Model, products: number[], values = products.map(() => 1)): number[] {
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(out, Int32Array.from(products), Float32Array.from(values));
  return [...out];
}

/** B, one row for each product as the only one in a history. */
function weightsOf(model: Model): number[][] {
  return Array.from({ length: model.productCount }, (_, p) => score(model, [p]));
}

const fit = (params: Partial<EaseParams>, data = world) =>
  ease.fit(data, { ...ease.defaults, ...params }, context);

/** -P_ij / P_jj in double precision. */
function reference(rows: number[][], ridge: (g: number, mean: number) => number): number[][] {
  const gram = rows[0].map((_, i) =>
    rows[0].map((__, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
  const mean = gram.reduce((sum, row, i) => sum + row[i], 0) / gram.length;
  const inverse = invertByElimination(
    gram.map((row, i) => row.map((value, j) => (i === j ? value + ridge(value, mean) : value))),
  );
  return inverse.map((row, i) => row.map((value, j) => (i === j ? 0 : -value / inverse[j][j])));
}

function expectClose(found: number[][], expected: number[][], digits: number): void {
  expected.forEach((row, i) => row.forEach((value, j) => expect(found[i][j]).toBeCloseTo(value, digits)));
}

describe('ease', () => {
  it('answers a case worked out by hand', async () => {
    // XᵀX + I = [[3, 1], [1, 3]], P = [[3, -1], [-1, 3]] / 8: both weights are 1/3. Nobody has product 2.
    const data = trainingSetOfRows(
      [
        [1, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
      3,
    );
    for (const params of [{}, { denseProducts: 0 }, { keptWeights: 1 }]) {
      const model = await fit({ regularisation: 1, ...params }, data);
      expectClose(
        weightsOf(model),
        [
          [0, 1 / 3, 0],
          [1 / 3, 0, 0],
          [0, 0, 0],
        ],
        6,
      );
      expect(score(model, [0, 1])[2]).toBe(0);
    }
  });

  it('is the inverse that plain elimination finds, with values and scaled penalties, to 1e-5', async () => {
    const params = { regularisation: 5, popularityExponent: 0.5, valueExponent: 0.5, rowLengthExponent: 0.5 };
    const model = await fit(params);
    const x = rowsOf(world.byCustomer).map((row) => {
      const length = row.filter((value) => value > 0).length;
      return row.map((value) => (value > 0 ? Math.sqrt(value / length) : 0));
    });
    const expected = reference(x, (g, mean) => 5 * Math.sqrt(g / mean));
    expectClose(weightsOf(model), expected, 5);
    const mixed = expected[2].map((value, j) => 2 * value + 3 * expected[9][j]);
    score(model, [9, 2], [9, 4]).forEach((value, j) => expect(value).toBeCloseTo(mixed[j], 5));
    const long = [0, 3, 4, 7, 11, 20, 31, 32, 39];
    const sums = expected[0].map((_, j) => long.reduce((sum, i) => sum + expected[i][j], 0));
    score(model, long).forEach((value, j) => expect(value).toBeCloseTo(sums[j], 4));
  });

  it('is exact in its sparse form too where all products are neighbours', async () => {
    // Every two products have a customer in common; two without one get no weight in the sparse form.
    const binary = Array.from({ length: 30 }, (_, c) =>
      Array.from({ length: 20 }, (__, p) => Number((c * 3 + p * 7 + c * p) % 5 < 3)),
    );
    const model = await fit({ regularisation: 20, denseProducts: 0 }, trainingSetOfRows(binary, 20));
    const expected = reference(binary, () => 20);
    expectClose(weightsOf(model), expected, 5);
  });

  it('regresses each product on its neighbours alone in its sparse form', async () => {
    const weights = weightsOf(await fit({ regularisation: 20, denseProducts: 0, neighbours: 7 }));
    weights.forEach((_, j) => {
      const inputs = weights.filter((row) => row[j] !== 0);
      expect(inputs).toHaveLength(7);
    });
  });

  it('stores the largest weights of each product, or all', async () => {
    const all = weightsOf(await fit({ regularisation: 20, keptWeights: 0 }));
    const half = weightsOf(await fit({ regularisation: 20, keptWeights: 20 }));
    expect(half).toEqual(all);
    const few = weightsOf(await fit({ regularisation: 20, keptWeights: 4 }));
    all.forEach((_, j) => {
      const column = all.map((row) => row[j]);
      const bar = column.map(Math.abs).sort((a, b) => b - a)[3];
      expect(few.map((row) => row[j])).toEqual(column.map((value) => (Math.abs(value) >= bar ? value : 0)));
    });
  });
});

describe('ease at the edges', () => {
  const forms: Partial<EaseParams>[] = [{}, { denseProducts: 0 }, { keptWeights: 1 }];
  const pairs = (customerCount: number, productCount: number, customers: number[], products: number[]) =>
    trainingSetOfPairs({
      customerCount,
      productCount,
      customers: Int32Array.from(customers),
      products: Int32Array.from(products),
    });

  it.each(forms)(
    'knows nothing of an empty matrix, of one product or of products never met (%j)',
    async (form) => {
      for (const data of [
        pairs(0, 0, [], []),
        pairs(3, 4, [], []),
        pairs(2, 1, [0, 1], [0, 0]),
        pairs(2, 3, [0, 1], [0, 2]),
      ]) {
        const model = await fit(form, data);
        expect(
          weightsOf(model)
            .flat()
            .every((value) => Object.is(value, 0) || value === 0),
        ).toBe(true);
      }
    },
  );

  it.each(forms)('weighs products that everybody has alike (%j)', async (form) => {
    const data = trainingSetOfRows(
      Array.from({ length: 5 }, () => [1, 1, 1]),
      3,
    );
    const weights = weightsOf(await fit({ ...form, keptWeights: 0, regularisation: 1 }, data));
    // w = (G₂₂ + I)⁻¹ g with all cells 5: 5 / 11 each.
    expectClose(
      weights,
      [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0 : 5 / 11))),
      6,
    );
  });

  it('fits one customer, and leaves out rows that are too long', async () => {
    const one = trainingSetOfRows([[1, 1, 0]], 3);
    expectClose(
      weightsOf(await fit({ regularisation: 1 }, one)),
      [
        [0, 0.5, 0],
        [0.5, 0, 0],
        [0, 0, 0],
      ],
      6,
    );
    const long = trainingSetOfRows(
      [
        [1, 1, 0],
        [1, 1, 1],
      ],
      3,
    );
    const weights = weightsOf(await fit({ regularisation: 1, maxRowLength: 2 }, long));
    expectClose(
      weights,
      [
        [0, 0.5, 0],
        [0.5, 0, 0],
        [0, 0, 0],
      ],
      6,
    );
  });

  it('refuses values that overflow with a code', async () => {
    const data = trainingSetOfRows(
      [
        [1e30, 1e30],
        [1e30, 1],
      ],
      2,
    );
    for (const denseProducts of [0, 12000]) {
      await expect(fit({ valueExponent: 1, denseProducts }, data)).rejects.toMatchObject({
        code: 'PARAMETER_INVALID',
      });
    }
  });

  it('estimates at least the memory that its kernels take, and less for the sparse form of many products', () => {
    const shape = { customerCount: 1e5, productCount: 20000, pairCount: 2e6, orderLineCount: 0 };
    const estimate = (params: Partial<EaseParams>) =>
      ease.estimateMemoryBytes(shape, { ...ease.defaults, ...params });
    expect(estimate({ denseProducts: 30000 })).toBeGreaterThan(4 * 20000 * 10000);
    expect(estimate({})).toBeGreaterThan(8 * 20000 * 2048);
  });
});
