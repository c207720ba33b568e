import { InlineExecutor } from '../../parallel/executor.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { Model } from '../algorithm.js';
import { writeModelFile } from '../model-file.js';
import { algorithms, combineIntoHybrid, loadModel } from '../registry.js';
import { normaliseScores } from './score-normalisation.js';

const { hybrid, ials, 'item-cf': itemCf, popularity } = algorithms;
const context = { seed: 3, executor: new InlineExecutor() };
const data = groupedTrainingSet();
const smallIals = { ...ials.defaults, factors: 8 };

async function fitParts(): Promise<Model[]> {
  return [
    await ials.fit(data, smallIals, context),
    await itemCf.fit(data, itemCf.defaults, context),
    await popularity.fit(data, popularity.defaults, context),
  ];
}

function historyOf(customer: number): [Int32Array, Float32Array] {
  const { offsets, indices, values } = data.byCustomer;
  const range = [offsets[customer], offsets[customer + 1]] as const;
  return [indices.subarray(...range), values.subarray(...range)];
}

function scoresOf(model: Model, customer?: number): number[] {
  const out = new Float32Array(model.productCount);
  const none: [Int32Array, Float32Array] = [new Int32Array(0), new Float32Array(0)];
  model.createScorer().scoreInto(out, ...(customer === undefined ? none : historyOf(customer)));
  return [...out];
}

describe('the hybrid of the template', () => {
  it('is the weighted sum of parts over their largest scores, and popularity without a history', async () => {
    const parts = await fitParts();
    const params = hybrid.validate({
      parts: {
        popularity: { weight: 0.2 },
        ials: { ...smallIals, weight: 0.4 },
        'item-cf': { weight: 0.4 },
      },
    });
    const fitted = await hybrid.fit(data, params, context);
    expect(Buffer.compare(combineIntoHybrid(parts).serialize(), fitted.serialize())).toBe(0);
    expect(fitted.params).toEqual(params);
    const [a, b, c] = parts.map((part) => scoresOf(part, 1));
    const normal = (s: number[], p: number) => s[p] / Math.max(...s);
    scoresOf(fitted, 1).forEach((value, p) =>
      expect(value).toBeCloseTo(0.4 * normal(a, p) + 0.4 * normal(b, p) + 0.2 * normal(c, p), 5),
    );
    const order = (s: ArrayLike<number>) =>
      Array.from({ length: 40 }, (_, p) => p).sort((p, q) => s[q] - s[p] || p - q);
    expect(order(scoresOf(fitted))).toEqual(order(data.popularity));
  });

  it('still opens files from before parts could be chosen', async () => {
    const parts = await fitParts();
    const arrays = Object.fromEntries(parts.map((part) => [part.algorithm, part.serialize()]));
    const weights = Float64Array.of(0.4, 0.4, 0.2);
    const bytes = writeModelFile('hybrid', { weightIals: 0.4 }, data.productCount, { weights, ...arrays });
    const old = loadModel(bytes);
    expect(old.components).toEqual(['ials', 'item-cf', 'popularity']);
    expect(scoresOf(old, 4)).toEqual(scoresOf(combineIntoHybrid(parts), 4));
  });
});

