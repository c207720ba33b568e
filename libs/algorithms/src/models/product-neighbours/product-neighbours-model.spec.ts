import { trainingSetOfRows } from '../../testing/dense-rows.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { itemCf } from '../item-cf/item-cf.js';

describe('ProductNeighboursModel', () => {
  const products = 400;
  /** Customer c has the products around 7 c: lists are short, so that one product is few cells and 200 are many. */
  const rows = Array.from({ length: 100 }, (_, c) =>
    Array.from({ length: products }, (__, p) =>
      (p - 7 * c + 1000 * products) % products < 6 ? 1 + (p % 3) : 0,
    ),
  );

  it('scores alike whatever its scorer has scored before, with few cells touched or many', async () => {
    const context = { seed: 1, executor: new InlineExecutor() };
    const model = await itemCf.fit(trainingSetOfRows(rows, products), itemCf.defaults, context);
    const used = model.createScorer();
    const out = new Float32Array(products);
    const share = new Float32Array(1);
    const history = new Int32Array(200);
    const values = new Float32Array(200).fill(2);
    for (const [start, count] of [
      [5, 1],
      [0, 200],
      [300, 2],
      [150, 200],
      [7, 0],
      [9, 3],
    ]) {
      // The caller's array is used again, as the ranker's is.
      for (let i = 0; i < count; i++) history[i] = start + i;
      used.scoreInto(out.fill(NaN), history.subarray(0, count), values.subarray(0, count));
      const expected = new Float32Array(products);
      model.createScorer().scoreInto(expected, history.slice(0, count), values.slice(0, count));
      expect(out).toEqual(expected);
      expect(out.some((score) => score > 0)).toBe(count > 0);
      out.forEach((score, product) => {
        used.explainInto(share, product);
        expect(share[0]).toBe(score);
      });
    }
  });
});
