import { instantOf } from '../calendar.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedInteraction } from '../simulated-schema.js';
import type { FashionProfile } from '../world-profile.js';

const SHORTEST_RETURN_DAYS = 3;
const LONGEST_RETURN_DAYS = 20;
const LONGEST_RATING_DAYS = 25;

/** What a purchase leads to days later: a return, or a rating of what was kept. */
export class FashionAftermath {
  readonly #profile: FashionProfile;
  readonly #seed: number;
  readonly #pending = new Map<number, SimulatedInteraction[]>();

  constructor(profile: FashionProfile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
  }

  /** Events that fall on the day; each day is taken once. */
  take(day: number): SimulatedInteraction[] {
    const events = this.#pending.get(day) ?? [];
    this.#pending.delete(day);
    return events;
  }

  follow(purchase: SimulatedInteraction, customerIndex: number, day: number): void {
    const sequence = Number(purchase.eventId.slice(purchase.eventId.lastIndexOf('-') + 1));
    const random = new SeededRandom(this.#seed, Stream.lifecycle, customerIndex, day * 64 + sequence);
    if (random.chance(this.#profile.returnShare)) {
      const days = SHORTEST_RETURN_DAYS + random.below(LONGEST_RETURN_DAYS - SHORTEST_RETURN_DAYS);
      this.#schedule(day + days, random, {
        ...purchase,
        eventId: `${purchase.eventId}-r`,
        type: 'return',
        quantity: -1,
      });
    } else if (random.chance(this.#profile.ratingShare)) {
      const row = { ...purchase };
      delete row.orderId;
      const rating = 1 + Math.min(4, Math.floor(5 * random.next() ** 0.45));
      const later = day + 4 + random.below(LONGEST_RATING_DAYS - 4);
      this.#schedule(later, random, {
        ...row,
        eventId: `${row.eventId}-g`,
        type: 'rating',
        quantity: 0,
        rating,
      });
    }
  }

  #schedule(day: number, random: SeededRandom, event: SimulatedInteraction): void {
    const minute = Math.floor(random.between(8 * 60, 21 * 60));
    const occurredAt = new Date(instantOf(day, minute, this.#profile.utcOffsetMinutes));
    const events = this.#pending.get(day) ?? [];
    events.push({ ...event, occurredAt });
    this.#pending.set(day, events);
  }
}
