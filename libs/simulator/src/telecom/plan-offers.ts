import { dayOfIso, startOfDay } from '../calendar.js';
import { priceLevel, roundToCoin } from '../catalogue/price-level.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedOffer, SimulatedPromotion } from '../simulated-schema.js';
import type { WorldWindow } from '../trade.js';
import type { TelecomProfile } from '../world-profile.js';
import { PLANS } from './plans.js';

/** Offers hold for a quarter of 91 days; each plan has its standard one and in some quarters a discounted one. */
const QUARTER_DAYS = 91;
const DISCOUNTED_SHARE = 0.4;
const DISCOUNTS = [0.1, 0.15, 0.2, 0.25];
const COIN = 50;

export interface PlanOffer {
  offerId: string;
  planIndex: number;
  kind: 'standard' | 'discount';
  discountShare: number;
  price: number;
  quarter: number;
}

export class PlanOffers {
  readonly #profile: TelecomProfile;
  readonly #seed: number;
  readonly #foundedDay: number;
  readonly #quarters = new Map<number, readonly (readonly PlanOffer[])[]>();

  constructor(profile: TelecomProfile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
    this.#foundedDay = dayOfIso(profile.foundedOn);
  }

  /** Offers of a plan that day, the cheapest last. */
  ofPlan(planIndex: number, day: number): readonly PlanOffer[] {
    return this.#quarterOffers(Math.floor(day / QUARTER_DAYS))[planIndex]!;
  }

  cheapest(planIndex: number, day: number): PlanOffer {
    return this.ofPlan(planIndex, day).at(-1)!;
  }

  listPrice(planIndex: number, day: number): number {
    // A quarter keeps one price: the list changes with the offers, not in between.
    const day0 = Math.floor(day / QUARTER_DAYS) * QUARTER_DAYS;
    const level = priceLevel(this.#seed, planIndex, day0, this.#foundedDay, this.#profile.inflationPerYear);
    return roundToCoin(PLANS[planIndex]!.price * level, COIN);
  }

  *offers(window: WorldWindow): Generator<SimulatedOffer> {
    for (const offer of this.#inWindow(window)) {
      yield {
        offerId: offer.offerId,
        productId: PLANS[offer.planIndex]!.planId,
        name: `${PLANS[offer.planIndex]!.name}, ${offer.kind === 'standard' ? 'standard' : `${Math.round(offer.discountShare * 100)} % off`}`,
        price: offer.price,
        ...this.#validity(offer.quarter),
      };
    }
  }

  *promotions(window: WorldWindow): Generator<SimulatedPromotion> {
    for (const offer of this.#inWindow(window)) {
      if (offer.kind === 'standard') continue;
      yield {
        promotionId: `PROMO-${offer.offerId}`,
        name: `${PLANS[offer.planIndex]!.name}: ${Math.round(offer.discountShare * 100)} % off this quarter`,
        productIds: [PLANS[offer.planIndex]!.planId],
        discountShare: offer.discountShare,
        ...this.#validity(offer.quarter),
      };
    }
  }

  *#inWindow({ startDay, untilDay }: WorldWindow): Generator<PlanOffer> {
    if (untilDay <= startDay) return;
    const last = Math.floor((untilDay - 1) / QUARTER_DAYS);
    for (let quarter = Math.floor(startDay / QUARTER_DAYS); quarter <= last; quarter++) {
      for (const offers of this.#quarterOffers(quarter)) yield* offers;
    }
  }

  #validity(quarter: number): { validFrom: Date; validUntil: Date } {
    const offset = this.#profile.utcOffsetMinutes;
    return {
      validFrom: startOfDay(quarter * QUARTER_DAYS, offset),
      validUntil: startOfDay((quarter + 1) * QUARTER_DAYS, offset),
    };
  }

  #quarterOffers(quarter: number): readonly (readonly PlanOffer[])[] {
    let offers = this.#quarters.get(quarter);
    if (offers === undefined) {
      offers = PLANS.map((_, planIndex) => this.#makeOffers(planIndex, quarter));
      this.#quarters.set(quarter, offers);
    }
    return offers;
  }

  #makeOffers(planIndex: number, quarter: number): PlanOffer[] {
    const random = new SeededRandom(this.#seed, Stream.offer, quarter, planIndex);
    const price = this.listPrice(planIndex, quarter * QUARTER_DAYS);
    const id = `${PLANS[planIndex]!.planId}-q${quarter}`;
    const offers: PlanOffer[] = [
      { offerId: `${id}-s`, planIndex, kind: 'standard', discountShare: 0, price, quarter },
    ];
    if (random.chance(DISCOUNTED_SHARE)) {
      const discountShare = random.pick(DISCOUNTS);
      const reduced = roundToCoin(price * (1 - discountShare), COIN);
      offers.push({
        offerId: `${id}-d`,
        planIndex,
        kind: 'discount',
        discountShare,
        price: reduced,
        quarter,
      });
    }
    return offers;
  }
}
