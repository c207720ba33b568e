import { MS_PER_DAY } from '../calendar.js';
import { simulateWorld } from '../simulate-world.js';
import { scaleProfile } from '../world-profile.js';
import { worldProfiles } from '../world-profiles.js';
import { greenGrocer } from '../grocer/green-grocer.js';
import { hashWorld, smallWorld, UNTIL } from './small-world.js';

/** Pinned: whoever changes a world on purpose changes these in the same commit. */
const EXPECTED_HASHES: Record<string, string> = {
  'green-grocer': 'cc1cb3b76a8815e877e803940865f0cfc9a0eebe6f65fef3c58c5aa37e811d89',
  'atelier-nord': 'c804a5b59e3b8f56b97b7f57495cad4bfa77a37ad721d708bbfa4995ab3de354',
  'linea-mobile': 'b1452150d4ec62022f9488b3135e289e9618dfd6de6e6a3eb0b4d7507ca4d880',
};

describe.each(Object.values(worldProfiles))('the world of $id', (profile) => {
  const world = smallWorld(profile);
  const events = [...world.interactions()];

  // The pin is what makes this hold on every machine: the hash knows nothing of its time zone, locale or engine.
  it('is the same to the byte, everywhere', () => {
    expect(hashWorld(world)).toBe(EXPECTED_HASHES[profile.id]);
  });

  it('is another one with another seed', () => {
    const hashOf = (seed: number) => hashWorld(smallWorld(profile, { seed, days: 10 }));
    expect(hashOf(2)).not.toBe(hashOf(1));
  });

  it('comes in time order, inside the window, with unique event ids', () => {
    expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
    expect(events.filter((event, i) => i > 0 && event.occurredAt < events[i - 1]!.occurredAt)).toEqual([]);
    expect(events[0]!.occurredAt.getTime()).toBeGreaterThanOrEqual(
      UNTIL.getTime() - (profile.historyDays + 1) * MS_PER_DAY,
    );
    expect(events.at(-1)!.occurredAt.getTime()).toBeLessThan(UNTIL.getTime());
  });

  it('names only customers, products and offers that it has', () => {
    const created = new Map(
      Array.from(world.customers(), (row) => [row.customerId, row.createdAt.getTime()]),
    );
    const products = new Set(Array.from(world.products(), (row) => row.productId));
    const offers = new Map(Array.from(world.offers(), (row) => [row.offerId, row]));
    expect(events.filter((event) => !products.has(event.productId))).toEqual([]);
    const known = events.filter((event) => event.customerId !== undefined);
    expect(known.filter((event) => !(created.get(event.customerId!)! <= event.occurredAt.getTime()))).toEqual(
      [],
    );
    const wrongOffer = events.filter((event) => {
      if (event.offerId === undefined || event.type !== 'purchase') return false;
      const offer = offers.get(event.offerId);
      const fits = offer?.productId === event.productId && offer.price === event.unitPrice;
      return !(fits && offer.validFrom <= event.occurredAt && event.occurredAt < offer.validUntil);
    });
    expect(wrongOffer).toEqual([]);
  });

  it('goes on: later and longer histories hold the same events for the same days', () => {
    const cut = new Date(UNTIL.getTime() - 20 * MS_PER_DAY);
    const earlier = [...smallWorld(profile, { untilDate: cut, days: 45 }).interactions()];
    const first = earlier[0]!.occurredAt.getTime();
    const firstDay = cut.getTime() - profile.utcOffsetMinutes * 60_000 - 45 * MS_PER_DAY;
    const lastDay = firstDay + 45 * MS_PER_DAY;
    expect(first).toBeGreaterThanOrEqual(firstDay);
    const sameDays = (rows: typeof events) =>
      rows.filter((event) => event.occurredAt.getTime() >= firstDay && event.occurredAt.getTime() < lastDay);
    expect(sameDays(events)).toEqual(earlier);
    const shifted = [...smallWorld(profile, { untilDate: UNTIL, days: 40 }).interactions()];
    const overlap = events.filter((event) => event.occurredAt.getTime() >= shifted[0]!.occurredAt.getTime());
    expect(shifted).toEqual(overlap);
  });

  it('grows by customers who keep their ids', () => {
    const now = Array.from(world.customers(), (row) => row.customerId);
    const next = smallWorld(profile, { untilDate: new Date(UNTIL.getTime() + 60 * MS_PER_DAY) });
    const later = Array.from(next.customers(), (row) => row.customerId);
    expect(later.length).toBeGreaterThan(now.length);
    expect(later.slice(0, now.length)).toEqual(now);
  });
});

describe('simulateWorld', () => {
  it('has an empty history for no days', () => {
    expect([...smallWorld(greenGrocer, { days: 0 }).interactions()]).toEqual([]);
  });

  it('refuses what makes no world, by name', () => {
    expect(() => simulateWorld(greenGrocer, { seed: 1, untilDate: new Date('nonsense') })).toThrow(
      'untilDate',
    );
    expect(() => smallWorld(greenGrocer, { days: -1 })).toThrow('days');
    expect(() => smallWorld(greenGrocer, { days: 1.5 })).toThrow('days');
    expect(() => smallWorld(greenGrocer, { seed: 0.1 })).toThrow('seed');
    expect(() => scaleProfile(greenGrocer, 0)).toThrow('scale');
    expect(() => smallWorld({ ...greenGrocer, churnPerYear: 1 })).toThrow('churnPerYear');
  });

  it('survives a world of one customer', () => {
    for (const profile of Object.values(worldProfiles)) {
      expect(() => [...smallWorld(profile, { scale: 1e-6 }).interactions()]).not.toThrow();
    }
  });
});
