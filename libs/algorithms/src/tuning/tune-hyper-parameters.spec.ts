import { trainingSetOfPairs } from '../dataset/training-set-of-pairs.js';
import type { Algorithm } from '../models/algorithm.js';
import { datasetShapeOf } from '../models/dataset-shape.js';
import type { HybridParams } from '../models/hybrid/hybrid-parameters.js';
import { algorithmNamed } from '../models/registry.js';
import { InlineExecutor } from '../parallel/executor.js';
import { createRandom } from '../statistics/random.js';
import { groupedTrainingSet } from '../testing/grouped-events.js';
import { TrialObjective } from './trial-objective.js';
import { tuneHyperParameters } from './tune-hyper-parameters.js';
import type { Trial, TuneRequest } from './tune-with-halving.js';

const executor = new InlineExecutor();
const data = groupedTrainingSet();

/** A clock that moves one second each time that somebody looks. */
function tickingClock(): () => number {
  let seconds = 100;
  return () => seconds++;
}

function request(overrides: Partial<TuneRequest> = {}): TuneRequest {
  return {
    algorithm: algorithmNamed('item-cf'),
    data,
    objective: 'ndcg@10',
    budgetSeconds: 60,
    clock: tickingClock(),
    seed: 7,
    executor,
    ...overrides,
  };
}

const scoresOf = (trials: readonly Trial[]) =>
  trials.map(({ params, rung, score }) => ({ params, rung, score }));

