import { SeededRandom, uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { GrocerCatalogue } from './grocer-catalogue.js';
import { drawProduct, needDay, type Household } from './household.js';

/** Share of the needs that are met in another shop: a gap of two cycles instead of one. */
const MISSED_SHARE = 0.1;
const MAX_GENERATIONS = 4_096;

/** Which products a household comes back for, and when it needs them. Pure of (seed, household, day); it only caches. */
export class Staples {
  readonly #seed: number;
  readonly #catalogue: GrocerCatalogue;
  readonly #household: Household;
  readonly #generations: Int32Array;
  readonly #chosen: Int32Array;

  constructor(seed: number, catalogue: GrocerCatalogue, household: Household) {
    this.#seed = seed;
    this.#catalogue = catalogue;
    this.#household = household;
    this.#generations = new Int32Array(household.slots.length).fill(-1);
    this.#chosen = new Int32Array(household.slots.length);
  }

  /** The slot's product on that day; -1 if the category is empty. */
  productOf(slotIndex: number, day: number): number {
    const slot = this.#household.slots[slotIndex]!;
    const generation = Math.floor((day + slot.phaseDays * 40) / slot.habitDays);
    if (this.#generations[slotIndex] !== generation) {
      this.#chosen[slotIndex] = this.#choose(slotIndex, generation, Math.max(0, generation * slot.habitDays));
      this.#generations[slotIndex] = generation;
    }
    const favourite = this.#catalogue.products[this.#chosen[slotIndex]!];
    if (favourite !== undefined && this.#catalogue.isOnSale(favourite, day)) return favourite.index;
    // The favourite is gone or not there yet: the same person's second choice, stable from day to day.
    return this.#choose(slotIndex, generation, day);
  }

  slotOfProduct(productIndex: number, day: number): number {
    return this.#household.slots.findIndex((_, slotIndex) => this.productOf(slotIndex, day) === productIndex);
  }

  /** How often the need arose in (afterDay, untilDay] and was not met elsewhere. */
  needsBetween(slotIndex: number, afterDay: number, untilDay: number): number {
    const slot = this.#household.slots[slotIndex]!;
    let needs = 0;
    const first = Math.floor((afterDay - slot.phaseDays) / slot.cycleDays);
    for (let occurrence = first; ; occurrence++) {
      const needed = needDay(this.#seed, this.#household, slotIndex, occurrence);
      if (needed > untilDay) return needs;
      if (needed > afterDay && !this.#isMissed(slotIndex, occurrence)) needs += 1;
    }
  }

  #isMissed(slotIndex: number, occurrence: number): boolean {
    const key = -1 - slotIndex;
    return uniformOfKeys(this.#seed, Stream.occasion, this.#household.index, key, occurrence) < MISSED_SHARE;
  }

  #choose(slotIndex: number, generation: number, day: number): number {
    const random = new SeededRandom(
      this.#seed,
      Stream.staple,
      this.#household.index,
      slotIndex * MAX_GENERATIONS + generation,
    );
    const category = this.#household.slots[slotIndex]!.category;
    return drawProduct(this.#seed, this.#catalogue, this.#household, category, day, random);
  }
}
