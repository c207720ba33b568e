import { countryFallback, segmentFallback, type ListReader, type RankedListEntry } from '#libs/domain';
import { createRecommendationId } from './recommendation-id.js';
import { recommend, type ServedState } from './recommend.js';
import { STATUS_REASONS, type RecommendationRequest } from './recommendation.js';

const NOW = Date.UTC(2026, 10, 21, 9);

function entry(productId: string): RankedListEntry {
  return { productId, score: Math.fround(0.3), source: 'ials' };
}

const LISTS: Readonly<Record<string, readonly string[]>> = {
  'customer:anna': ['a', 'b', 'c'],
  'customer:new-and-empty': [],
  overall: ['x', 'y', 'z'],
  [countryFallback('Norway')]: ['n'],
  [segmentFallback('loyal')]: ['l', 'm'],
  [segmentFallback('empty')]: [],
};

const NEW_CUSTOMERS: Readonly<Record<string, string>> = {
  nils: countryFallback('Norway'),
  lena: segmentFallback('loyal'),
  emma: segmentFallback('empty'),
};

function readerOf(lists: Readonly<Record<string, readonly string[]>>): ListReader {
  const find = (name: string, count: number) => lists[name]?.slice(0, count).map(entry);
  return {
    header: { tenant: 'shop', modelVersion: 4, algorithm: 'hybrid', watermark: '', productIds: [] },
    customerList: (customerId, count) => find(`customer:${customerId}`, count),
    fallbackList: find,
    fallbackOf: (customerId) => NEW_CUSTOMERS[customerId],
    customerColumns: () => undefined,
    fallbackColumns: () => undefined,
    profile: () => undefined,
    part: () => undefined,
    sampleCustomers: () => [],
    isIntact: async () => true,
    close: async () => undefined,
  };
}

const ON: ServedState = { state: 'on', promoted: true, lists: readerOf(LISTS) };

function ask(request: Partial<RecommendationRequest> = {}, served: ServedState = ON) {
  return recommend(
    served,
    { customerId: 'anna', count: 2, country: undefined, segment: undefined, ...request },
    NOW,
  );
}

const products = (answer: ReturnType<typeof ask>) => answer.items.map((item) => item.productId).join('');

describe('recommend', () => {
  test("gives a customer's own list, with its version and in words", () => {
    expect(ask()).toEqual({
      recommendationId: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      modelVersion: 4,
      servedAt: '2026-11-21T09:00:00.000Z',
      status: 'ok',
      statusReason: null,
      items: ['a', 'b'].map((productId) => ({
        productId,
        score: 0.3,
        source: 'ials',
        reasons: ['Chosen by customers with a similar taste'],
      })),
    });
  });

  test.each([
    ['off', { ...ON, state: 'off' }, {}, 'none', ''],
    ['off', { state: 'off', promoted: false, lists: undefined }, {}, 'none', ''],
    ['noModelYet', { state: 'on', promoted: false, lists: undefined }, {}, 'none', ''],
    ['listsUnavailable', { ...ON, lists: undefined }, {}, 'none', ''],
    ['noCandidates', { ...ON, lists: readerOf({}) }, {}, 'none', ''],
    ['noCandidates', ON, { customerId: 'new-and-empty' }, 'none', ''],
    ['fewCandidates', ON, { count: 5 }, 'partial', 'abc'],
    ['frozen', { ...ON, state: 'frozen' }, {}, 'ok', 'ab'],
    ['newCustomer', ON, { customerId: 'lena' }, 'ok', 'lm'],
    ['newCustomer', { ...ON, state: 'frozen' }, { customerId: 'lena' }, 'ok', 'lm'],
    ['newCustomer', ON, { customerId: 'nils', segment: 'loyal' }, 'partial', 'n'],
    ['newCustomer', ON, { customerId: 'emma' }, 'ok', 'xy'],
    ['noCandidates', { ...ON, lists: readerOf({}) }, { customerId: 'emma' }, 'none', ''],
    ['unknownCustomer', { ...ON, state: 'frozen' }, { customerId: 'zoe' }, 'ok', 'xy'],
    ['unknownCustomer', ON, { customerId: undefined }, 'ok', 'xy'],
    ['unknownCustomer', ON, { customerId: 'zoe', country: 'Norway' }, 'partial', 'n'],
    ['unknownCustomer', ON, { customerId: 'zoe', country: 'Norway', segment: 'loyal' }, 'ok', 'lm'],
    ['unknownCustomer', ON, { customerId: 'zoe', country: 'Atlantis', segment: 'empty' }, 'ok', 'xy'],
  ] as const)('says %s', (reason, served, request, status, expected) => {
    const answer = ask(request, served as ServedState);
    expect(STATUS_REASONS).toContain(reason);
    expect(answer).toMatchObject({
      status,
      statusReason: reason,
      modelVersion: status === 'none' ? null : 4,
    });
    expect(products(answer)).toBe(expected);
  });
});

describe('createRecommendationId', () => {
  test('is unique and ordered by time', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => createRecommendationId(NOW + index));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(ids[0].startsWith(NOW.toString(16).padStart(12, '0').slice(0, 8))).toBe(true);
  });

  test('shares nothing but the time and the version with the one before it', () => {
    const tails = Array.from({ length: 1_000 }, () => createRecommendationId(NOW).slice(24));
    expect(new Set(tails).size).toBe(tails.length);
  });
});
