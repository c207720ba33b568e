import { firstDayOfWeek, isoOfDay, startOfDay, weekOf } from '../calendar.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedOffer, SimulatedPromotion } from '../simulated-schema.js';
import type { WorldWindow } from '../trade.js';
import { productIdOf, type GrocerCatalogue, type GrocerProduct } from './grocer-catalogue.js';
import { roundToCoin } from '../catalogue/price-level.js';

export interface WeeklyPromotion {
  promotionId: string;
  week: number;
  discountShare: number;
  productIndices: ReadonlySet<number>;
}

const PROMOTIONS_PER_WEEK = 2;
const DISCOUNTS = [0.15, 0.2, 0.25, 0.33];
/** Share of the range on promotion under one heading. */
const RANGE_SHARE = 0.008;

/** The leaflet: two headings a week, Monday to Sunday. A week's leaflet depends on the seed and the week alone. */
export class GrocerPromotions {
  readonly #catalogue: GrocerCatalogue;
  readonly #seed: number;
  readonly #utcOffsetMinutes: number;
  readonly #weeks = new Map<number, readonly WeeklyPromotion[]>();

  constructor(catalogue: GrocerCatalogue, seed: number, utcOffsetMinutes: number) {
    this.#catalogue = catalogue;
    this.#seed = seed;
    this.#utcOffsetMinutes = utcOffsetMinutes;
  }

  ofDay(day: number): readonly WeeklyPromotion[] {
    const week = weekOf(day);
    let promotions = this.#weeks.get(week);
    if (promotions === undefined) {
      promotions = this.#makeWeek(week);
      this.#weeks.set(week, promotions);
    }
    return promotions;
  }

  promotionFor(product: GrocerProduct, day: number): WeeklyPromotion | undefined {
    return this.ofDay(day).find((promotion) => promotion.productIndices.has(product.index));
  }

  discountedPrice(product: GrocerProduct, promotion: WeeklyPromotion): number {
    // The leaflet is printed once: a price rise in the middle of the week does not change it.
    const listPrice = this.#catalogue.price(product, firstDayOfWeek(promotion.week));
    return roundToCoin(listPrice * (1 - promotion.discountShare), 5);
  }

  *promotions(window: WorldWindow): Generator<SimulatedPromotion> {
    for (const promotion of this.#inWindow(window)) {
      yield {
        promotionId: promotion.promotionId,
        name: `Week of ${isoOfDay(firstDayOfWeek(promotion.week))}: ${Math.round(promotion.discountShare * 100)} % off`,
        productIds: Array.from(promotion.productIndices, productIdOf),
        discountShare: promotion.discountShare,
        ...this.#validity(promotion),
      };
    }
  }

  *offers(window: WorldWindow): Generator<SimulatedOffer> {
    for (const promotion of this.#inWindow(window)) {
      for (const index of promotion.productIndices) {
        const product = this.#catalogue.products[index]!;
        yield {
          offerId: offerIdOf(promotion, product),
          productId: productIdOf(index),
          name: `${product.name}, ${Math.round(promotion.discountShare * 100)} % off`,
          price: this.discountedPrice(product, promotion),
          ...this.#validity(promotion),
        };
      }
    }
  }

  *#inWindow(window: WorldWindow): Generator<WeeklyPromotion> {
    if (window.untilDay <= window.startDay) return;
    for (let week = weekOf(window.startDay); week <= weekOf(window.untilDay - 1); week++) {
      yield* this.ofDay(firstDayOfWeek(week));
    }
  }

  #validity(promotion: WeeklyPromotion): { validFrom: Date; validUntil: Date } {
    const first = firstDayOfWeek(promotion.week);
    return {
      validFrom: startOfDay(first, this.#utcOffsetMinutes),
      validUntil: startOfDay(first + 7, this.#utcOffsetMinutes),
    };
  }

  #makeWeek(week: number): WeeklyPromotion[] {
    const firstDay = firstDayOfWeek(week);
    const taken = new Set<number>();
    const perPromotion = Math.max(1, Math.round(this.#catalogue.products.length * RANGE_SHARE));
    return Array.from({ length: PROMOTIONS_PER_WEEK }, (_, heading) => {
      const random = new SeededRandom(this.#seed, Stream.promotion, week, heading);
      const chosen = new Set<number>();
      for (let attempt = 0; attempt < perPromotion; attempt++) {
        const index = random.below(this.#catalogue.products.length);
        const product = this.#catalogue.products[index]!;
        const allWeek =
          this.#catalogue.isOnSale(product, firstDay) && this.#catalogue.isOnSale(product, firstDay + 6);
        if (allWeek && !taken.has(index)) chosen.add(index);
        taken.add(index);
      }
      return {
        promotionId: `W${week}-${heading + 1}`,
        week,
        discountShare: random.pick(DISCOUNTS),
        productIndices: chosen,
      };
    });
  }
}

export function offerIdOf(promotion: WeeklyPromotion, product: GrocerProduct): string {
  return `${promotion.promotionId}:${productIdOf(product.index)}`;
}
