import { emptyCsr, transpose } from '../../dataset/csr.js';
import type { Csr } from '../../dataset/csr.js';
import type { ProductAttributes } from '../../dataset/product-attributes.js';
import { TermField } from '../../dataset/product-attributes.js';
import type { ProductDescription } from '../../dataset/product-attributes-builder.js';
import { ProductAttributesBuilder } from '../../dataset/product-attributes-builder.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { createRandom } from '../../statistics/random.js';
import type { Model } from '../algorithm.js';
import { datasetShapeOf } from '../dataset-shape.js';
import { content } from './content.js';
import type { ContentParams } from './content-parameters.js';

/** Everything counts as it is: no term left out, no price. */
const PLAIN: ContentParams = {
  ...content.defaults,
  valueExponent: 1,
  priceWeight: 0,
  minDocuments: 1,
  maxTextShare: 1,
};

function attributesOf(products: readonly ProductDescription[]): ProductAttributes {
  const builder = new ProductAttributesBuilder();
  for (const product of products) builder.add(product);
  return builder.finish();
}

/** @param customerCounts how many customers have each product; content asks for no more of them */
function trainingSetOf(
  productCount: number,
  attributes?: ProductAttributes,
  customerCounts: Int32Array = new Int32Array(productCount),
): TrainingSet {
  const byCustomer = emptyCsr(0, productCount);
  return {
    customerCount: 0,
    productCount,
    byCustomer,
    byProduct: transpose(byCustomer),
    orders: emptyCsr(0, productCount),
    popularity: new Float32Array(productCount),
    customerCountOfProduct: customerCounts,
    ...(attributes && { attributes }),
  };
}

function fit(
  products: readonly ProductDescription[],
  params: Partial<ContentParams> = {},
  customerCounts?: Int32Array,
): Promise<Model> {
  const data = trainingSetOf(products.length, attributesOf(products), customerCounts);
  return content.fit(data, { ...PLAIN, ...params }, { seed: 1, executor: new InlineExecutor() });
}

function score(model: Model, history: Readonly<Record<number, number>>): number[] {
  const products = Object.keys(history).map(Number);
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(
    out,
    Int32Array.from(products),
    Float32Array.from(products, (p) => history[p]),
  );
  return [...out];
}

const expectClose = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, p) => expect(value).toBeCloseTo(expected[p], 5));
};

describe('content, worked out by hand', () => {
  const catalogue = [{ texts: ['tea tea cup'] }, { texts: ['tea'] }, { texts: ['cup'] }, { texts: ['hat'] }];

  it('compares a profile with products nobody has bought', async () => {
    // tea and cup are each in two of four texts, so their idf cancels out. x_0 = (1 + ln 2, 1) / length on (tea, cup).
    const model = await fit(catalogue);
    const tf = 1 + Math.log(2);
    expectClose(score(model, { 1: 3 }), [tf / Math.hypot(tf, 1), 1, 0, 0]);
    // Weights 3 and 4 on (tea, cup) give a profile of (0.6, 0.8).
    const both = (0.6 * tf + 0.8) / Math.hypot(tf, 1);
    expectClose(score(model, { 1: 3, 2: 4 }), [both, 0.6, 0.8, 0]);
    const root = await fit(catalogue, { valueExponent: 0.5 });
    expectClose(score(root, { 1: 9, 2: 16 }), [both, 0.6, 0.8, 0]);
  });

  it('gives the rare term of a product the larger share, by smoothed idf', async () => {
    // N = 3: idf tea = ln(4/3) + 1 (two products), idf cup = ln(4/2) + 1 (one product).
    const model = await fit([{ texts: ['tea cup'] }, { texts: ['tea'] }, { texts: ['hat'] }]);
    const [tea, cup] = [Math.log(4 / 3) + 1, Math.log(2) + 1];
    expectClose(score(model, { 1: 1 }), [tea / Math.hypot(tea, cup), 1, 0]);
  });

  it('weighs the fields against one another, whatever their numbers of terms', async () => {
    // x = (text of length 1, category of length 2) / √5: they share the category alone, 2 · 2 / 5.
    const drinks = { categories: ['drinks'] };
    const model = await fit(
      [
        { ...drinks, texts: ['a b c d'] },
        { ...drinks, texts: ['e'] },
      ],
      { categoryWeight: 2 },
    );
    expectClose(score(model, { 0: 1 }), [1, 0.8]);
    const textOnly = await fit([{ ...drinks, texts: ['a'] }, drinks], { categoryWeight: 0 });
    expectClose(score(textOnly, { 0: 1 }), [1, 0]);
  });

  it('takes off what the average customer resembles', async () => {
    // Three customers have tea and four have a cup: the average customer is (0.6, 0.8) on (tea, cup), this one is (1, 0).
    const products = [{ texts: ['tea'] }, { texts: ['cup'] }, { texts: ['tea cup'] }, { texts: ['hat'] }];
    const model = await fit(products, { contrast: 0.5 }, Int32Array.of(3, 4, 0, 0));
    expectClose(score(model, { 0: 1 }), [1 - 0.3, -0.4, (1 - 0.7) / Math.SQRT2, 0]);
    expectClose(score(model, {}), [0, 0, 0, 0]);
  });

  it('adds the affinity of price bands', async () => {
    // Two bands: prices 1 and 2, prices 3 and 4. Bought: weight 3 in the cheap band, 1 in the dear one, so the cheap band
    // gets 3/4 + 1/2 · 1/4 and the dear one 1/4 + 1/2 · 3/4. The last product has no price, and no other terms.
    const prices = [1, 2, 3, 4].map((price) => ({ price }));
    const model = await fit([...prices, {}], { priceWeight: 0.4, priceBands: 2 });
    expectClose(score(model, { 0: 3, 3: 1 }), [0.35, 0.35, 0.25, 0.25, 0]);
  });
});

