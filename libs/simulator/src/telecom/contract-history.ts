import { drawIndex } from '../random/distributions.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { PlanOffers } from './plan-offers.js';
import { PLANS } from './plans.js';
import { planUtility, type Subscriber } from './subscriber.js';

/** What staying saves: no form, no new card, no regret. */
const INERTIA = 0.9;
const DECISION_JITTER = 0.3;

export interface Decision {
  day: number;
  /** The plan before; -1 for the first contract. */
  from: number;
  to: number;
}

/**
 * A subscriber's contracts. Each choice is a multinomial logit with inertia and so depends on the one before; the chain
 * begins with the first contract, never with the window, which keeps it the same in every window.
 */
export class ContractHistory {
  readonly #seed: number;
  readonly #subscriber: Subscriber;
  readonly #offers: PlanOffers;
  readonly #decisions: Decision[] = [];

  constructor(seed: number, subscriber: Subscriber, offers: PlanOffers) {
    this.#seed = seed;
    this.#subscriber = subscriber;
    this.#offers = offers;
  }

  /** The plan in force before anything happens on the day; -1 before the first contract. */
  planBefore(day: number): number {
    this.#extendTo(day);
    return this.#decisions.findLast((decision) => decision.day < day)?.to ?? -1;
  }

  decisionOn(day: number): Decision | undefined {
    this.#extendTo(day);
    return this.#decisions.findLast((decision) => decision.day === day);
  }

  #extendTo(day: number): void {
    const { createdDay, leavesDay, decisionDays, index } = this.#subscriber;
    for (;;) {
      const number = this.#decisions.length;
      if (number > 0 && this.#decisions[number - 1]!.day > day) return;
      const random = new SeededRandom(this.#seed, Stream.decision, index, number);
      const jitter = number === 0 ? 0 : Math.round(random.between(-1, 1) * DECISION_JITTER * decisionDays);
      const decisionDay = createdDay + number * decisionDays + jitter;
      // Nobody signs after leaving: a decision at infinity ends the chain.
      const valid = decisionDay < leavesDay;
      const from = number === 0 ? -1 : this.#decisions[number - 1]!.to;
      const to = valid ? this.#choose(from, decisionDay, random) : from;
      this.#decisions.push({ day: valid ? decisionDay : Infinity, from, to });
    }
  }

  #choose(from: number, day: number, random: SeededRandom): number {
    const weights = PLANS.map((_, planIndex) => {
      const price = this.#offers.cheapest(planIndex, day).price;
      const utility = planUtility(this.#seed, this.#subscriber, planIndex, price, day);
      return Math.exp(utility + (planIndex === from ? INERTIA : 0));
    });
    return drawIndex(random, weights);
  }
}
