import { dayOf } from '../calendar.js';
import { respondToLists, type ListVisitor, type ResponseOptions } from '../respond-to-lists.js';
import type { SimulatedFeedback } from '../simulated-schema.js';
import { worldProfiles } from '../world-profiles.js';
import { smallWorld, UNTIL } from './small-world.js';

describe.each(Object.values(worldProfiles))('customers of $id before their lists', (profile) => {
  const world = smallWorld(profile, { scale: 0.04 });
  const untilDay = dayOf(UNTIL, profile.utcOffsetMinutes);
  const days: ResponseOptions = { seed: 7, fromDay: untilDay - 4, untilDay, lookShare: 0.4, shown: 5 };
  const ranked = new Map<string, string[]>();
  const best = ({ customerId }: ListVisitor) => {
    if (!ranked.has(customerId)) ranked.set(customerId, world.truth.rankProducts(customerId));
    return ranked.get(customerId) as string[];
  };
  const worst = (visitor: ListVisitor) => best(visitor).toReversed();
  const respond = (listOf: (visitor: ListVisitor) => readonly string[], change: object = {}) => [
    ...respondToLists(world, listOf, { ...days, ...change }),
  ];
  const share = (events: readonly SimulatedFeedback[]) =>
    events.filter(({ kind }) => kind === 'accepted').length /
    events.filter(({ kind }) => kind === 'shown').length;
  const events = respond(best);

  it('accept more of better lists', () => {
    const scramble = (id: string, product: string) =>
      [...(id + product)].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 9_973, 7);
    const any = (visitor: ListVisitor) =>
      best(visitor).toSorted((a, b) => scramble(visitor.customerId, a) - scramble(visitor.customerId, b));
    const [good, chance, bad] = [share(events), share(respond(any)), share(respond(worst))];
    expect(good).toBeGreaterThan(1.5 * chance);
    expect(chance).toBeGreaterThan(bad);
  });

  it('do the same again for the same seed, and something else for another', () => {
    expect(respond(best)).toEqual(events);
    expect(respond(best, { seed: 8 })).not.toEqual(events);
    const lastDays = respond(best, { fromDay: untilDay - 2 }).filter(({ kind }) => kind === 'shown');
    // Who looks when does not depend on when one begins to watch.
    const looks = (of: readonly SimulatedFeedback[]) => new Set(of.map((event) => event.recommendationId));
    const all = looks(events);
    expect([...looks(lastDays)].filter((id) => !all.has(id))).toEqual([]);
  });

  it('look once a day, in order, and leave ids that are the endpoint’s and events that tell all', () => {
    const ids = events.map(({ eventId }) => eventId);
    expect(new Set(ids).size).toBe(ids.length);
    const looks = new Map<string, SimulatedFeedback[]>();
    for (const event of events)
      looks.set(event.recommendationId, [...(looks.get(event.recommendationId) ?? []), event]);
    for (const [id, look] of looks) {
      const shown = look.filter(({ kind }) => kind === 'shown');
      expect(shown.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5].slice(0, shown.length));
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(shown[0]?.occurredAt.getTime());
      const accepted = look.filter(({ kind }) => kind === 'accepted').map(({ productId }) => productId);
      const bought = look.filter(({ kind }) => kind === 'bought');
      expect(bought.map(({ productId }) => productId)).toEqual(accepted);
    }
    const bought = events.filter(({ kind }) => kind === 'bought');
    expect(bought.filter(({ quantity, unitPrice }) => quantity !== 1 || !(unitPrice! > 0))).toEqual([]);
    const daysOf = new Set(events.map(({ occurredAt }) => dayOf(occurredAt, profile.utcOffsetMinutes)));
    expect([...daysOf].sort()).toEqual([4, 3, 2, 1].map((ago) => untilDay - ago));
  });

  it('are not shown what they have taken where nobody buys twice', () => {
    const takes = events.filter(({ kind }) => kind === 'bought').map((e) => `${e.customerId} ${e.productId}`);
    expect(new Set(takes).size === takes.length).toBe(!profile.tenant.repeatPurchases);
  });

  it('see nothing where nothing is served', () => {
    expect(respond(() => [])).toEqual([]);
  });
});
