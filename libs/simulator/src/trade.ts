import type {
  SimulatedCustomer,
  SimulatedInteraction,
  SimulatedOffer,
  SimulatedProduct,
  SimulatedPromotion,
} from './simulated-schema.js';

/** Days [startDay, untilDay) in the tenant's standard time. */
export interface WorldWindow {
  startDay: number;
  untilDay: number;
}

/**
 * One kind of business, seen by the world: who and what there is, what happens on a day, and the truth behind it.
 * Implementations may cache, but nothing observable may depend on the order of calls or on where the window starts.
 */
export interface Trade {
  customers(): Iterable<SimulatedCustomer>;
  products(): Iterable<SimulatedProduct>;
  offers(): Iterable<SimulatedOffer>;
  promotions(): Iterable<SimulatedPromotion>;
  /** One array per day of the window, each in time order. Every call starts afresh. */
  days(): Iterable<SimulatedInteraction[]>;
  /** Index of a customer of this world, or undefined. */
  customerIndexOf(customerId: string): number | undefined;
  /**
   * What each product of `products()` is worth to the customer on that day: a log-odds scale on which only differences
   * within a customer count. -Infinity for what is not on sale or may not be sold to them.
   */
  utilities(customerIndex: number, day: number): Float64Array;
}
