import {
  algorithms,
  allocateEvents,
  combineIntoHybrid,
  commercialFeatures,
  InlineExecutor,
  InteractionKind,
  prepareDataset,
  rankCustomers,
  strengthDefaults,
} from '#libs/algorithms';
import {
  encodeArtifact,
  OVERALL_FALLBACK,
  type ListReader,
  type RerankingOverrides,
  type Rule,
} from '#libs/domain';
import { recommendNow, type ServedState } from '../answer/recommend.js';
import { CATALOGUE_PART, MODEL_PART, type Catalogue } from '../catalogue/catalogue.js';
import { encodeProfile } from '../profile/customer-profile.js';
import { buildProductColumns, NO_PROMOTIONS } from '../rerank/build-product-columns.js';
import { customerViewOf } from '../rerank/customer-view.js';
import { compileRules } from '../rules/compile-rules.js';
import { LiveLists } from './live-lists.js';
import { NO_SESSION, type LiveRequest, type Session } from './live-request.js';

// Two kinds of customers: even ones buy tea (products 0 to 9), odd ones coffee (10 to 19). Product 20 is new and 21 retired.
const PRODUCTS = 22;
const CUSTOMERS = 60;
const DAY = 86_400;
const NOW = 1_000 * DAY * 1_000;
const productIds = Array.from({ length: PRODUCTS }, (_, p) => `p${p}`);
const isTea = (p: number) => p < 10;

const events = allocateEvents(CUSTOMERS * 5);
for (let e = 0; e < events.count; e++) {
  const customer = Math.floor(e / 5);
  events.customer[e] = customer;
  events.product[e] = (customer % 2) * 10 + ((customer * 3 + e * 7) % 10);
  events.timeSeconds[e] = (900 + (e % 90)) * DAY;
  events.quantity[e] = 1;
  events.unitPrice[e] = 5;
  events.kind[e] = InteractionKind.purchase;
  events.order[e] = customer;
}
Object.assign(events, { customerCount: CUSTOMERS, productCount: PRODUCTS, orderCount: CUSTOMERS });

const executor = new InlineExecutor();
const trainingSet = { nowSeconds: 1_000 * DAY, halfLifeDays: 60, popularityHalfLifeDays: 14 };
const catalogueFacts = {
  categories: productIds.map((_, p) => (p === 20 || isTea(p) ? 'tea' : 'coffee')),
  brands: productIds.map(() => null),
  margins: new Float32Array(PRODUCTS).fill(NaN),
  privateLabel: new Uint8Array(PRODUCTS),
  promotions: NO_PROMOTIONS,
};

async function openShop(reranking: RerankingOverrides = { steps: { diversity: { enabled: false } } }) {
  const { training } = await prepareDataset(
    events,
    { strength: strengthDefaults, split: undefined, trainingSet },
    executor,
  );
  const context = { seed: 1, executor };
  const model = combineIntoHybrid([
    await algorithms.popularity.fit(training, algorithms.popularity.defaults, context),
    await algorithms['item-cf'].fit(training, algorithms['item-cf'].defaults, context),
    await algorithms.ials.fit(training, { ...algorithms.ials.defaults, factors: 8 }, context),
  ]).serialize();
  const prices = Float64Array.from(productIds, (_, p) => p + 1);
  const features = commercialFeatures(events, prices, 1_000 * DAY);
  const catalogue: Catalogue = {
    columns: buildProductColumns(features, catalogueFacts),
    names: productIds.map((_, p) =>
      isTea(p) ? `Green tea ${p}` : p === 20 ? 'Matcha, ceremonial' : `Espresso ${p}`,
    ),
    categories: catalogueFacts.categories,
    brands: catalogueFacts.brands,
    tags: productIds.map((_, p) => (p % 2 === 0 ? ['organic=true'] : [])),
    sold: Uint8Array.from(productIds, (_, p) => (p === 21 ? 0 : 1)),
    popularity: training.popularity,
    repeatPurchases: true,
  };
  const parts: Record<string, Uint8Array> = {
    [CATALOGUE_PART]: Buffer.concat([...encodeArtifact(catalogue)]),
    [MODEL_PART]: Buffer.concat([...encodeArtifact({ productMap: null, model })]),
  };
  const { byCustomer } = training;
  const reader: ListReader = {
    header: { tenant: 'shop', modelVersion: 4, algorithm: 'hybrid', watermark: '', productIds },
    customerList: () => undefined,
    fallbackList: () => undefined,
    customerColumns: () => undefined,
    fallbackColumns: (name) =>
      name === OVERALL_FALLBACK
        ? { products: Int32Array.of(3, 13), scores: Float32Array.of(2, 1), sources: new Uint8Array(2) }
        : undefined,
    fallbackOf: (customerId) => (customerId === 'quiet' ? OVERALL_FALLBACK : undefined),
    profile: (customerId) => {
      const customer = Number(customerId.slice(1));
      if (!(customer < CUSTOMERS)) return undefined;
      const [start, end] = [byCustomer.offsets[customer], byCustomer.offsets[customer + 1]];
      return encodeProfile({
        ...customerViewOf(features, customer),
        loyaltyTier: 0,
        rfm: [1, 1, 1],
        history: {
          products: byCustomer.indices.subarray(start, end),
          values: byCustomer.values.subarray(start, end),
        },
        traitsJson: '{"region":"north"}',
      });
    },
    part: (name) => {
      const part = parts[name];
      if (part === undefined) return undefined;
      const copy = new Uint8Array(new SharedArrayBuffer(part.length));
      copy.set(part);
      return copy;
    },
    sampleCustomers: () => [],
    isIntact: async () => true,
    close: async () => undefined,
  };
  const live = LiveLists.open(reader, reranking)!;
  const allowed = Uint8Array.from(catalogue.sold);
  const ranked = await rankCustomers({ model, histories: byCustomer, allowed, count: 10, executor });
  return { live, reader, ranked };
}

