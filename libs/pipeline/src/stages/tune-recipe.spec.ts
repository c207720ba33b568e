import { InlineExecutor, trainingSetOfPairs } from '#libs/algorithms';
import { cloneTemplate, type TenantSettings } from '#libs/domain';
import type { NightContext } from '../night-context.js';
import { tuneRecipe } from './tune-recipe.js';

const training = trainingSetOfPairs({
  customerCount: 40,
  productCount: 12,
  customers: Int32Array.from({ length: 240 }, (_, e) => e % 40),
  products: Int32Array.from({ length: 240 }, (_, e) => (e * 5 + (e % 40)) % 12),
});

// A second passes each time that somebody looks.
let now = 0;
const clock = () => now++;

function night(settings: TenantSettings, versions: object[] = []): NightContext {
  return {
    template: cloneTemplate(settings),
    run: { seed: 3 },
    tenant: { id: 1 },
    executor: new InlineExecutor(),
    fitMemoryBytes: 2 ** 30,
    registry: { list: async () => versions },
  } as unknown as NightContext;
}

describe('tuneRecipe', () => {
  it('does nothing without a budget', async () => {
    expect(await tuneRecipe(night({}), training)).toBeUndefined();
  });

  it('finds parameters around those that the recipe gives, and begins with what earlier nights found', async () => {
    const recipe = { algorithm: 'item-cf', params: { orderWeight: 0 } };
    const settings = { recipe, tuningSeconds: 60 };
    const first = await tuneRecipe(night(settings), training, clock);
    expect(first?.params).toMatchObject({ orderWeight: 0 });
    expect(first?.tuning).toMatchObject({ algorithm: 'item-cf', objective: 'ndcg@10' });
    expect(first?.tuning.trials.length).toBeGreaterThan(0);
    const known = { ...first?.tuning.trials[0], params: { ...first?.params, neighbours: 7 }, score: 1 };
    const versions = [
      { metrics: {} },
      { metrics: { tuning: { algorithm: 'ials', objective: 'ndcg@10', trials: [{ params: 1 }] } } },
      { metrics: { tuning: { ...first?.tuning, trials: [known] } } },
    ];
    const second = await tuneRecipe(night(settings, versions), training, clock);
    expect(
      second?.tuning.trials.some(({ params }) => 'neighbours' in params && params.neighbours === 7),
    ).toBe(true);
  });
});
