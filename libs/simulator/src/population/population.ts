import { DAYS_PER_YEAR, dayOfIso } from '../calendar.js';
import { uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { WorldProfile } from '../world-profile.js';

/** How far back before the founding day the base population joined. */
const BASE_SPREAD_DAYS = 1_095;
const ID_DIGITS = 6;

/**
 * Who is there on which day, without a list: the base population joined in the three years before the founding day and
 * survived to it, and from then on customers arrive at a steady pace. An index never changes its owner.
 */
export class Population {
  readonly #seed: number;
  readonly #base: number;
  readonly #foundedDay: number;
  readonly #arrivalsPerDay: number;
  readonly #meanStayDays: number;

  constructor(profile: WorldProfile, seed: number, baseCount = profile.customerCount) {
    this.#seed = seed;
    this.#base = baseCount;
    this.#foundedDay = dayOfIso(profile.foundedOn);
    this.#arrivalsPerDay = (baseCount * profile.growthPerYear) / DAYS_PER_YEAR;
    this.#meanStayDays =
      profile.churnPerYear === 0 ? Infinity : -DAYS_PER_YEAR / Math.log(1 - profile.churnPerYear);
  }

  /** Indices below this bound are those that can have joined before the day; `createdDay` decides for each. */
  boundAt(day: number): number {
    return this.#base + Math.max(0, Math.floor((day - this.#foundedDay) * this.#arrivalsPerDay));
  }

  createdDay(index: number): number {
    if (index >= this.#base) {
      return this.#foundedDay + Math.floor((index - this.#base) / this.#arrivalsPerDay);
    }
    return (
      this.#foundedDay -
      1 -
      Math.floor(uniformOfKeys(this.#seed, Stream.population, index) * BASE_SPREAD_DAYS)
    );
  }

  /** The first day on which the customer no longer comes. */
  leavesDay(index: number): number {
    if (this.#meanStayDays === Infinity) return Infinity;
    const stay = -this.#meanStayDays * Math.log(uniformOfKeys(this.#seed, Stream.churn, index));
    return Math.max(this.createdDay(index), this.#foundedDay) + 1 + Math.floor(stay);
  }

  /** Index of an id that `customerIdOf` made, if that customer joined before the day. */
  indexOf(customerId: string, beforeDay: number): number | undefined {
    const index = Number(customerId.slice(1));
    if (!Number.isInteger(index) || customerIdOf(index) !== customerId) return undefined;
    return index < this.boundAt(beforeDay) && this.createdDay(index) < beforeDay ? index : undefined;
  }

  *joinedBefore(day: number): Generator<number> {
    const bound = this.boundAt(day);
    for (let index = 0; index < bound; index++) if (this.createdDay(index) < day) yield index;
  }
}

export function customerIdOf(index: number): string {
  return `C${String(index).padStart(ID_DIGITS, '0')}`;
}
