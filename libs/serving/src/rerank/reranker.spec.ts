import { completeReranking, type RerankingOverrides } from '#libs/domain';
import type { CustomerView, ProductColumns } from './product-columns.js';
import { STRANGER } from './product-columns.js';
import { Reranker } from './reranker.js';

const DAY = 86_400;
/** Four products: 10, 20, 40 and of unknown price; the first two of one category. */
const columns: ProductColumns = {
  count: 4,
  price: Float32Array.of(10, 20, 40, NaN),
  priceTier: Uint8Array.of(0, 1, 3, 255),
  pricePercentile: Float32Array.of(0, 1 / 3, 2 / 3, NaN),
  elasticity: Uint8Array.of(0, 0, 0, 0),
  category: Int32Array.of(0, 0, 1, -1),
  brand: Int32Array.of(-1, -1, -1, -1),
  margin: Float32Array.of(NaN, NaN, NaN, NaN),
  meanMargin: NaN,
  privateLabel: new Uint8Array(4),
  buyers: Int32Array.of(5, 5, 5, 5),
  typicalBuyers: 5,
  tierLift: new Float32Array(16).fill(1),
  promotions: {
    product: Int32Array.of(1),
    discount: Float32Array.of(0.5),
    from: Float64Array.of(100 * DAY),
    until: Float64Array.of(110 * DAY),
  },
};
/** Bought product 0 on day 100 and needs it every ten days. */
const anna: CustomerView = {
  meanPrice: 10,
  spendingSegment: 1,
  products: Int32Array.of(0),
  lastDays: Int32Array.of(100),
  cycleDays: Float32Array.of(10),
};
const candidates = { count: 4, products: Int32Array.of(0, 1, 2, 3), scores: [1, 0.8, 0.6, 0.4] };
const nothing: RerankingOverrides = { steps: { diversity: { enabled: false } } };
const cycle: RerankingOverrides = {
  steps: { repurchaseCycle: { enabled: true }, diversity: { enabled: false } },
};

function rerank(overrides: RerankingOverrides, day: number, view = anna, explain = false) {
  const reranker = new Reranker(columns, completeReranking(overrides));
  const list = reranker.rerank(candidates, view, { count: 10, nowSeconds: day * DAY, explain });
  return {
    products: [...list.products.subarray(0, list.count)],
    scores: [...list.scores.subarray(0, list.count)],
    breakdown: list.breakdown,
  };
}

test('without any step the candidates are the list, and the reranker says so', () => {
  const { products, scores } = rerank(nothing, 103);
  expect([products, scores]).toEqual([
    [0, 1, 2, 3],
    [1, 0.8, 0.6, 0.4],
  ]);
  expect(new Reranker(columns, completeReranking(nothing)).isIdle).toBe(true);
  expect(new Reranker(columns, completeReranking()).isIdle).toBe(false);
});

test('what was just bought is gone, and comes back stronger when it is due', () => {
  expect(rerank(cycle, 103).products).toEqual([1, 2, 3]);
  expect(rerank(cycle, 106).products).toEqual([0, 1, 2, 3]);
  expect(rerank(cycle, 110).scores[0]).toBeCloseTo(1.15, 12);
});

test('several steps multiply, and the breakdown tells each', () => {
  const steps = {
    ...cycle.steps,
    priceSensitivity: { enabled: true },
    promotion: { enabled: true },
    maximumPriceRatio: { enabled: true, ratio: 3 },
  };
  const { products, breakdown } = rerank({ steps }, 105, anna, true);
  // 1: 0.8 · (1.5 / 2) · (1 + 0.5 · 0.5) = 0.75; 2 costs four times the mean price: hidden; 3 has no price.
  expect(products).toEqual([0, 1, 3]);
  const lines = breakdown?.get(1) ?? [];
  expect(lines.map(({ step }) => step)).toEqual([
    'model',
    'repurchaseCycle',
    'maximumPriceRatio',
    'priceSensitivity',
    'promotion',
  ]);
  expect(lines.map(({ score }) => score)).toEqual([0.8, 0.8, 0.8, 0.8 * 0.75, 0.8 * 0.75 * 1.25]);
  expect(lines[3].factor).toBeCloseTo(0.75, 12);
});

test('a stranger is offered everything', () => {
  const steps = {
    ...nothing.steps,
    maximumPriceRatio: { enabled: true },
    priceSensitivity: { enabled: true },
  };
  expect(rerank({ steps }, 103, STRANGER).products).toEqual([0, 1, 2, 3]);
});

test('minimum relevance counts from the best score', () => {
  expect(rerank({ ...nothing, minimumRelevance: 0.7 }, 103).products).toEqual([0, 1]);
});

test('scores below zero keep their order and can be multiplied', () => {
  const reranker = new Reranker(
    columns,
    completeReranking({ steps: { ...nothing.steps, promotion: { enabled: true } } }),
  );
  const negative = { count: 3, products: Int32Array.of(2, 1, 3), scores: [1, -1, -2] };
  const list = reranker.rerank(negative, STRANGER, { count: 3, nowSeconds: 105 * DAY });
  expect([...list.products]).toEqual([2, 1, 3]);
  // Lifted by 2 and a hundredth of the range; product 1 is on promotion.
  expect([...list.scores].map((score) => Math.round(score * 1e6) / 1e6)).toEqual([3.03, 1.2875, 0.03]);
});

test('one customer leaves nothing behind for the next', () => {
  const reranker = new Reranker(columns, completeReranking(cycle));
  const options = { count: 4, nowSeconds: 103 * DAY };
  expect(reranker.rerank(candidates, anna, options).count).toBe(3);
  expect(reranker.rerank(candidates, STRANGER, options).count).toBe(4);
});

test('a request may ask for more diversity than the night', () => {
  const reranker = new Reranker(columns, completeReranking(nothing));
  const list = reranker.rerank(candidates, STRANGER, { count: 4, nowSeconds: 0, diversity: 0.5 });
  expect([...list.products]).toEqual([0, 2, 3, 1]);
});