type Shop = Awaited<ReturnType<typeof openShop>>;
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

interface Asked extends Partial<Omit<LiveRequest, 'session'>> {
  readonly session?: Partial<Session>;
  readonly rules?: readonly object[];
  readonly state?: ServedState['state'];
  readonly of?: Shop;
}

function ask({ session, rules = [], state = 'on', of = shop, ...request }: Asked) {
  const named = rules.map((rule, i) => ({ ruleId: `r${i}`, ...rule })) as Rule[];
  const compiled = compileRules({ rules: named, retired: [] }, productIds, of.live.catalogue, NOW);
  return recommendNow(
    { state, promoted: true, lists: of.reader, rules: compiled },
    of.live,
    {
      ...{ customerId: undefined, count: 5, country: undefined, segment: undefined },
      ...{ excludeProductIds: [], filter: undefined, diversity: undefined, explain: false },
      ...request,
      session: { ...NO_SESSION, ...session },
    },
    NOW,
  );
}
const products = ({ items }: ReturnType<typeof ask>) =>
  items.map(({ productId }) => Number(productId.slice(1)));
const sources = ({ items }: ReturnType<typeof ask>) => [...new Set(items.map(({ source }) => source))];

test('a known customer without news gets the list of the night', () => {
  const answer = ask({ customerId: 'c4', count: 10 });
  expect(products(answer)).toEqual([...shop.ranked.products.subarray(40, 50)]);
  expect(answer).toMatchObject({ status: 'ok', statusReason: null, modelVersion: 4 });
});

test('a stranger with nothing gets what is popular, and a full list', () => {
  const answer = ask({ count: 10 });
  expect(products(answer).slice(0, 2)).toEqual([3, 13]);
  expect([answer.items.length, sources(answer), answer.statusReason]).toEqual([
    10,
    ['popularity'],
    'unknownCustomer',
  ]);
  expect(ask({ customerId: 'quiet' }).statusReason).toBe('newCustomer');
});

test('a basket brings what goes with it, and is not offered itself', () => {
  const answer = ask({ session: { basket: ['p11', 'no such product'] } });
  expect(products(answer).every((p) => p >= 10 && p !== 11)).toBe(true);
  expect(answer.items[0].source).toBe('basket');
  expect(ask({ session: { viewed: ['p11'] } }).items[0].source).toBe('viewed');
});

test('what a customer does now changes their next answer', () => {
  const before = products(ask({ customerId: 'c4' }));
  const after = products(ask({ customerId: 'c4', session: { basket: ['p12', 'p15'] } }));
  expect(before.every(isTea)).toBe(true);
  expect(after.some((p) => !isTea(p))).toBe(true);
  const [first] = before;
  expect(products(ask({ customerId: 'c4', session: { rejected: [`p${first}`] } }))).not.toContain(first);
  expect(products(ask({ customerId: 'c4', session: { bought: [`p${first}`] } }))).not.toContain(first);
});

