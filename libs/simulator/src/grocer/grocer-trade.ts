import { dayOfIso, instantOf } from '../calendar.js';
import { customerRow, demographyOf } from '../population/demography.js';
import { customerIdOf, Population } from '../population/population.js';
import { SeededRandom, uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type {
  SimulatedCustomer,
  SimulatedInteraction,
  SimulatedOffer,
  SimulatedProduct,
  SimulatedPromotion,
} from '../simulated-schema.js';
import type { Trade, WorldWindow } from '../trade.js';
import type { GrocerProfile } from '../world-profile.js';
import { GrocerCatalogue, productIdOf } from './grocer-catalogue.js';
import { LIFESTYLES } from './lifestyles.js';
import { GrocerPromotions, offerIdOf } from './grocer-promotions.js';
import { grocerUtilities } from './grocer-truth.js';
import { createHousehold, lifestyleOf, type Household } from './household.js';
import { ShoppingTrips, type BasketLine } from './shopping-trip.js';
import { Staples } from './staples.js';

/** Households without a card have indices of their own, far above any customer's. */
const ANONYMOUS_BASE = 0x40000000;
const OPENS_AT_MINUTE = 7 * 60;
const CLOSES_AT_MINUTE = 21 * 60;
const AGE_BY_LIFESTYLE: Readonly<Record<string, readonly number[]>> = {
  family: [4, 30, 40, 20, 5, 1],
  green: [20, 30, 22, 15, 9, 4],
  single: [34, 30, 14, 10, 8, 4],
  gourmet: [2, 14, 24, 28, 22, 10],
  retired: [0, 0, 2, 6, 26, 66],
  'pet-owner': [10, 18, 20, 22, 18, 12],
};

export class GrocerTrade implements Trade {
  readonly #profile: GrocerProfile;
  readonly #seed: number;
  readonly #window: WorldWindow;
  readonly #population: Population;
  readonly #catalogue: GrocerCatalogue;
  readonly #promotions: GrocerPromotions;
  readonly #trips: ShoppingTrips;
  readonly #households = new Map<number, { household: Household; staples: Staples }>();

  constructor(profile: GrocerProfile, seed: number, window: WorldWindow) {
    this.#profile = profile;
    this.#seed = seed;
    this.#window = window;
    this.#population = new Population(profile, seed);
    this.#catalogue = new GrocerCatalogue(profile, seed);
    this.#promotions = new GrocerPromotions(this.#catalogue, seed, profile.utcOffsetMinutes);
    this.#trips = new ShoppingTrips(seed, this.#catalogue, this.#promotions);
  }

  *customers(): Generator<SimulatedCustomer> {
    for (const index of this.#population.joinedBefore(this.#window.untilDay)) yield this.#customerRow(index);
  }

  *products(): Generator<SimulatedProduct> {
    for (const product of this.#offered()) yield this.#catalogue.row(product, this.#window.untilDay);
  }

  offers(): Iterable<SimulatedOffer> {
    return this.#promotions.offers(this.#window);
  }

  promotions(): Iterable<SimulatedPromotion> {
    return this.#promotions.promotions(this.#window);
  }

  *days(): Generator<SimulatedInteraction[]> {
    const anonymous = Math.round(this.#profile.customerCount * this.#profile.anonymousShare);
    for (let day = this.#window.startDay; day < this.#window.untilDay; day++) {
      const events: SimulatedInteraction[] = [];
      const bound = this.#population.boundAt(day + 1);
      for (let index = 0; index < bound; index++) this.#pushTrip(events, index, day);
      for (let i = 0; i < anonymous; i++) this.#pushTrip(events, ANONYMOUS_BASE + i, day);
      yield events.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
    }
  }

  customerIndexOf(customerId: string): number | undefined {
    return this.#population.indexOf(customerId, this.#window.untilDay);
  }

  utilities(customerIndex: number, day: number): Float64Array {
    const { household, staples } = this.#householdOf(customerIndex);
    const all = grocerUtilities(this.#seed, this.#catalogue, household, staples, day);
    return Float64Array.from(this.#offered(), (product) => all[product.index]!);
  }

  #offered() {
    const { startDay, untilDay } = this.#window;
    return this.#catalogue.products.filter(
      (product) => product.availableFromDay < untilDay && product.retiredDay > startDay,
    );
  }

  #householdOf(index: number): { household: Household; staples: Staples } {
    let known = this.#households.get(index);
    if (known === undefined) {
      const anonymous = index >= ANONYMOUS_BASE;
      const life = anonymous
        ? { createdDay: dayOfIso(this.#profile.foundedOn) - 2_000, leavesDay: Infinity }
        : { createdDay: this.#population.createdDay(index), leavesDay: this.#population.leavesDay(index) };
      const household = createHousehold(this.#profile, this.#seed, index, life);
      known = { household, staples: new Staples(this.#seed, this.#catalogue, household) };
      this.#households.set(index, known);
    }
    return known;
  }

  #customerRow(index: number): SimulatedCustomer {
    const { household } = this.#householdOf(index);
    const lifestyle = LIFESTYLES[lifestyleOf(this.#seed, index)]!;
    const demography = demographyOf(this.#profile, this.#seed, index, {
      age: AGE_BY_LIFESTYLE[lifestyle.name]!,
      gender: [58, 38, 4],
    });
    return customerRow(this.#profile, index, demography, {
      tier: tierOf(household.tripRate / this.#profile.activity),
      createdDay: household.createdDay,
    });
  }

  #pushTrip(events: SimulatedInteraction[], index: number, day: number): void {
    const { household, staples } = this.#householdOf(index);
    if (!this.#trips.goesOn(household, day)) return;
    const basket = this.#trips.basket(household, staples, day);
    const random = new SeededRandom(this.#seed, Stream.offer, index, day);
    const minute = Math.floor(random.between(OPENS_AT_MINUTE, CLOSES_AT_MINUTE));
    const online = random.chance(0.25 * uniformOfKeys(this.#seed, Stream.customer, index, 99));
    const order = {
      ...(index >= ANONYMOUS_BASE ? {} : { customerId: customerIdOf(index) }),
      occurredAt: new Date(instantOf(day, minute, this.#profile.utcOffsetMinutes)),
      orderId: `${day}-${index}`,
      channel: online ? 'online' : 'store',
    };
    const returned = random.chance(this.#profile.returnShare * Math.max(1, basket.length))
      ? this.#returnedLine(household, staples, day, random)
      : undefined;
    basket.forEach((line, i) => events.push(this.#purchase(line, day, `${day}-${index}-${i}`, order)));
    if (returned !== undefined) {
      events.push({
        ...returned,
        ...order,
        eventId: `${day}-${index}-r`,
        type: 'return',
        orderId: `${returned.orderId}`,
      });
    }
    if (basket.length > 0 && random.chance(this.#profile.freeSampleShare * basket.length)) {
      events.push({
        ...this.#freeSample(random, day),
        ...order,
        eventId: `${day}-${index}-s`,
        type: 'purchase',
      });
    }
  }

  #purchase(
    line: BasketLine,
    day: number,
    eventId: string,
    order: Pick<SimulatedInteraction, 'customerId' | 'occurredAt' | 'orderId' | 'channel'>,
  ): SimulatedInteraction {
    const product = this.#catalogue.products[line.productIndex]!;
    const promotion = this.#promotions.promotionFor(product, day);
    return {
      eventId,
      type: 'purchase',
      ...order,
      productId: productIdOf(product.index),
      quantity: line.quantity,
      unitPrice:
        promotion === undefined
          ? this.#catalogue.price(product, day)
          : this.#promotions.discountedPrice(product, promotion),
      ...(promotion === undefined ? {} : { offerId: offerIdOf(promotion, product) }),
    };
  }

  /** Something from the previous trip comes back; that basket is made again from its own key rather than remembered. */
  #returnedLine(household: Household, staples: Staples, day: number, random: SeededRandom) {
    const tripDay = this.#trips.previousTripDay(household, day);
    if (!this.#trips.goesOn(household, tripDay)) return undefined;
    const basket = this.#trips.basket(household, staples, tripDay);
    if (basket.length === 0) return undefined;
    const line = random.pick(basket);
    const { productId, unitPrice } = this.#purchase(line, tripDay, '', {
      occurredAt: new Date(0),
      channel: '',
    });
    return { productId, unitPrice, quantity: -line.quantity, orderId: `${tripDay}-${household.index}` };
  }

  #freeSample(random: SeededRandom, day: number) {
    const offered = this.#catalogue.products.filter((product) => this.#catalogue.isOnSale(product, day));
    return { productId: productIdOf(random.pick(offered).index), quantity: 1, unitPrice: 0 };
  }
}

/** The card's colour follows how often somebody comes. */
function tierOf(tripRate: number): string {
  if (tripRate > 0.5) return 'gold';
  if (tripRate > 0.3) return 'silver';
  return tripRate > 0.18 ? 'bronze' : 'basic';
}
