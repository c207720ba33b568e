import { lineaMobile } from '../telecom/linea-mobile.js';
import { PLANS } from '../telecom/plans.js';
import { groupBy, purchasesOf, smallWorld } from './small-world.js';

const world = smallWorld(lineaMobile, { scale: 0.2 });
const events = [...world.interactions()];
const purchases = purchasesOf(world);
const customers = new Map(Array.from(world.customers(), (customer) => [customer.customerId, customer]));

describe('habits of the telecom', () => {
  it('has fifteen plans under several offers', () => {
    expect([...world.products()]).toHaveLength(15);
    const perPlan = groupBy(world.offers(), (offer) => offer.productId);
    expect(perPlan.size).toBe(15);
    for (const offers of perPlan.values()) expect(offers.length).toBeGreaterThan(3);
    expect([...world.promotions()].length).toBeGreaterThan(5);
  });

  it('never signs the plan a customer already has', () => {
    const repeated = [...groupBy(purchases, (row) => row.customerId!).values()].flatMap((rows) =>
      rows.slice(1).filter((row, i) => row.productId === rows[i]!.productId),
    );
    expect(repeated).toEqual([]);
  });

  it('signs plans with an age limit only within it', () => {
    const young = purchases.filter((row) => row.productId === 'young');
    expect(young.length).toBeGreaterThan(20);
    const ages = new Set(young.map((row) => customers.get(row.customerId!)!.ageBand));
    expect(ages).toEqual(new Set(['18-24', '25-34']));
  });

  it('lets the views of a customer agree with each other: co-views carry information', () => {
    const family = new Map(PLANS.map((plan) => [plan.planId, plan.family]));
    const views = events.filter((event) => event.type === 'view');
    const share = new Map<string, number>();
    for (const row of views)
      share.set(family.get(row.productId)!, (share.get(family.get(row.productId)!) ?? 0) + 1);
    const byChance = [...share.values()].reduce((sum, count) => sum + (count / views.length) ** 2, 0);
    let pairs = 0;
    let same = 0;
    for (const rows of groupBy(views, (row) => row.customerId!).values()) {
      for (let i = 1; i < rows.length; i++) {
        pairs += 1;
        if (family.get(rows[i]!.productId) === family.get(rows[i - 1]!.productId)) same += 1;
      }
    }
    expect(same / pairs).toBeGreaterThan(1.5 * byChance);
  });

  it('has popular plans, but none that explains everything', () => {
    const counts = [...groupBy(events, (row) => row.productId).values()].map((rows) => rows.length);
    expect(counts).toHaveLength(15);
    expect(Math.max(...counts) / events.length).toBeLessThan(0.25);
    expect(Math.max(...counts) / Math.min(...counts)).toBeGreaterThan(3);
  });
});