describe('tuneHyperParameters', () => {
  it('tries the same sequence for a seed, longer with a larger budget, and takes its best', async () => {
    const short = await tuneHyperParameters(request({ budgetSeconds: 30 }));
    const long = await tuneHyperParameters(request());
    const other = await tuneHyperParameters(request({ seed: 8 }));
    expect(short.trials.length).toBeGreaterThan(2);
    expect(long.trials.length).toBeGreaterThan(short.trials.length);
    expect(scoresOf(long.trials).slice(0, short.trials.length)).toEqual(scoresOf(short.trials));
    expect(scoresOf(other.trials)[1]).not.toEqual(scoresOf(long.trials)[1]);
    expect(long.trials[0].params).toEqual(algorithmNamed('item-cf').defaults);
    const best = Math.max(...long.trials.map(({ score }) => Number(score)));
    expect(long.trials.find(({ params }) => params === long.best)?.score).toBe(best);
  });

  it('begins nothing after the budget, and takes the defaults where nothing was finished', async () => {
    for (const budgetSeconds of [0, 1]) {
      const { best, trials } = await tuneHyperParameters(
        request({ budgetSeconds, params: { neighbours: 9 } }),
      );
      expect(trials).toEqual([]);
      expect(best).toEqual(algorithmNamed('item-cf').validate({ neighbours: 9 }));
    }
  });

  it('leaves alone what is given', async () => {
    const { trials } = await tuneHyperParameters(request({ params: { neighbours: 17, shrinkage: 3 } }));
    for (const { params } of trials) expect(params).toMatchObject({ neighbours: 17, shrinkage: 3 });
  });

  it('tries the best of earlier trials after the defaults, and leaves out what is no longer legal', async () => {
    const legal = { ...algorithmNamed('item-cf').defaults, neighbours: 33 };
    const previousTrials: Trial[] = [
      { params: { ...legal, neighbours: 44 }, rung: 0, score: 0.9, seconds: 1 },
      { params: { ...legal, gone: 1 }, rung: 1, score: 0.8, seconds: 1 },
      { params: legal, rung: 1, score: 0.2, seconds: 1 },
      { params: { ...legal, neighbours: 55 }, rung: 1, score: null, seconds: 1 },
    ];
    const { trials } = await tuneHyperParameters(request({ previousTrials, maximumTrials: 3 }));
    expect(trials[1].params).toEqual(legal);
    expect(trials[2].params).toEqual({ ...legal, neighbours: 44 });
  });

  it('begins where it is told to, around what is settled', async () => {
    const start = { 'item-cf': { neighbours: 33, shrinkage: 9 }, ials: { factors: 8 } };
    const params = { shrinkage: 2 };
    const { trials } = await tuneHyperParameters(request({ start, params, maximumTrials: 1 }));
    expect(trials[0].params).toMatchObject({ neighbours: 33, shrinkage: 2 });
    const hybrid = { algorithm: algorithmNamed('hybrid'), params: { parts: { 'item-cf': params } } };
    const { best } = await tuneHyperParameters(request({ ...hybrid, start, budgetSeconds: 0 }));
    expect((best as HybridParams).parts['item-cf']).toMatchObject({ neighbours: 33, shrinkage: 2 });
  });

  it('tries nothing that may need more memory than allowed', async () => {
    const algorithm: Algorithm<object> = {
      ...algorithmNamed('item-cf'),
      estimateMemoryBytes: (_, params) => (params as { neighbours: number }).neighbours,
    };
    const { trials } = await tuneHyperParameters(
      request({ algorithm, memoryLimitBytes: 400, maximumTrials: 8 }),
    );
    expect(trials).toHaveLength(8);
    for (const { params } of trials)
      expect((params as { neighbours: number }).neighbours).toBeLessThanOrEqual(400);
  });

  it('keeps the lowest error of predicted values', async () => {
    const random = createRandom(2);
    const count = 3000;
    const column = (bound: number) => Int32Array.from({ length: count }, () => random.nextInt(bound));
    const customers = column(150);
    const products = column(60);
    const values = Float32Array.from(products, (product) => 1 + (product % 5) * 0.8 + random.nextFloat());
    const ratings = trainingSetOfPairs(
      { customerCount: 150, productCount: 60, customers, products, values },
      'mean',
    );
    const algorithm = algorithmNamed('biased-mf');
    const { best, trials } = await tuneHyperParameters(
      // Only biases are left here, so each fit is made twice: many looks at the clock.
      request({ algorithm, data: ratings, objective: 'rmse', maximumTrials: 4, budgetSeconds: 600 }),
    );
    const lowest = Math.min(...trials.map(({ score }) => Number(score)));
    expect(trials.find(({ params }) => params === best)?.score).toBe(lowest);
    expect(lowest).toBeLessThan(0.6);
  });

  it('tunes a hybrid part by part and leaves the weights to be learnt', async () => {
    const algorithm = algorithmNamed('hybrid');
    const params = { parts: { 'item-cf': { shrinkage: 2 }, popularity: {} } };
    const { best, trials } = await tuneHyperParameters(request({ algorithm, params }));
    const { weighting, parts } = best as HybridParams;
    expect(weighting).toBe('learned');
    expect(Object.keys(parts)).toEqual(['item-cf', 'popularity']);
    expect(parts['item-cf'].shrinkage).toBe(2);
    expect(
      new Set(
        trials.flatMap((trial) =>
          Object.keys(algorithm.validate(trial.params as object) && (trial.params as HybridParams).parts),
        ),
      ),
    ).toEqual(new Set(['item-cf', 'popularity']));
    const weights = { parts: { 'item-cf': { weight: 0.5 }, popularity: {} } };
    const settled = await tuneHyperParameters(request({ algorithm, params: weights, budgetSeconds: 0 }));
    expect((settled.best as HybridParams).weighting).toBe('given');
    const again = await tuneHyperParameters(
      request({ algorithm, params, previousTrials: trials, budgetSeconds: 50 }),
    );
    expect(again.trials.length).toBeGreaterThan(1);
  });

  it('tries only parts of which the hybrid as a whole fits the memory', async () => {
    const [algorithm, part] = [algorithmNamed('hybrid'), algorithmNamed('item-cf')];
    const shape = datasetShapeOf(data);
    const memoryLimitBytes = 4 * part.estimateMemoryBytes(shape, { ...part.defaults, neighbours: 30 });
    const params = { parts: { 'item-cf': {}, popularity: {} } };
    const { best, trials } = await tuneHyperParameters(request({ algorithm, params, memoryLimitBytes }));
    const tried = trials.flatMap((trial) => {
      const own = (trial.params as { parts: Record<string, { neighbours: number }> }).parts['item-cf'];
      return own === undefined ? [] : [own.neighbours];
    });
    expect(tried.length).toBeGreaterThan(1);
    expect(Math.max(...tried)).toBeLessThanOrEqual(30);
    expect(algorithm.estimateMemoryBytes(shape, best)).toBeLessThanOrEqual(memoryLimitBytes);
  });

  it('has nothing to try without pairs to hold out', async () => {
    const empty = trainingSetOfPairs({
      customerCount: 3,
      productCount: 2,
      customers: new Int32Array(0),
      products: new Int32Array(0),
    });
    expect((await tuneHyperParameters(request({ data: empty }))).trials).toEqual([]);
    await expect(tuneHyperParameters(request({ objective: 'profit@10' }))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
  });
});

describe('TrialObjective', () => {
  it('gives each rung three times the customers of the one below, from the training part alone', () => {
    const customerCount = 9500;
    const customers = Int32Array.from({ length: 4 * customerCount }, (_, e) => e % customerCount);
    const products = Int32Array.from(customers, (c, e) => (c + Math.floor(e / customerCount) * 7) % 50);
    const many = trainingSetOfPairs({ customerCount, productCount: 50, customers, products });
    const objective = new TrialObjective(many, 'recall@20', 3, executor);
    expect(objective.rungs).toBe(3);
    expect([0, 1, 2].map((rung) => objective.sample(rung).customerCount)).toEqual([1056, 3167, 9500]);
    expect(objective.sample(2).byCustomer.indices.length).toBe(4 * customerCount - 3000);
    expect(new TrialObjective(data, 'hr@10', 3, executor).rungs).toBe(1);
  });
});
