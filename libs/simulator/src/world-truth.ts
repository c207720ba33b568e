import { dayOf } from './calendar.js';
import { SeededRandom } from './random/seeded-random.js';
import { Stream } from './random/stream.js';
import type { ResponseKind, SimulatedResponse } from './simulated-schema.js';
import type { Trade } from './trade.js';

/** A customer who likes a product as much as the average one on sale accepts it with 6 %, at +2 deviations with 45 %. */
const ACCEPT_INTERCEPT = -2.75;
const ACCEPT_SLOPE = 1.28;
/** Of the products somebody looked at and did not take, this share is turned down in words rather than passed over. */
const REJECT_SHARE = 0.45;
/** Chance that the eye goes on to the next position of a list (the cascade of Craswell et al., 2008). */
const CONTINUE_SHARE = 0.85;

/** What a recommender is measured against: the customer's own preferences, known because they were made up. */
export class WorldTruth {
  readonly #trade: Trade;
  readonly #seed: number;
  readonly #utcOffsetMinutes: number;
  readonly #untilDate: Date;
  #productIndex: Map<string, number> | undefined;
  #productIds: string[] = [];

  constructor(trade: Trade, seed: number, utcOffsetMinutes: number, untilDate: Date) {
    this.#trade = trade;
    this.#seed = seed;
    this.#utcOffsetMinutes = utcOffsetMinutes;
    this.#untilDate = untilDate;
  }

  /** One value per product in the order of `world.products()`; -Infinity for what cannot be sold to them then. */
  expectedUtility(customerId: string, atDate: Date = this.#untilDate): Float64Array {
    return this.#trade.utilities(this.#requireCustomer(customerId), dayOf(atDate, this.#utcOffsetMinutes));
  }

  /** The ids of all products that can be sold to the customer at the date, the customer's best first. */
  rankProducts(customerId: string, atDate: Date = this.#untilDate): string[] {
    const utilities = this.expectedUtility(customerId, atDate);
    this.#products();
    const order = Array.from(utilities.keys()).filter((index) => utilities[index]! > -Infinity);
    order.sort((a, b) => utilities[b]! - utilities[a]! || a - b);
    return order.map((index) => this.#productIds[index]!);
  }

  /** Chance that the customer takes the product if they look at it; 0 for an unknown or unavailable one. */
  acceptProbabilities(customerId: string, productIds: readonly string[], atDate: Date): Float64Array {
    const utilities = this.expectedUtility(customerId, atDate);
    const { mean, deviation } = momentsOfFinite(utilities);
    const products = this.#products();
    return Float64Array.from(productIds, (productId) => {
      const utility = utilities[products.get(productId) ?? -1] ?? -Infinity;
      if (utility === -Infinity) return 0;
      const standardised = deviation > 0 ? (utility - mean) / deviation : 0;
      return 1 / (1 + Math.exp(-(ACCEPT_INTERCEPT + ACCEPT_SLOPE * standardised)));
    });
  }

  /**
   * The customer's response to a list, read from the top: each position is reached with a falling chance, and what is not
   * reached is ignored. The same customer, list, day and seed give the same responses.
   */
  respond(
    customerId: string,
    productIds: readonly string[],
    atDate: Date,
    seed: number,
  ): SimulatedResponse[] {
    const probabilities = this.acceptProbabilities(customerId, productIds, atDate);
    const customerIndex = this.#requireCustomer(customerId);
    const day = dayOf(atDate, this.#utcOffsetMinutes);
    const random = new SeededRandom(this.#seed ^ (seed | 0), Stream.response, customerIndex, day);
    let reading = true;
    return productIds.map((productId, position) => {
      const [accept, reject, proceed] = [random.next(), random.next(), random.next()];
      if (position > 0 && reading) reading = proceed < CONTINUE_SHARE;
      let response: ResponseKind = 'ignored';
      const onSale = probabilities[position]! > 0;
      if (reading && onSale) {
        if (accept < probabilities[position]!) response = 'accepted';
        else if (reject < REJECT_SHARE) response = 'rejected';
      }
      return { productId, response };
    });
  }

  #requireCustomer(customerId: string): number {
    const index = this.#trade.customerIndexOf(customerId);
    if (index === undefined) throw new RangeError(`no such customer in this world: ${customerId}`);
    return index;
  }

  #products(): Map<string, number> {
    if (this.#productIndex === undefined) {
      this.#productIds = Array.from(this.#trade.products(), (product) => product.productId);
      this.#productIndex = new Map(this.#productIds.map((productId, index) => [productId, index]));
    }
    return this.#productIndex;
  }
}

function momentsOfFinite(values: Float64Array): { mean: number; deviation: number } {
  const finite = values.filter((value) => value > -Infinity);
  if (finite.length === 0) return { mean: 0, deviation: 0 };
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  return { mean, deviation: Math.sqrt(variance) };
}
