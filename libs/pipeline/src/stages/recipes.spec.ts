import {
  algorithms,
  InlineExecutor,
  trainingSetOfPairs,
  type AlgorithmName,
  type Model,
} from '#libs/algorithms';
import { cloneTemplate } from '#libs/domain';
import { checkRecipe, fitRecipe, inOrder, paramsFor, recipesOf } from './recipes.js';

const EVERY_NIGHT = ['popularity', 'item-cf', 'ials', 'hybrid'];
const context = { seed: 1, executor: new InlineExecutor() };
const training = trainingSetOfPairs({
  customerCount: 30,
  productCount: 15,
  customers: Int32Array.from({ length: 180 }, (_, e) => e % 30),
  products: Int32Array.from({ length: 180 }, (_, e) => (e * 7 + (e % 30)) % 15),
});

describe('recipesOf', () => {
  it('adds the tenant’s algorithm to those of every night, once', () => {
    expect(recipesOf(cloneTemplate({}))).toEqual(EVERY_NIGHT);
    expect(recipesOf(cloneTemplate({ recipe: { algorithm: 'ials' } }))).toEqual(EVERY_NIGHT);
    expect(recipesOf(cloneTemplate({ recipe: { algorithm: 'content' } }))).toEqual([
      ...EVERY_NIGHT,
      'content',
    ]);
  });
});

describe('inOrder', () => {
  it('puts simpler recipes first, whatever order the database gives', () => {
    const models = { ials: 3, hybrid: 4, content: 5, 'item-cf': 2, popularity: 1 };
    expect(inOrder(models).map(([name, model]) => `${name} ${model}`)).toEqual([
      ...['popularity 1', 'item-cf 2', 'ials 3', 'hybrid 4', 'content 5'],
    ]);
  });
});

describe('checkRecipe', () => {
  it('completes the parameters', () => {
    expect(checkRecipe({ algorithm: 'ials', params: { factors: 9 } })).toEqual({
      ...algorithms.ials.defaults,
      factors: 9,
    });
  });

  it.each([
    [{ algorithm: 'svd', params: {} }, 'recipe.algorithm'],
    [{ algorithm: 'ials', params: { factors: 0 } }, 'recipe.params.factors'],
    [{ algorithm: 'ials', params: { factros: 9 } }, 'recipe.params.factros'],
    [{ algorithm: 'hybrid', params: { parts: { ials: { sweeps: 0 } } } }, 'recipe.params.parts.ials.sweeps'],
  ])('refuses %j by name', (recipe, field) => {
    expect(() => checkRecipe(recipe)).toThrow(
      expect.objectContaining({
        code: 'invalidSettings',
        details: { fields: [expect.objectContaining({ field })] },
      }),
    );
  });
});

describe('paramsFor', () => {
  it('gives a recipe’s model no more factors than products, unless it says so', () => {
    expect(paramsFor('bpr', {}, 15)).toEqual({ factors: 15 });
    expect(paramsFor('bpr', {}, 1_000)).toEqual({ factors: algorithms.bpr.defaults.factors });
    expect(paramsFor('bpr', { factors: 20 }, 15)).toEqual({ factors: 20 });
    expect(paramsFor('ease', {}, 15)).toEqual({});
  });
});

describe('fitRecipe', () => {
  async function fitAll(own: Partial<Record<AlgorithmName, Record<string, unknown>>>) {
    const fitted: Partial<Record<AlgorithmName, Model>> = {};
    for (const name of recipesOf(cloneTemplate({})))
      fitted[name] = await fitRecipe(name, own[name] ?? {}, training, fitted, context);
    return fitted as Record<AlgorithmName, Model>;
  }

  it('fits with the parameters of every night, and combines the three into the hybrid', async () => {
    const fitted = await fitAll({});
    const ials = { ...algorithms.ials.defaults, factors: 128 };
    expect(fitted.ials.params).toEqual(ials);
    const hybrid = algorithms.hybrid.validate({
      parts: { ials: { ...ials, weight: 0.4 }, 'item-cf': { weight: 0.4 }, popularity: { weight: 0.2 } },
    });
    const whole = await algorithms.hybrid.fit(training, hybrid, context);
    expect(Buffer.compare(fitted.hybrid.serialize(), whole.serialize())).toBe(0);
  });

  it('takes a tenant’s own parameters, those of a hybrid too', async () => {
    expect((await fitAll({ ials: { factors: 20 } })).ials.params).toMatchObject({ factors: 20 });
    expect((await fitAll({ ials: { sweeps: 3 } })).ials.params).toMatchObject({ factors: 128, sweeps: 3 });
    const { hybrid } = await fitAll({ hybrid: { parts: { 'item-cf': {}, popularity: { weight: 0.5 } } } });
    expect(hybrid.components).toEqual(['item-cf', 'popularity']);
  });
});
