import { InlineExecutor } from '../../parallel/executor.js';
import { scoresOfRow, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import { segmentedPopularity } from './segmented-popularity.js';

const context = { seed: 3, executor: new InlineExecutor() };

describe('segmented-popularity', () => {
  /** Segment 0 has two customers and strengths 6, 2, 0; segment 1 one customer and 0, 2, 2; overall 6, 4, 2 of 12. */
  const data = {
    ...trainingSetOfRows(
      [
        [4, 1, 0],
        [2, 1, 0],
        [0, 2, 2],
      ],
      3,
    ),
    segmentOfCustomer: Int32Array.of(0, 0, 1),
  };
  const params = { shrinkage: 4, evidence: 1 };
  // θ_0 = (6 + 4/2, 2 + 4/3, 0 + 4/6) / 12, θ_1 = (0 + 4/2, 2 + 4/3, 2 + 4/6) / 8; times Q = 12.
  const first = [8, 10 / 3, 2 / 3];
  const second = [3, 5, 4];

  it('answers a case worked out by hand', async () => {
    const model = await segmentedPopularity.fit(data, params, context);
    // Without a history the segments weigh 2 to 1.
    scoresOfRow(model, [0, 0, 0]).forEach((score, p) =>
      expect(score).toBeCloseTo((2 * first[p] + second[p]) / 3, 5),
    );
    // Product 2 is 6 times as likely in segment 1: 1/3 · 4 against 2/3 · 2/3.
    const share = 4 / 3 / (4 / 3 + 4 / 9);
    scoresOfRow(model, [0, 0, 5]).forEach((score, p) =>
      expect(score).toBeCloseTo(share * second[p] + (1 - share) * first[p], 5),
    );
  });

  it('tempers the evidence', async () => {
    const model = await segmentedPopularity.fit(data, { ...params, evidence: 0.5 }, context);
    const share = 2 / 3 / (2 / 3 + (2 / 3) ** 1.5);
    expect(share / (1 - share)).toBeCloseTo(Math.sqrt(6) / 2, 10);
    scoresOfRow(model, [0, 0, 5]).forEach((score, p) =>
      expect(score).toBeCloseTo(share * second[p] + (1 - share) * first[p], 5),
    );
  });

  it('is plain popularity without segments, and near it with much shrinkage', async () => {
    const { segmentOfCustomer, ...unsegmented } = data;
    expect(segmentOfCustomer.length).toBe(3);
    const plain = await segmentedPopularity.fit(unsegmented, params, context);
    expect(scoresOfRow(plain, [1, 0, 0])).toEqual([6, 4, 2]);
    const nobody = { ...data, segmentOfCustomer: Int32Array.of(-1, -1, -1) };
    expect(scoresOfRow(await segmentedPopularity.fit(nobody, params, context), [1, 0, 0])).toEqual([6, 4, 2]);
    const shrunk = await segmentedPopularity.fit(data, { ...params, shrinkage: 1e9 }, context);
    scoresOfRow(shrunk, [0, 1, 1]).forEach((score, p) => expect(score).toBeCloseTo([6, 4, 2][p], 4));
  });

  it('gives a customer of one group the order of that group', async () => {
    const grouped = groupedTrainingSet();
    const segmentOfCustomer = Int32Array.from({ length: grouped.customerCount }, (_, c) => c % 4);
    const model = await segmentedPopularity.fit({ ...grouped, segmentOfCustomer }, params, context);
    const scores = scoresOfRow(
      model,
      Array.from({ length: 40 }, (_, p) => (p === 2 || p === 6 || p === 10 ? 1 : 0)),
    );
    const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 8);
    expect(best.every((product) => product % 4 === 2)).toBe(true);
  });

  it('survives long histories, empty segments and products without popularity', async () => {
    const rows = Array.from({ length: 4 }, (_, c) =>
      Array.from({ length: 2000 }, (__, p) => (p < 1999 && (p + c) % 2 === 0 ? 1 : 0)),
    );
    const many = { ...trainingSetOfRows(rows, 2000), segmentOfCustomer: Int32Array.of(0, 3, 0, 3) };
    const model = await segmentedPopularity.fit(many, params, context);
    const scores = scoresOfRow(model, rows[0]);
    expect(scores.every((score) => Number.isFinite(score))).toBe(true);
    expect(scores[0]).toBeGreaterThan(scores[1]);
    expect(scores[1999]).toBe(0);
    for (const products of [0, 2]) {
      const empty = { ...trainingSetOfRows([[0, 0]], products), segmentOfCustomer: Int32Array.of(0) };
      const blank = await segmentedPopularity.fit(empty, params, context);
      expect(scoresOfRow(blank, new Array<number>(products).fill(0))).toEqual(
        new Array<number>(products).fill(0),
      );
    }
  });

  it('refuses segments that do not fit the customers', async () => {
    const fit = (segmentOfCustomer: Int32Array) =>
      segmentedPopularity.fit({ ...data, segmentOfCustomer }, params, context);
    await expect(fit(Int32Array.of(0, 1))).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(fit(Int32Array.of(0, 1, 3))).rejects.toMatchObject({ code: 'INDEX_OUT_OF_RANGE' });
    await expect(fit(Int32Array.of(0, 1, -2))).rejects.toMatchObject({ code: 'INDEX_OUT_OF_RANGE' });
  });
});
