import { MS_PER_DAY } from '../calendar.js';
import { atelierNord } from '../fashion/atelier-nord.js';
import { evaluateFindability } from '../findability/holdout-evaluation.js';
import { worldProfiles } from '../world-profiles.js';
import { smallWorld, UNTIL } from './small-world.js';

describe.each(Object.values(worldProfiles))('the truth of $id', (profile) => {
  const world = smallWorld(profile);
  const customerIds = Array.from(world.customers(), (customer) => customer.customerId).slice(0, 60);
  const { truth } = world;

  it('has a utility for each product, and ranks by it', () => {
    const productIds = Array.from(world.products(), (product) => product.productId);
    const utilities = truth.expectedUtility(customerIds[0]!);
    expect(utilities).toHaveLength(productIds.length);
    expect(utilities.some((value) => Number.isNaN(value))).toBe(false);
    const ranked = truth.rankProducts(customerIds[0]!);
    const ofRank = ranked.map((productId) => utilities[productIds.indexOf(productId)]!);
    expect(ofRank).toEqual(ofRank.toSorted((a, b) => b - a));
  });

  it('depends on the customer', () => {
    const tops = new Set(customerIds.map((customerId) => truth.rankProducts(customerId).slice(0, 3).join()));
    expect(tops.size).toBeGreaterThan(10);
  });

  it('accepts good lists more often than bad ones, the same way each time', () => {
    const accepted = { best: 0, worst: 0 };
    for (const customerId of customerIds) {
      const ranked = truth.rankProducts(customerId, UNTIL);
      const best = truth.respond(customerId, ranked.slice(0, 5), UNTIL, 3);
      expect(truth.respond(customerId, ranked.slice(0, 5), UNTIL, 3)).toEqual(best);
      accepted.best += best.filter((row) => row.response === 'accepted').length;
      const worst = truth.respond(customerId, ranked.slice(-5), UNTIL, 3);
      accepted.worst += worst.filter((row) => row.response === 'accepted').length;
    }
    expect(accepted.best).toBeGreaterThan(2 * accepted.worst + 10);
  });

  it('knows all three responses, and ignores what it does not know', () => {
    const responses = customerIds.flatMap((customerId) =>
      truth.respond(customerId, truth.rankProducts(customerId, UNTIL).slice(0, 10), UNTIL, 1),
    );
    expect(new Set(responses.map((row) => row.response))).toEqual(
      new Set(['accepted', 'rejected', 'ignored']),
    );
    expect(truth.respond(customerIds[0]!, ['no such thing'], UNTIL, 1)).toEqual([
      { productId: 'no such thing', response: 'ignored' },
    ]);
    expect(() => truth.rankProducts("C1'; DROP")).toThrow(RangeError);
  });

  it('holds habits that a collaborative model finds and popularity does not', () => {
    const scale = profile.trade === 'telecom' ? 0.6 : 0.2;
    const report = evaluateFindability(smallWorld(profile, { scale }), UNTIL);
    expect(report.evaluatedCustomers).toBeGreaterThan(100);
    expect(report.itemCfNdcg10).toBeGreaterThan(1.2 * report.popularityNdcg10);
    expect(report.truthNdcg10).toBeGreaterThan(report.itemCfNdcg10);
  });
});

describe('the truth of a shop with seasons', () => {
  it('leaves out what is retired by the date', () => {
    const world = smallWorld(atelierNord);
    const retired = [...world.products()].find((product) => product.retiredAt !== undefined)!;
    const customerId = [...world.customers()][0]!.customerId;
    const before = new Date(retired.retiredAt!.getTime() - MS_PER_DAY);
    expect(world.truth.rankProducts(customerId, before)).toContain(retired.productId);
    expect(world.truth.rankProducts(customerId, retired.retiredAt)).not.toContain(retired.productId);
    expect(world.truth.respond(customerId, [retired.productId], UNTIL, 1)[0]!.response).toBe('ignored');
  });
});
