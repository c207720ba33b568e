import { attributeCustomer, type AttributedKind, type CustomerEvent } from './attribute-customer.js';
import { DailyTally, toDailyKpis } from './daily-kpis.js';
import { momentOfRecommendation } from './moment-of-recommendation.js';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 1);
const WINDOW_MS = 14 * DAY_MS;

let next = 0;
/** @param at days since 1 November 2026 */
function event(kind: AttributedKind, at: number, more: Partial<CustomerEvent> = {}): CustomerEvent {
  const moment = START + at * DAY_MS;
  return {
    ...{ kind, eventId: `e${String(next++).padStart(3, '0')}`, customerId: 'anna', productId: 'tea' },
    ...{ recommendationId: undefined, quantity: undefined, unitPrice: undefined },
    ...{ at: moment, day: new Date(moment).toISOString().slice(0, 10), ...more },
  };
}

/** An id of ours, made so many days after the start. */
function idAt(at: number, tail = '0'): string {
  const time = (START + at * DAY_MS).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail.padStart(12, '0')}`;
}

const tied = (...events: CustomerEvent[]) =>
  attributeCustomer(events, WINDOW_MS).purchases.map(({ recommendationId }) => recommendationId ?? 'unnamed');

beforeEach(() => {
  next = 0;
});

describe('attributeCustomer', () => {
  test('ties a purchase to what showed the product, up to the last moment of the window', () => {
    const shown = event('shown', 0, { recommendationId: 'r1' });
    expect(tied(shown, event('bought', 0))).toEqual(['r1']);
    expect(tied(shown, event('bought', 14))).toEqual(['r1']);
    expect(tied(shown, event('bought', 14 + 1 / DAY_MS))).toEqual([]);
    expect(tied(shown, event('bought', -1 / DAY_MS))).toEqual([]);
    expect(tied(shown, event('bought', 1, { productId: 'cup' }))).toEqual([]);
    expect(tied(event('shown', 0), event('imported', 1))).toEqual(['unnamed']);
  });

  test('the recommendation that is named goes before a later one, and the latest before an earlier one', () => {
    const early = event('shown', 0, { recommendationId: 'r1' });
    const late = event('shown', 2, { recommendationId: 'r2' });
    expect(tied(late, early, event('bought', 3))).toEqual(['r2']);
    expect(tied(late, early, event('bought', 3, { recommendationId: 'r1' }))).toEqual(['r1']);
    expect(tied(late, early, event('bought', 3, { recommendationId: 'never-heard-of' }))).toEqual(['r2']);
    // The named one was shown too long ago; the other was not.
    expect(tied(late, early, event('bought', 15, { recommendationId: 'r1' }))).toEqual(['r2']);
  });

  test('a recommendation that nobody reported as shown counts from the moment in its id', () => {
    const named = idAt(1);
    expect(tied(event('bought', 2, { recommendationId: named }))).toEqual([named]);
    expect(tied(event('bought', 15.5, { recommendationId: named }))).toEqual([]);
    expect(tied(event('bought', 0.5, { recommendationId: named }))).toEqual([]);
    expect(tied(event('bought', 2, { recommendationId: 'not-of-ours' }))).toEqual([]);
    expect(tied(event('accepted', 1.5, { recommendationId: named }), event('imported', 3))).toEqual([named]);
    // Reported as shown on day 1: a click on day 10 does not show it anew.
    const shown = event('shown', 1, { recommendationId: named });
    const clicked = event('clicked', 10, { recommendationId: named });
    expect(tied(shown, clicked, event('bought', 16))).toEqual([]);
  });

  test('a purchase that a file tells again is not another one', () => {
    const shown = event('shown', 0, { recommendationId: 'r1' });
    const [bought, echo] = [event('bought', 1.2), event('imported', 1.5)];
    expect(tied(shown, bought, echo)).toHaveLength(1);
    expect(tied(shown, bought, echo, event('imported', 1.6))).toHaveLength(2);
    expect(tied(shown, bought, event('imported', 2))).toHaveLength(2);
    expect(tied(shown, bought, event('bought', 1.3))).toHaveLength(2);
  });

  test('does not depend on the order in which events arrive', () => {
    const events = [
      event('shown', 1, { recommendationId: 'r1', eventId: 'b' }),
      event('shown', 1, { recommendationId: 'r2', eventId: 'a' }),
      event('bought', 2, { unitPrice: 0.1, quantity: 3 }),
    ];
    const expected = attributeCustomer(events, WINDOW_MS);
    expect(expected.purchases).toMatchObject([{ recommendationId: 'r1', revenue: 0.3 }]);
    expect(attributeCustomer(events.toReversed(), WINDOW_MS)).toEqual(expected);
  });
});

// Worked out by hand. 1 November: tea and cup are shown to Anna, tea to Ben. Anna clicks tea twice on the 2nd and buys two at
// 4.50 on the 3rd; Ben rejects it on the 1st. On the 3rd Anna is shown tea again and nothing comes of it.
test('the numbers of days, for two customers', () => {
  const anna = [
    event('shown', 0, { recommendationId: 'r1' }),
    event('shown', 0, { recommendationId: 'r1', productId: 'cup' }),
    event('clicked', 1, { recommendationId: 'r1' }),
    event('clicked', 1.1),
    event('bought', 2, { recommendationId: 'r1', quantity: 2, unitPrice: 4.5 }),
    event('shown', 2.5, { recommendationId: 'r2' }),
  ];
  const ben = [event('shown', 0.5, { customerId: 'ben' }), event('rejected', 0.6, { customerId: 'ben' })];
  const tally = new DailyTally();
  for (const events of [anna, ben]) tally.addCustomer(events, attributeCustomer(events, WINDOW_MS));
  tally.addAnswers('2026-11-01', 8, 2);
  tally.setProducts('2026-11-01', 2, 5);
  tally.setProducts('2026-11-09', 0, 5);
  const nothing = { served: 0, none: 0, shown: 0, clicked: 0, bought: 0, accepted: 0, rejected: 0 };
  const noMoney = { attributedPurchases: 0, attributedRevenue: 0, productsShown: 0, productsOnSale: 0 };
  const days = tally.between('2026-11-01', '2026-11-30');
  expect(days).toEqual([
    // Three shown; of these one clicked (Anna's tea, counted once) and one bought.
    {
      ...{ ...nothing, day: '2026-11-01', served: 8, none: 2, shown: 3, clicked: 1, bought: 1, rejected: 1 },
      ...{ ...noMoney, productsShown: 2, productsOnSale: 5 },
    },
    { ...nothing, ...noMoney, day: '2026-11-03', shown: 1, attributedPurchases: 1, attributedRevenue: 9 },
  ]);
  expect(toDailyKpis(days[0])).toMatchObject({
    ...{ clickThrough: 1 / 3, conversion: 1 / 3, noneShare: 0.25, coverage: 0.4 },
  });
  expect(toDailyKpis(days[1])).toMatchObject({ noneShare: undefined, coverage: undefined, conversion: 0 });
  expect(tally.between('2026-11-02', '2026-11-02')).toEqual([]);
});

test('momentOfRecommendation reads the moment of ids of ours, and of no other', () => {
  expect(momentOfRecommendation('019a0000-0001-7abc-8def-0123456789ab')).toBe(0x019a00000001);
  expect(momentOfRecommendation('019a0000-0001-4abc-8def-0123456789ab')).toBeUndefined();
  expect(momentOfRecommendation('r1')).toBeUndefined();
});
