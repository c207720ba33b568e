import { TopSelector } from '../kernels/top-selector.js';
import { createRandom } from '../statistics/random.js';
import { InlineExecutor } from '../parallel/executor.js';
import { algorithms } from '../models/registry.js';
import { groupedTrainingSet } from '../testing/grouped-events.js';
import { rankByVectors } from './rank-by-vectors.js';
import { rankCustomers } from './rank-customers.js';

const executor = new InlineExecutor();

describe('rankByVectors', () => {
  it('answers a case worked out by hand', async () => {
    const vector = (...values: number[]) => [...values, ...new Array<number>(8 - values.length).fill(0)];
    const lists = await rankByVectors({
      customers: Float32Array.from([vector(1, 0), vector(0, 2), vector(0, 0)].flat()),
      products: Float32Array.from([vector(1, 1), vector(2, 0), vector(1, 3), vector(9, 9)].flat()),
      stride: 8,
      count: 3,
      allowed: Uint8Array.of(1, 1, 1, 0),
      excluded: {
        rows: 3,
        columns: 4,
        offsets: Int32Array.of(0, 0, 1, 1),
        indices: Int32Array.of(0),
        values: Float32Array.of(1),
      },
      executor,
    });
    // Customer 0: scores 1, 2, 1, –; of equals the lower index. Customer 1: –, 0, 6. Customer 2 is known by nothing.
    expect([...lists.products]).toEqual([1, 0, 2, 2, -1, -1, -1, -1, -1]);
    expect([...lists.scores.subarray(0, 4)]).toEqual([2, 1, 1, 6]);
  });

  it.each(['strict', 'relaxed'] as const)(
    'keeps the best of each customer, the lower index of equals, and nothing that is seen, retired or 0 (%s)',
    async (variant) => {
      const [rows, columns, stride, count] = [70, 131, 16, 7];
      // Small integers: sums are exact whatever the rounding, and ties are many. Norms fall off, so that searches end early.
      const random = createRandom(5, 0);
      const integers = (n: number, range: (row: number) => number) =>
        Float32Array.from({ length: n * stride }, (_, at) => {
          const most = range(Math.floor(at / stride));
          return random.nextInt(2 * most + 1) - most;
        });
      const customers = integers(rows, () => 2);
      const products = integers(columns, (p) => (p % 10 === 0 ? 6 : 1));
      const allowed = Uint8Array.from({ length: columns }, (_, p) => (p % 10 === 3 ? 0 : 1));
      const offsets = new Int32Array(rows + 1);
      const indices: number[] = [];
      for (let c = 0; c < rows; c++) {
        for (let e = 0; e < c % 5; e++) indices.push((c % 20) + 25 * e);
        offsets[c + 1] = indices.length;
      }
      const values = new Float32Array(indices.length).fill(1);
      const excluded = { rows, columns, offsets, indices: Int32Array.from(indices), values };
      const request = { customers, products, stride, count, allowed, excluded, variant, executor };
      const lists = await rankByVectors(request);
      const selector = new TopSelector(count);
      const [bestProducts, bestScores] = [new Int32Array(count), new Float32Array(count)];
      for (let c = 0; c < rows; c++) {
        const hidden = excluded.indices.subarray(offsets[c], offsets[c + 1]);
        selector.reset();
        for (let p = 0; p < columns; p++) {
          let score = 0;
          for (let f = 0; f < stride; f++) score += customers[c * stride + f] * products[p * stride + f];
          if (allowed[p] === 1 && score !== 0 && !hidden.includes(p)) selector.offer(score, p);
        }
        expect(selector.drainInto(bestProducts, bestScores, 0)).toBe(count);
        expect([...lists.products.subarray(c * count, (c + 1) * count)]).toEqual([...bestProducts]);
        expect([...lists.scores.subarray(c * count, (c + 1) * count)]).toEqual([...bestScores]);
      }
    },
  );

  it('refuses shapes that do not fit', async () => {
    const request = {
      customers: new Float32Array(16),
      products: new Float32Array(24),
      stride: 8,
      count: 2,
      allowed: new Uint8Array(3),
      executor,
    };
    for (const [change, field] of [
      [{ stride: 12 }, 'stride'],
      [{ count: 0 }, 'count'],
      [{ customers: new Float32Array(15) }, 'customers'],
      [{ allowed: new Uint8Array(4) }, 'allowed'],
    ] as const) {
      await expect(rankByVectors({ ...request, ...change })).rejects.toMatchObject({ field });
    }
  });

  it('is the short way to the lists that scoring customer by customer gives', async () => {
    const data = groupedTrainingSet();
    const model = await algorithms.ials.fit(
      data,
      { ...algorithms.ials.defaults, factors: 20, sweeps: 3 },
      { seed: 1, executor },
    );
    const request = {
      model: model.serialize(),
      histories: data.byCustomer,
      count: 12,
      excluded: data.byCustomer,
      allowed: new Uint8Array(data.productCount).fill(1),
      executor,
    };
    const short = await rankCustomers(request);
    // A product map, here the identity, takes the long way.
    const productMap = Int32Array.from({ length: data.productCount }, (_, p) => p);
    const long = await rankCustomers({ ...request, productMap });
    short.scores.forEach((score, cell) => expect(score).toBeCloseTo(long.scores[cell], 4));
    const agreeing = short.products.filter((product, cell) => product === long.products[cell]).length;
    expect(agreeing).toBeGreaterThan(0.98 * short.products.length);
  });
});