test('a search finds what nobody has bought yet, also by the beginning of a word', () => {
  for (const searched of ['matcha', 'MATCH', 'p20']) {
    const answer = ask({ customerId: 'c4', session: { searched: [searched] } });
    expect([products(answer)[0], answer.items[0].source]).toEqual([20, 'search']);
  }
  expect(products(ask({ session: { searched: ['espresso'] } })).every((p) => !isTea(p))).toBe(true);
  expect(ask({ session: { searched: ['zzz ???'] } }).status).toBe('ok');
});

test('facts match categories and attributes, and bound the price', () => {
  const coffee = ask({ session: { facts: { category: 'coffee', mood: 'tired' } } });
  expect(products(coffee).every((p) => !isTea(p))).toBe(true);
  expect(sources(coffee)).toEqual(expect.arrayContaining(['profile']));
  const organic = products(ask({ customerId: 'c4', count: 3, session: { facts: { organic: true } } }));
  expect(organic.every((p) => p % 2 === 0)).toBe(true);
  expect(products(ask({ count: 10, session: { facts: { budget: 4 } } })).every((p) => p + 1 <= 4)).toBe(true);
});

test('exclusions, filters and what is not sold stay away', () => {
  const [first] = products(ask({ customerId: 'c4' }));
  expect(products(ask({ customerId: 'c4', excludeProductIds: [`p${first}`] }))).not.toContain(first);
  const filter = { categories: ['coffee'], maximumPrice: 15 };
  expect(products(ask({ customerId: 'c4', filter })).toSorted()).toEqual([10, 11, 12, 13, 14]);
  expect(products(ask({ count: 50 }))).not.toContain(21);
});

test('rules hold: the facts of the request decide who is meant', () => {
  const rules = [
    { kind: 'eligible', products: { categories: ['coffee'] }, customers: { traits: { region: ['south'] } } },
    { kind: 'pin', productId: 'p20', position: 1 },
  ];
  expect(
    products(ask({ customerId: 'c5', rules, count: 3 }))
      .slice(1)
      .every(isTea),
  ).toBe(true);
  const south = ask({ customerId: 'c5', rules, count: 3, session: { facts: { region: 'south' } } });
  expect(products(south)[0]).toBe(20);
  expect(products(south).slice(1).some(isTea)).toBe(false);
  expect(south.items[0].source).toBe('pinned');
});

test('nothing to recommend has its reason', () => {
  const everything = { kind: 'exclude', products: { categories: ['tea', 'coffee'] } };
  const reason = (asked: Asked) => {
    const { status, statusReason } = ask(asked);
    return `${status} ${statusReason}`;
  };
  expect(reason({ rules: [everything] })).toBe('none ineligible');
  const noTea = { kind: 'exclude', products: { categories: ['tea'] } };
  const onlyTheBest = { kind: 'minimumRelevance', share: 0.9 };
  expect(reason({ customerId: 'c4', rules: [noTea, onlyTheBest] })).toBe('none lowRelevance');
  expect(reason({ customerId: 'c4', rules: [onlyTheBest] })).toBe('partial fewCandidates');
  expect(reason({ filter: { productIds: ['nobody'] } })).toBe('none noCandidates');
  expect(reason({ state: 'off' })).toBe('none off');
});

test('an explanation ends with the score of the item', async () => {
  const of = await openShop({ steps: { upsell: { enabled: true }, diversity: { enabled: true } } });
  const boost = { kind: 'boost', products: { categories: ['tea'] }, factor: 2 };
  const session = { viewed: ['p3'], facts: { organic: true } };
  const { items } = ask({ of, customerId: 'c4', explain: true, rules: [boost], session });
  for (const { breakdown, score } of items) expect(breakdown?.at(-1)?.score).toBeCloseTo(score, 5);
  const steps = items.flatMap(({ breakdown }) => breakdown?.map(({ step }) => step));
  expect(new Set(steps)).toEqual(new Set(['model', 'session', 'facts', 'upsell', 'diversity', 'rules']));
  expect(ask({ customerId: 'c4' }).items[0].breakdown).toBeUndefined();
});

test('more diversity, because the request asks for it', () => {
  const alike = products(ask({ customerId: 'c4', diversity: 0 }));
  const mixed = products(ask({ customerId: 'c4', diversity: 0.9 }));
  expect(alike.every(isTea)).toBe(true);
  expect(mixed.some((p) => !isTea(p))).toBe(true);
});