/** Dense and plain on purpose: one array of all terms per product. */
function referenceScores(
  { terms, fieldOfTerm }: ProductAttributes,
  params: ContentParams,
  history: Map<number, number>,
  customerCounts: Int32Array,
) {
  const weights = [params.textWeight, params.categoryWeight, params.tagWeight];
  const counts = denseRows(terms);
  const has = (p: number, t: number) => counts[p][t] > 0;
  const columns = [...fieldOfTerm.keys()];
  const productsWith = (t: number) => counts.filter((_, p) => has(p, t)).length;
  const productsOfField = (f: number) =>
    counts.filter((row) => columns.some((t) => fieldOfTerm[t] === f && row[t] > 0)).length;
  const idf = columns.map((t) => {
    const [n, of] = [productsWith(t), productsOfField(fieldOfTerm[t])];
    const tooCommon = fieldOfTerm[t] === TermField.text && n / of > params.maxTextShare;
    return n < params.minDocuments || tooCommon ? 0 : Math.log((1 + of) / (1 + n)) + 1;
  });
  const length = (vector: number[]) => Math.hypot(...vector) || 1;
  const unit = (vector: number[]) => vector.map((x) => x / length(vector));
  const vectors = counts.map((row) => {
    const parts = weights.map((weight, f) => {
      const part = columns.map((t) =>
        fieldOfTerm[t] === f && row[t] > 0 ? (1 + Math.log(row[t])) * idf[t] : 0,
      );
      return unit(part).map((x) => weight * x);
    });
    return unit(columns.map((t) => parts.reduce((sum, part) => sum + part[t], 0)));
  });
  const profile = unit(
    columns.map((t) =>
      [...history].reduce((sum, [p, v]) => sum + v ** params.valueExponent * vectors[p][t], 0),
    ),
  );
  const average = unit(
    columns.map((t) => vectors.reduce((sum, vector, p) => sum + customerCounts[p] * vector[t], 0)),
  );
  return vectors.map((vector) =>
    vector.reduce((sum, x, t) => sum + x * (profile[t] - params.contrast * average[t]), 0),
  );
}

function denseRows(matrix: Csr): number[][] {
  return Array.from({ length: matrix.rows }, (_, r) => {
    const row = new Array<number>(matrix.columns).fill(0);
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++) row[matrix.indices[e]] = matrix.values[e];
    return row;
  });
}

