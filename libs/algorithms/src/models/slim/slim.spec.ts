import { trainingSetOfPairs } from '../../dataset/training-set-of-pairs.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { rowsOf, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { Model } from '../algorithm.js';
import { slim } from './slim.js';
import type { SlimParams } from './slim-parameters.js';

const context = { seed: 1, executor: new InlineExecutor() };
const world = groupedTrainingSet();
const binary = rowsOf(world.byCustomer).map((row) => row.map((value) => Number(value > 0)));
const gram = binary[0].map((_, i) =>
  binary[0].map((__, j) => binary.reduce((sum, row) => sum + row[i] * row[j], 0)),
);

function weightsOf(model: Model): number[][] {
  return Array.from({ length: model.productCount }, (_, p) => {
    const out = new Float32Array(model.productCount);
    model.createScorer().scoreInto(out, Int32Array.of(p), Float32Array.of(1));
    return [...out];
  });
}

const fit = (params: Partial<SlimParams>, data = world) =>
  slim.fit(data, { ...slim.defaults, ...params }, context);

/** Plain cyclic coordinate descent for one column, in double precision, over the products allowed. */
function descend(j: number, allowed: number[], l1: number, l2: number): number[] {
  const w = gram.map(() => 0);
  for (let pass = 0; pass < 2000; pass++) {
    for (const k of allowed) {
      const others = gram[k].reduce((sum, value, i) => (i === k ? sum : sum + value * w[i]), 0);
      w[k] = Math.max(0, (gram[k][j] - others - l1) / (gram[k][k] + l2));
    }
  }
  return w;
}

describe('slim', () => {
  it('answers a case worked out by hand', async () => {
    // G = [[2, 1], [1, 2]]: w = (1 - λ) / (2 + β). Nobody has product 2.
    const data = trainingSetOfRows(
      [
        [1, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
      3,
    );
    for (const candidates of [0, 2]) {
      const weights = weightsOf(await fit({ l1: 0.25, l2: 1, candidates }, data));
      expect(weights).toEqual([
        [0, 0.25, 0],
        [0.25, 0, 0],
        [0, 0, 0],
      ]);
    }
    expect(
      weightsOf(await fit({ l1: 1, l2: 1 }, data))
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
  });

  it('agrees with plain coordinate descent, to 1e-4', async () => {
    const weights = weightsOf(await fit({ l1: 0.3, l2: 2, tolerance: 1e-7, passes: 500 }));
    const others = (j: number) => Array.from({ length: 40 }, (_, k) => k).filter((k) => k !== j);
    for (let j = 0; j < 40; j++) {
      const expected = descend(j, others(j), 0.3, 2);
      weights.forEach((row, k) => expect(Math.abs(row[j] - expected[k])).toBeLessThan(1e-4));
    }
    expect(weights.flat().some((value) => value > 0.1)).toBe(true);
    expect(weights.flat().every((value) => value >= 0)).toBe(true);
  });

  it('gives weights to the most similar candidates alone where asked to', async () => {
    const weights = weightsOf(await fit({ l1: 0.3, l2: 2, tolerance: 1e-7, passes: 500, candidates: 6 }));
    for (let j = 0; j < 40; j++) {
      const cosine = (k: number) => Math.fround(gram[k][j] / Math.sqrt(gram[k][k]));
      const order = Array.from({ length: 40 }, (_, k) => k).filter((k) => k !== j);
      order.sort((a, b) => cosine(b) - cosine(a) || a - b);
      const expected = descend(j, order.slice(0, 6), 0.3, 2);
      weights.forEach((row, k) => expect(Math.abs(row[j] - expected[k])).toBeLessThan(1e-4));
    }
  });

  it('stops after the passes it was given', async () => {
    const one = weightsOf(await fit({ l1: 0.3, l2: 2, tolerance: 1e-7, passes: 1 }));
    const many = weightsOf(await fit({ l1: 0.3, l2: 2, tolerance: 1e-7, passes: 100 }));
    expect(one).not.toEqual(many);
  });
});

describe('slim at the edges', () => {
  const pairs = (customerCount: number, productCount: number, customers: number[], products: number[]) =>
    trainingSetOfPairs({
      customerCount,
      productCount,
      customers: Int32Array.from(customers),
      products: Int32Array.from(products),
    });

  it.each([0, 5])(
    'knows nothing of an empty matrix, of one product or of strangers (%i candidates)',
    async (candidates) => {
      for (const data of [
        pairs(0, 0, [], []),
        pairs(3, 4, [], []),
        pairs(2, 1, [0, 1], [0, 0]),
        pairs(2, 3, [0, 1], [0, 2]),
      ]) {
        expect(
          weightsOf(await fit({ candidates }, data))
            .flat()
            .every((value) => value === 0),
        ).toBe(true);
      }
    },
  );

  it.each([0, 2])(
    'predicts products that everybody has from any of them (%i candidates)',
    async (candidates) => {
      const data = trainingSetOfRows(
        Array.from({ length: 50 }, () => [1, 1, 1]),
        3,
      );
      const weights = weightsOf(await fit({ candidates, l1: 0, l2: 1, tolerance: 1e-6, passes: 200 }, data));
      // Both others weigh 50 / 101, the ridge solution, which coordinate descent nears slowly.
      weights.forEach((row, i) =>
        row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? 0 : 50 / 101, 3)),
      );
    },
  );

  it('bounds the candidates of very many products, and so its memory', () => {
    const shape = { customerCount: 1e5, productCount: 50000, pairCount: 2e6, orderLineCount: 0 };
    expect(slim.estimateMemoryBytes(shape, slim.defaults)).toBeLessThan(4 * 50000 ** 2);
    expect(slim.estimateMemoryBytes({ ...shape, productCount: 10000 }, slim.defaults)).toBeGreaterThan(4e8);
  });
});
