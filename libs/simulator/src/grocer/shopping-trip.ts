import { weekdayOf } from '../calendar.js';
import { drawPoisson } from '../random/distributions.js';
import { hashKeys, SeededRandom, uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { GrocerCatalogue } from './grocer-catalogue.js';
import { COMPLEMENTS } from './complements.js';
import { GROCER_CATEGORIES } from './grocer-categories.js';
import type { GrocerPromotions } from './grocer-promotions.js';
import { drawProduct, type Household } from './household.js';
import type { Staples } from './staples.js';

/** Monday to Sunday: shopping is done before the weekend; on Sunday only stations are open. Mean 1. */
export const WEEKDAY_RHYTHM = [0.87, 0.82, 0.9, 1.02, 1.35, 1.69, 0.35] as const;

/** Needs older than this were met somewhere else. */
const LONGEST_MEMORY_DAYS = 30;
const SUBSTITUTE_SHARE = 0.06;
const PAIRED_SHARE = 0.6;
const PROMOTION_PULL = 5;
const LONGEST_CHAIN = 3;

export interface BasketLine {
  productIndex: number;
  quantity: number;
}

/** What one household puts into its basket on one day; everything follows from (seed, household, day). */
export class ShoppingTrips {
  readonly #seed: number;
  readonly #catalogue: GrocerCatalogue;
  readonly #promotions: GrocerPromotions;
  readonly #categoryIndex = new Map(GROCER_CATEGORIES.map((category, index) => [category.name, index]));
  readonly #random = new SeededRandom(0);

  constructor(seed: number, catalogue: GrocerCatalogue, promotions: GrocerPromotions) {
    this.#seed = seed;
    this.#catalogue = catalogue;
    this.#promotions = promotions;
  }

  goesOn(household: Household, day: number): boolean {
    if (day < household.createdDay || day >= household.leavesDay) return false;
    const chance = household.tripRate * WEEKDAY_RHYTHM[weekdayOf(day)];
    return uniformOfKeys(this.#seed, Stream.visit, household.index, day) < chance;
  }

  /** The last trip before the day, or the day from which needs are remembered. */
  previousTripDay(household: Household, day: number): number {
    const earliest = Math.max(day - LONGEST_MEMORY_DAYS, household.createdDay - 1);
    for (let earlier = day - 1; earlier > earliest; earlier--)
      if (this.goesOn(household, earlier)) return earlier;
    return earliest;
  }

  basket(household: Household, staples: Staples, day: number): BasketLine[] {
    const random = this.#random.reseed(this.#seed, Stream.session, household.index, day);
    const quantities = new Map<number, number>();
    const add = (productIndex: number, quantity: number): void => {
      if (productIndex >= 0) quantities.set(productIndex, (quantities.get(productIndex) ?? 0) + quantity);
    };
    this.#addStaples(household, staples, day, random, add);
    const impulses = drawPoisson(random, household.impulseRate);
    for (let i = 0; i < impulses; i++) {
      const category = household.categoryTable.draw(random);
      add(this.#unplanned(household, staples, category, day, random), random.chance(0.15) ? 2 : 1);
    }
    for (const productIndex of [...quantities.keys()]) {
      this.#addComplements(household, staples, productIndex, day, random, quantities);
    }
    return Array.from(quantities, ([productIndex, quantity]) => ({ productIndex, quantity }));
  }

  #addStaples(
    household: Household,
    staples: Staples,
    day: number,
    random: SeededRandom,
    add: (productIndex: number, quantity: number) => void,
  ): void {
    const previous = this.previousTripDay(household, day);
    household.slots.forEach((slot, slotIndex) => {
      const needs = staples.needsBetween(slotIndex, previous, day);
      if (needs === 0) return;
      const substitute = random.chance(SUBSTITUTE_SHARE);
      const productIndex = substitute
        ? drawProduct(this.#seed, this.#catalogue, household, slot.category, day, random)
        : staples.productOf(slotIndex, day);
      add(productIndex, needs + (random.chance(0.1) ? 1 : 0));
    });
  }

  /** A product off the list: promotions pull, and what the household buys by rhythm anyway is left to its rhythm. */
  #unplanned(
    household: Household,
    staples: Staples,
    category: number,
    day: number,
    random: SeededRandom,
  ): number {
    const chosen = drawProduct(this.#seed, this.#catalogue, household, category, day, random, (product) =>
      this.#promotions.promotionFor(product, day) === undefined ? 1 : PROMOTION_PULL,
    );
    return chosen >= 0 && staples.slotOfProduct(chosen, day) >= 0 ? -1 : chosen;
  }

  #addComplements(
    household: Household,
    staples: Staples,
    productIndex: number,
    day: number,
    random: SeededRandom,
    quantities: Map<number, number>,
  ): void {
    let current = productIndex;
    for (let length = 0; length < LONGEST_CHAIN && current >= 0; length++) {
      const category = GROCER_CATEGORIES[this.#catalogue.products[current]!.category]!;
      let next = -1;
      for (const complement of COMPLEMENTS.get(category.name) ?? []) {
        if (!random.chance(complement.chance)) continue;
        next = this.#complementOf(
          household,
          staples,
          current,
          this.#categoryIndex.get(complement.category)!,
          day,
          random,
        );
        if (next >= 0 && !quantities.has(next)) quantities.set(next, 1);
      }
      current = next;
    }
  }

  /** Each product has its one best partner in the other category, known to all; some households go their own way. */
  #complementOf(
    household: Household,
    staples: Staples,
    productIndex: number,
    category: number,
    day: number,
    random: SeededRandom,
  ): number {
    const partners = this.#catalogue.byCategory[category]!;
    const partner =
      partners[hashKeys(this.#seed, Stream.catalogue, productIndex, category) % partners.length]!;
    const paired =
      random.chance(PAIRED_SHARE) && this.#catalogue.isOnSale(this.#catalogue.products[partner]!, day);
    if (!paired) return this.#unplanned(household, staples, category, day, random);
    return staples.slotOfProduct(partner, day) >= 0 ? -1 : partner;
  }
}
