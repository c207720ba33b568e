import type { PackedList, Rule } from '#libs/domain';
import type { SelectableProducts } from './select-products.js';
import { selectProducts } from './select-products.js';
import { applyRules, PINNED } from './apply-rules.js';
import { compileRules } from './compile-rules.js';
import type { RuledCustomer } from './match-customer.js';
import { standingExclusions } from './standing-exclusions.js';

const ids = ['p0', 'p1', 'p2', 'p3', 'p4'];
const catalogue = {
  categories: ['tea', 'tea', 'coffee', null, 'coffee'],
  brands: ['own', 'acme', 'acme', 'acme', null],
  tags: [['organic=true'], [], ['size=3', 'organic=true'], ['size=5'], []],
  columns: { price: Float32Array.of(1, 5, 10, NaN, 20) },
} as unknown as SelectableProducts;
const list: PackedList = {
  products: Int32Array.of(0, 1, 2, 3),
  scores: Float32Array.of(1, 0.5, 0.25, 0.125),
  sources: Uint8Array.of(2, 2, 2, 2),
};
const anna: RuledCustomer = { customerId: 'anna', traits: { region: 'north', vip: true }, owned: [4] };
const stranger: RuledCustomer = { customerId: undefined, traits: {}, owned: [] };
const NOW = Date.parse('2026-12-01T12:00:00Z');

const compile = (rules: object[], retired: { productId: string; retiredAt: number }[] = []) =>
  compileRules(
    { rules: rules.map((rule, i) => ({ ruleId: `r${i}`, ...rule })) as Rule[], retired },
    ids,
    catalogue,
    NOW,
  );
const under = (rules: object[], customer = anna) => {
  const { products, scores, sources, ineligible, irrelevant } = applyRules(list, compile(rules), customer);
  return { products: [...products], scores: [...scores], sources: [...sources], ineligible, irrelevant };
};
const productsUnder = (rules: object[], customer = anna) => under(rules, customer).products;

test.each([
  [{ productIds: ['p1', 'nobody'] }, [1]],
  [{ categories: ['tea', 'coffee'] }, [0, 1, 2, 4]],
  [{ categories: ['coffee'], brands: ['acme'] }, [2]],
  [{ attributes: { organic: [true] } }, [0, 2]],
  [{ attributes: { size: [3, 5], organic: ['true'] } }, [2]],
  [{ minimumPrice: 5, maximumPrice: 10 }, [1, 2]],
])('the selector %j picks %j', (selector, expected) => {
  const picked = selectProducts(ids, catalogue, selector);
  expect([...picked.keys()].filter((p) => picked[p] === 1)).toEqual(expected);
});

test('a file from before there was a catalogue knows ids alone', () => {
  expect([...selectProducts(ids, undefined, { productIds: ['p1'] })]).toEqual([0, 1, 0, 0, 0]);
  expect([...selectProducts(ids, undefined, { categories: ['tea'] })]).toEqual([0, 0, 0, 0, 0]);
});

test('excluded from everybody: plain, and already for the night', () => {
  const rule = { kind: 'exclude', products: { categories: ['tea'] } };
  const compiled = compile([rule]);
  expect([compiled.isPlain, [...compiled.hidden!]]).toEqual([true, [1, 1, 0, 0, 0]]);
  expect(productsUnder([rule])).toEqual([2, 3]);
  expect([...standingExclusions([{ ruleId: 'r', ...rule } as Rule], ids, catalogue)]).toEqual([
    1, 1, 0, 0, 0,
  ]);
});

test('nothing to hide is no column at all', () => {
  expect(compile([]).hidden).toBeUndefined();
  expect(compile([]).isPlain).toBe(true);
});

test('excluded from some, and eligible for some only', () => {
  const north = { traits: { region: ['north'] } };
  const exclude = { kind: 'exclude', products: { productIds: ['p0'] }, customers: north };
  expect([productsUnder([exclude]), productsUnder([exclude], stranger)]).toEqual([
    [1, 2, 3],
    [0, 1, 2, 3],
  ]);
  const eligible = {
    kind: 'eligible',
    products: { productIds: ['p1'] },
    customers: { traits: { vip: ['true'] } },
  };
  expect([productsUnder([eligible]), productsUnder([eligible], stranger)]).toEqual([
    [0, 1, 2, 3],
    [0, 2, 3],
  ]);
  const forAnna = {
    kind: 'eligible',
    products: { productIds: ['p1'] },
    customers: { customerIds: ['anna'] },
  };
  expect([productsUnder([forAnna]), productsUnder([forAnna], { ...anna, customerId: 'bert' })]).toEqual([
    [0, 1, 2, 3],
    [0, 2, 3],
  ]);
});

