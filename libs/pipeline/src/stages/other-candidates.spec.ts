import {
  algorithms,
  allocateEvents,
  combineIntoHybrid,
  InlineExecutor,
  InteractionKind,
  prepareDataset,
  rankCustomers,
  strengthDefaults,
  type Model,
} from '#libs/algorithms';
import { completeReranking } from '#libs/domain';
import type { NightContext } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { withOtherCandidates } from './other-candidates.js';
import type { Prepared } from './prepare.stage.js';

// Ten customers buy tea (0 to 4), ten coffee (5 to 9): nothing is bought with both, and coffee twice as often.
const PRODUCTS = 10;
const DAY = 86_400;
const productIds = Array.from({ length: PRODUCTS }, (_, p) => `p${p}`);
const executor = new InlineExecutor();
const context = { seed: 1, executor };

const TRAINED = { models: { 'item-cf': {} } };

async function openNight() {
  const events = allocateEvents(20 * 3);
  for (let e = 0; e < events.count; e++) {
    const customer = Math.floor(e / 3);
    events.customer[e] = customer;
    events.product[e] = (customer % 2) * 5 + ((customer + e) % 5);
    events.timeSeconds[e] = (900 + 50 * (customer % 2)) * DAY;
    events.quantity[e] = 1;
    events.unitPrice[e] = 5;
    events.kind[e] = InteractionKind.purchase;
    events.order[e] = customer;
  }
  Object.assign(events, { customerCount: 20, productCount: PRODUCTS, orderCount: 20 });
  const trainingSet = { nowSeconds: 1_000 * DAY, halfLifeDays: 60, popularityHalfLifeDays: 14 };
  const options = { strength: strengthDefaults, split: undefined, trainingSet };
  const { training } = await prepareDataset(events, options, executor);
  const itemCf = await algorithms['item-cf'].fit(training, algorithms['item-cf'].defaults, context);
  const popularity = await algorithms.popularity.fit(training, algorithms.popularity.defaults, context);
  const { byCustomer: histories } = training;
  const allowed = new Uint8Array(PRODUCTS).fill(1);
  const join = async (winner: Model, otherCandidates: number, trained: object = TRAINED) => {
    const model = winner.serialize();
    const ranked = await rankCustomers({ model, histories, allowed, count: 8, executor });
    const night = {
      output: () => trained,
      workspace: { load: async () => ({ algorithm: 'item-cf', productIds, model: itemCf.serialize() }) },
      ...{ template: { repeatPurchases: true }, executor },
      numerics: <T>(_: unknown, work: () => Promise<T>) => work(),
    } as unknown as NightContext;
    const joined = await withOtherCandidates(
      night,
      ranked,
      { algorithm: 'x', productIds, model },
      { productIds } as unknown as Snapshot,
      { histories, popularity: training.popularity } as unknown as Prepared,
      allowed,
      { ...completeReranking(), otherCandidates },
    );
    return { ranked, joined };
  };
  return { itemCf, popularity, join };
}

test('a model that knows neighbours alone is filled up with what is popular, and says so', async () => {
  const { itemCf, join } = await openNight();
  const { ranked, joined } = await join(itemCf, 0);
  const sourcesOf = (lists: typeof joined) =>
    Array.from({ length: 8 }, (_, place) =>
      lists.products[place] < 0 ? null : lists.sourceNames[lists.sources[place]],
    );
  const known = sourcesOf(ranked).filter((source) => source !== null).length;
  expect(known).toBeGreaterThan(0);
  expect(known).toBeLessThan(8);
  expect(sourcesOf(joined)).toEqual([
    ...Array(known).fill('item-cf'),
    ...Array(8 - known).fill('popularity'),
  ]);
  expect([...joined.products.subarray(0, known)]).toEqual([...ranked.products.subarray(0, known)]);
  expect([...joined.products.subarray(known, 8)].every((product) => product >= 5)).toBe(true);
});

test('a share is given to others though the list is full', async () => {
  const { popularity, join } = await openNight();
  const { joined } = await join(popularity, 0.25);
  const names = Array.from({ length: 8 }, (_, place) => joined.sourceNames[joined.sources[place]]);
  expect(names).toContain('item-cf');
});

test('a night that trained nothing takes the neighbours from the one before, a frozen one has none', async () => {
  const { popularity, join } = await openNight();
  const namesOf = async (trained: object) => {
    const { joined } = await join(popularity, 0.25, trained);
    return Array.from({ length: 8 }, (_, place) => joined.sourceNames[joined.sources[place]]);
  };
  expect(await namesOf({ skipped: 'unchanged', neighbours: {} })).toContain('item-cf');
  expect(await namesOf({ skipped: 'frozen' })).not.toContain('item-cf');
});

test('a hybrid holds both itself: nothing is touched', async () => {
  const { itemCf, popularity, join } = await openNight();
  const { ranked, joined } = await join(combineIntoHybrid([itemCf, popularity]), 0.5);
  expect(joined).toBe(ranked);
});