describe('hybrid parameters', () => {
  it('take exactly the parts named, in one order whatever the order given', () => {
    const params = hybrid.validate({ parts: { popularity: {}, ials: { weight: 0.5, factors: 16 } } });
    expect(Object.keys(params.parts)).toEqual(['ials', 'popularity']);
    expect(params.parts.ials).toEqual({ ...ials.defaults, factors: 16, weight: 0.5 });
    expect(params.parts.popularity.weight).toBe(1);
    const again = hybrid.validate({
      parts: { ials: { factors: 16, weight: 0.5 }, popularity: { weight: 1 } },
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify(params));
    expect(hybrid.validate(params)).toEqual(params);
    expect(Object.entries(hybrid.defaults.parts).map(([name, { weight }]) => [name, weight])).toEqual([
      ['ials', 0.4],
      ['item-cf', 0.4],
      ['popularity', 0.2],
    ]);
  });

  it.each([
    [{ parts: { svd: {} } }, 'parts.svd'],
    [{ parts: { hybrid: {} } }, 'parts.hybrid'],
    [{ parts: { toString: {} } }, 'parts.toString'],
    [{ parts: { ials: 3 } }, 'parts.ials'],
    [{ parts: { ials: { factors: 0 } } }, 'parts.ials.factors'],
    [{ parts: { ials: { facters: 1 } } }, 'parts.ials.facters'],
    [{ parts: { ials: { weight: 1.5 } } }, 'parts.ials.weight'],
    [{ parts: { ials: { weight: 0 } } }, 'parts'],
    [{ parts: {} }, 'parts'],
    [{ parts: [] }, 'parts'],
    [{ normalisation: 'softmax' }, 'normalisation'],
    [{ weightIals: 0.4 }, 'weightIals'],
  ])('refuse %j by name', (params, field) => {
    expect(() => hybrid.validate(params)).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', field }),
    );
  });

  it('refuse parts of different product spaces', async () => {
    const [first] = await fitParts();
    const bytes = writeModelFile('popularity', { exponent: 1 }, 3, { scores: new Float32Array(3) });
    expect(() => combineIntoHybrid([first, loadModel(bytes)])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});

describe('normaliseScores', () => {
  const cases: [Parameters<typeof normaliseScores>[1], number[], number[]][] = [
    ['max', [4, 0, 2, -1], [1, 0, 0.5, -0.25]],
    ['max', [-1, 0, -3], [0, 0, 0]],
    ['range', [4, 0, 2, -1], [0.8, 0, 0.4, -0.2]],
    // Mean 2, deviations 2, -2, 2, -2: standard deviation 2.
    ['deviation', [4, 0, 4, 0], [2, 0, 2, 0]],
    ['deviation', [3, 3, 3], [0, 0, 0]],
    ['rank', [0.3, 0, 0.9, -1], [61 / 62, 0, 1, 61 / 64]],
    ['rank', [5, 5, 1], [1, 1, 61 / 63]],
    ['range', [], []],
    ['deviation', [], []],
  ];
  it.each(cases)('%s of %j', (normalisation, given, expected) => {
    const scores = Float32Array.from(given);
    const factor = normaliseScores(scores, normalisation);
    expected.forEach((value, p) => expect(factor * scores[p]).toBeCloseTo(value, 6));
  });

  it.each(['range', 'deviation', 'rank'])('hybrids by %s explain their scores', async (normalisation) => {
    const model = await hybrid.fit(data, hybrid.validate({ normalisation }), context);
    const scorer = model.createScorer();
    const scores = new Float32Array(model.productCount);
    const shares = new Float32Array(3);
    scorer.scoreInto(scores, ...historyOf(2));
    scores.forEach((score, p) => {
      scorer.explainInto(shares, p);
      expect(shares[0] + shares[1] + shares[2]).toBeCloseTo(score, 5);
    });
  });
});

describe('learned weights', () => {
  it('leave out a part that only spoils the order, and become the parameters of the model', async () => {
    const params = hybrid.validate({
      weighting: 'learned',
      parts: { 'item-cf': { weight: 0.1 }, popularity: { weight: 1 } },
    });
    const model = await hybrid.fit(data, params, context);
    const learned = hybrid.validate(model.params);
    expect(learned.weighting).toBe('given');
    expect(learned.parts['item-cf'].weight).toBeGreaterThan(0.5);
    expect(learned.parts['item-cf'].weight + learned.parts.popularity.weight).toBeCloseTo(1, 3);
    const again = await hybrid.fit(data, learned, context);
    expect(Buffer.compare(again.serialize(), model.serialize())).toBe(0);
  });

  it('stay as given where there is nothing to hold out or to weigh', async () => {
    const alone = hybrid.validate({ weighting: 'learned', parts: { popularity: { weight: 0.3 } } });
    const { parts } = hybrid.validate((await hybrid.fit(data, alone, context)).params);
    expect(parts.popularity.weight).toBe(0.3);
  });
});