test('forbidden together with what the customer has', () => {
  const rule = { kind: 'forbid', products: { categories: ['tea'] }, together: { productIds: ['p4'] } };
  expect([productsUnder([rule]), productsUnder([rule], stranger)]).toEqual([
    [2, 3],
    [0, 1, 2, 3],
  ]);
});

test('boosts multiply and move', () => {
  const boost = (factor: number, brand: string) => ({ kind: 'boost', products: { brands: [brand] }, factor });
  // 0.5 · 3 = 1.5, 0.25 · 3 = 0.75, 0.125 · 3 = 0.375 against 1.
  expect(under([boost(3, 'acme')])).toMatchObject({ products: [1, 0, 2, 3], scores: [1.5, 1, 0.75, 0.375] });
  expect(under([boost(3, 'acme'), boost(2, 'own')]).products).toEqual([0, 1, 2, 3]);
});

test('minimum relevance counts from the best', () => {
  expect(under([{ kind: 'minimumRelevance', share: 0.3 }])).toMatchObject({
    products: [0, 1],
    irrelevant: 2,
  });
});

test('pins take their places, from the list or from outside, unless they may not be offered', () => {
  const pin = (productId: string, position: number) => ({ kind: 'pin', productId, position });
  expect(under([pin('p4', 2), pin('p3', 1)])).toMatchObject({
    products: [3, 4, 0, 1, 2],
    scores: [1, 1, 1, 0.5, 0.25],
    sources: [PINNED, PINNED, 2, 2, 2],
  });
  expect(productsUnder([pin('p4', 100)])).toEqual([0, 1, 2, 3, 4]);
  expect(productsUnder([pin('gone', 1)])).toEqual([0, 1, 2, 3]);
  const exclude = { kind: 'exclude', products: { productIds: ['p4'] } };
  expect(productsUnder([pin('p4', 1), exclude])).toEqual([0, 1, 2, 3]);
});

test('daily caps look at what was offered today', () => {
  const compiled = compile([{ kind: 'dailyCap', products: { categories: ['tea'] }, perCustomer: 2 }]);
  const counts = { today: (product: number) => [2, 1, 9, 9][product] };
  expect([...applyRules(list, compiled, anna, counts).products]).toEqual([1, 2, 3]);
});

test('rules and retirements begin and end in time, and say when that is next', () => {
  const moments = { from: '2026-12-01T13:00:00+01:00', until: '2026-12-02T00:00:00Z' };
  const rule = { kind: 'exclude', products: { productIds: ['p0'] }, ...moments };
  const tomorrow = Date.parse('2026-12-03T00:00:00Z');
  const compiled = compile(
    [rule],
    [
      { productId: 'p1', retiredAt: NOW },
      { productId: 'p2', retiredAt: tomorrow },
    ],
  );
  expect([...compiled.hidden!]).toEqual([1, 1, 0, 0, 0]);
  expect(compiled.validUntil).toBe(Date.parse('2026-12-02T00:00:00Z'));
  const later = { ...rule, from: '2026-12-01T12:00:01Z' };
  expect([compile([later]).hidden, compile([later]).validUntil]).toEqual([undefined, NOW + 1_000]);
  // What is not standing is not for the night.
  expect(standingExclusions([{ ruleId: 'r', ...rule } as Rule], ids, catalogue).includes(1)).toBe(false);
});

test('what goes is counted by its reason', () => {
  const rules = [
    { kind: 'exclude', products: { productIds: ['p0'] } },
    { kind: 'minimumRelevance', share: 0.4 },
  ];
  expect(under(rules)).toMatchObject({ products: [1], ineligible: 1, irrelevant: 2 });
});

test('where rules leave the tail alone, nothing may be relevant enough', () => {
  const rules = [
    { kind: 'exclude', products: { productIds: ['p0'] } },
    { kind: 'minimumRelevance', share: 0.6 },
  ];
  expect(under(rules)).toMatchObject({ products: [], ineligible: 1, irrelevant: 3 });
});

test('a product is offered from one moment until another, and what holds is made anew at each of them', () => {
  const [before, after] = [NOW - 1_000, NOW + 1_000];
  const retired = [
    { productId: 'p0', retiredAt: 0 },
    { productId: 'p1', availableFrom: after },
    { productId: 'p2', availableFrom: before, retiredAt: after + 1 },
    { productId: 'p3', availableFrom: NOW },
    { productId: 'p4', retiredAt: NOW },
  ];
  const at = (now: number) => compileRules({ rules: [], retired }, ids, undefined, now);
  expect([...at(NOW).hidden!]).toEqual([1, 1, 0, 0, 1]);
  expect(at(NOW).validUntil).toBe(after);
  expect([...at(after).hidden!]).toEqual([1, 0, 0, 0, 1]);
  expect([...at(after + 1).hidden!]).toEqual([1, 0, 1, 0, 1]);
});