describe('content against a dense reference', () => {
  const random = createRandom(5);
  const some = (kind: string, most: number, of: number) =>
    Array.from(
      { length: random.nextInt(most + 1) },
      () => `${kind}${Math.floor(of * random.nextFloat() ** 2)}`,
    );
  const catalogue = Array.from({ length: 60 }, () => ({
    texts: [some('word', 12, 40).join(' ')],
    categories: some('category', 2, 6),
    tags: some('tag', 3, 15),
  }));

  it.each([
    ['everything', {}],
    ['terms left out', { minDocuments: 3, maxTextShare: 0.2 }],
    ['weights', { textWeight: 0.3, categoryWeight: 0, tagWeight: 2.5, valueExponent: 0.7, contrast: 1.5 }],
  ])('agrees to 1e-5: %s', async (_, given) => {
    const customerCounts = Int32Array.from(catalogue, (_, p) => p % 7);
    const model = await fit(catalogue, given, customerCounts);
    const history = { 3: 1, 17: 0.25, 18: 2, 40: 7 };
    const expected = referenceScores(
      attributesOf(catalogue),
      { ...PLAIN, ...given },
      new Map(Object.entries(history).map(([p, v]) => [Number(p), v])),
      customerCounts,
    );
    expectClose(score(model, history), expected);
  });

  it('forgets one customer before the next', async () => {
    const model = await fit(catalogue);
    const scorer = model.createScorer();
    const out = new Float32Array(60);
    scorer.scoreInto(out, Int32Array.of(1, 2, 3), Float32Array.of(1, 2, 3));
    scorer.scoreInto(out, Int32Array.of(7), Float32Array.of(1));
    expect([...out]).toEqual(score(model, { 7: 1 }));
  });
});

describe('content at the edges', () => {
  it('scores 0 without attributes, history or positive values', async () => {
    const context = { seed: 1, executor: new InlineExecutor() };
    const blank = await content.fit(trainingSetOf(3), content.defaults, context);
    expect(score(blank, { 1: 2 })).toEqual([0, 0, 0]);
    const model = await fit([{ texts: ['a'], price: 1 }, { texts: ['a'], price: 2 }, {}], { priceWeight: 1 });
    expect(score(model, {})).toEqual([0, 0, 0]);
    expect(score(model, { 0: 0 })).toEqual([0, 0, 0]);
    expect(score(model, { 2: 5 })).toEqual([0, 0, 0]);
    expect(score(model, { 0: 1 })[2]).toBe(0);
  });

  it('knows catalogues of no product, one product and all alike', async () => {
    expect(score(await fit([]), {})).toEqual([]);
    expectClose(score(await fit([{ texts: ['a'] }]), { 0: 1 }), [1]);
    expect(score(await fit([{ texts: ['a'] }], { minDocuments: 2 }), { 0: 1 })).toEqual([0]);
    expectClose(score(await fit([{ tags: ['a'] }, { tags: ['a'] }]), { 0: 1 }), [1, 1]);
  });

  it('stays finite for extreme values', async () => {
    const model = await fit([{ texts: ['a b'] }, { texts: ['b'] }], { valueExponent: 2 });
    for (const value of [3e38, 1e-45]) expect(score(model, { 0: value }).every(Number.isFinite)).toBe(true);
  });

  it('refuses attributes of other products', async () => {
    const data = trainingSetOf(3, attributesOf([{ texts: ['a'] }]));
    const context = { seed: 1, executor: new InlineExecutor() };
    await expect(content.fit(data, PLAIN, context)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      field: 'attributes.terms',
    });
  });

  it('estimates memory by the attributes', () => {
    const shape = { customerCount: 1e6, productCount: 1000, pairCount: 1e7, orderLineCount: 0 };
    const without = content.estimateMemoryBytes(shape, PLAIN);
    const entries = content.estimateMemoryBytes(
      { ...shape, attributeEntryCount: 1e6, termCount: 1e5 },
      PLAIN,
    );
    expect(without).toBeLessThan(1e6);
    expect(entries).toBeGreaterThan(3e7);
    const data = trainingSetOf(2, attributesOf([{ texts: ['a b'] }, { texts: ['b'] }]));
    expect(datasetShapeOf(data)).toMatchObject({ termCount: 2, attributeEntryCount: 3, pairCount: 0 });
  });
});
