import { MS_PER_DAY } from '../calendar.js';
import { simulateWorld } from '../simulate-world.js';
import { scaleProfile } from '../world-profile.js';
import { worldProfiles } from '../world-profiles.js';
import { greenGrocer } from '../grocer/green-grocer.js';
import { hashWorld, smallWorld, UNTIL } from './small-world.js';

/** Pinned: whoever changes a world on purpose changes these in the same commit. */
const EXPECTED_HASHES: Record<string, string> = {
  'green-grocer': 'PIN-green-grocer',
  'atelier-nord': 'PIN-atelier-nord',
  'linea-mobile': 'PIN-linea-mobile',
};

describe.each(Object.values(worldProfiles))('the world of $id', (profile) => {
  const world = smallWorld(profile);
  const events = [...world.interactions()];

  it('is the same to the byte in every time zone', () => {
    const before = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(hashWorld(smallWorld(profile))).toBe(EXPECTED_HASHES[profile.id]);
    setTimeZone('Pacific/Kiritimati');
    expect(hashWorld(smallWorld(profile))).toBe(EXPECTED_HASHES[profile.id]);
    setTimeZone(before);
  });

  it('is another one with another seed', () => {
    expect(hashWorld(smallWorld(profile, { seed: 2 }))).not.toBe(EXPECTED_HASHES[profile.id]);
  });

  it('comes in time order, inside the window, with unique event ids', () => {
    expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
    for (let i = 1; i < events.length; i++) {
      expect(events[i]!.occurredAt.getTime()).toBeGreaterThanOrEqual(events[i - 1]!.occurredAt.getTime());
    }
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
    for (const event of events) {
      expect(products.has(event.productId)).toBe(true);
      if (event.customerId !== undefined) {
        expect(created.get(event.customerId)!).toBeLessThanOrEqual(event.occurredAt.getTime());
      }
      const offer = event.offerId === undefined ? undefined : offers.get(event.offerId);
      if (event.offerId !== undefined && event.type === 'purchase') {
        expect(offer).toMatchObject({ productId: event.productId, price: event.unitPrice });
        expect(offer!.validFrom.getTime()).toBeLessThanOrEqual(event.occurredAt.getTime());
        expect(offer!.validUntil.getTime()).toBeGreaterThan(event.occurredAt.getTime());
      }
    }
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

function setTimeZone(timeZone: string): void {
  // The one place that needs the environment: to show that the machine's zone does not matter.
  // eslint-disable-next-line no-restricted-properties
  process.env.TZ = timeZone;
}
