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
