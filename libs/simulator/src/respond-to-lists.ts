import { instantOf, MS_PER_MINUTE } from './calendar.js';
import { hashKeys, SeededRandom } from './random/seeded-random.js';
import { Stream } from './random/stream.js';
import type { SimulatedFeedback } from './simulated-schema.js';
import type { World } from './simulate-world.js';

export interface ResponseOptions {
  readonly seed: number;
  /** Days since 1970 in the tenant's standard time: from the first up to, not including, the last. */
  readonly fromDay: number;
  readonly untilDay: number;
  /** Chance that a customer looks at the list on a day. */
  readonly lookShare: number;
  /** Products that a customer sees at a time. */
  readonly shown: number;
}

export const RESPONSE_DEFAULTS = { lookShare: 0.1, shown: 10 } as const;

const [OPENING_MINUTE, CLOSING_MINUTE] = [8 * 60, 21 * 60];

/** Whose list it is, as the endpoint wants to know it. */
export interface ListVisitor {
  readonly customerId: string;
  readonly segment?: string;
  readonly country: string;
}

/**
 * Customers look at their lists and take, turn down or ignore what is shown by their true taste. What is taken is bought at
 * once; where nobody buys a product twice, it is not shown to them again. The same world, seed, days and lists give the same
 * events with the same ids.
 * @param listOf what is served to a customer; empty: nothing
 */
export function* respondToLists(
  world: World,
  listOf: (visitor: ListVisitor) => readonly string[],
  { seed, fromDay, untilDay, lookShare, shown }: ResponseOptions,
): Generator<SimulatedFeedback> {
  const { utcOffsetMinutes, tenant } = world.profile;
  const customers = Array.from(world.customers());
  const prices = new Map(Array.from(world.products(), ({ productId, price }) => [productId, price]));
  const taken = new Map<string, Set<string>>();
  const random = new SeededRandom(0);
  for (let day = fromDay; day < untilDay; day++) {
    for (const customer of customers) {
      const { customerId } = customer;
      const key = hashText(customerId);
      if (!random.reseed(seed, Stream.look, key, day).chance(lookShare)) continue;
      const minute = OPENING_MINUTE + random.below(CLOSING_MINUTE - OPENING_MINUTE);
      const at = instantOf(day, minute, utcOffsetMinutes);
      if (customer.createdAt.getTime() > at) continue;
      const had = taken.get(customerId);
      const products = listOf(customer)
        .filter((productId) => had?.has(productId) !== true)
        .slice(0, shown);
      if (products.length === 0) continue;
      const recommendationId = recommendationIdOf(at, seed, key, day);
      const common = { recommendationId, customerId };
      const responses = world.truth.respond(customerId, products, new Date(at), seed);
      for (const [place, { productId, response }] of responses.entries()) {
        const event = (kind: SimulatedFeedback['kind'], minutesLater: number) => ({
          ...common,
          ...{ eventId: `${recommendationId}/${place + 1}/${kind}`, productId, kind },
          occurredAt: new Date(at + minutesLater * MS_PER_MINUTE),
        });
        yield { ...event('shown', 0), position: place + 1 };
        if (response === 'rejected') yield event('rejected', 1);
        if (response !== 'accepted') continue;
        yield event('accepted', 1);
        yield { ...event('bought', 2), quantity: 1, unitPrice: prices.get(productId) };
        if (!tenant.repeatPurchases)
          taken.set(customerId, (taken.get(customerId) ?? new Set()).add(productId));
      }
    }
  }
}

/** A UUID of version 7, as the endpoint gives them, that belongs to seed, customer and day. */
function recommendationIdOf(at: number, seed: number, key: number, day: number): string {
  const time = at.toString(16).padStart(12, '0');
  const [a, b, c] = [1, 2, 3].map((part) =>
    hashKeys(seed, Stream.look, key, day, part).toString(16).padStart(8, '0'),
  ) as [string, string, string];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${b.slice(0, 3)}-${b.slice(3, 7)}${c}`;
}

/** FNV-1a over the characters' codes, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
