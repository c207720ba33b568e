import { instantOf, weekdayOf } from '../calendar.js';
import { customerRow, demographyOf } from '../population/demography.js';
import { customerIdOf, Population } from '../population/population.js';
import { drawIndex } from '../random/distributions.js';
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
import type { FashionProfile } from '../world-profile.js';
import { browse, type SessionStep } from './browsing-session.js';
import { articleIdOf, Collections, priceOn, type Article, type Collection } from './collections.js';
import {
  articleLogit,
  collectionLogits,
  createFashionCustomer,
  priceSegmentOf,
  type FashionCustomer,
} from './fashion-customer.js';
import { articleRow, saleOfferIdOf, saleOfferRow, saleRow } from './fashion-rows.js';
import { FashionAftermath } from './fashion-aftermath.js';

/** People shop for clothes in the evening and on Sunday. Mean 1, Monday first. */
const WEEKDAY_RHYTHM = [1, 0.9, 0.9, 0.95, 0.85, 1.05, 1.35] as const;
const GENDER_WEIGHTS = [62, 35, 3];
/** Nothing that a purchase sets in motion (return, rating) comes later than this. */
const AFTERMATH_DAYS = 30;

export class FashionTrade implements Trade {
  readonly #profile: FashionProfile;
  readonly #seed: number;
  readonly #window: WorldWindow;
  readonly #population: Population;
  readonly #collections: Collections;
  readonly #customers = new Map<number, FashionCustomer>();
  readonly #inWindow: readonly Collection[];

  constructor(profile: FashionProfile, seed: number, window: WorldWindow) {
    this.#profile = profile;
    this.#seed = seed;
    this.#window = window;
    this.#population = new Population(profile, seed);
    this.#collections = new Collections(profile, seed);
    this.#inWindow = this.#collections.inWindow(window.startDay, window.untilDay);
  }

  *customers(): Generator<SimulatedCustomer> {
    for (const index of this.#population.joinedBefore(this.#window.untilDay)) {
      const customer = this.#customerOf(index);
      yield customerRow(
        this.#profile,
        index,
        demographyOf(this.#profile, this.#seed, index, { gender: GENDER_WEIGHTS }),
        {
          tier:
            customer.visitRate * 365 > 1.6 * this.#profile.sessionsPerYear * this.#profile.activity
              ? 'club'
              : 'standard',
          segment: `price-${priceSegmentOf(customer)}`,
          createdDay: customer.createdDay,
        },
      );
    }
  }

  *products(): Generator<SimulatedProduct> {
    const { utcOffsetMinutes } = this.#profile;
    for (const { collection, article } of this.#articles()) {
      yield articleRow(this.#seed, collection, article, this.#window.untilDay, utcOffsetMinutes);
    }
  }

  *offers(): Generator<SimulatedOffer> {
    for (const { collection, article } of this.#articles()) {
      const onSale = collection.saleDay < this.#window.untilDay && article.retiredDay > collection.saleDay;
      if (onSale) yield saleOfferRow(collection, article, this.#profile.utcOffsetMinutes);
    }
  }

  *promotions(): Generator<SimulatedPromotion> {
    for (const collection of this.#inWindow) {
      if (collection.saleDay >= this.#window.untilDay) continue;
      const known = new Set(this.#articles().map(({ article }) => articleIdOf(article)));
      const sale = saleRow(collection, this.#profile.utcOffsetMinutes);
      yield { ...sale, productIds: sale.productIds.filter((productId) => known.has(productId)) };
    }
  }

  /**
   * What a customer bought decides what they may buy, and a collection is the only memory: a session stays within one
   * collection, so going back to the first day of the oldest collection still in sight reproduces every purchase.
   */
  *days(): Generator<SimulatedInteraction[]> {
    const { startDay, untilDay } = this.#window;
    const remembered = this.#collections.inWindow(startDay - AFTERMATH_DAYS, untilDay);
    const firstDay = Math.min(startDay, ...remembered.map((collection) => collection.startDay));
    // Older collections still draw visitors on the early days; what was bought from them no longer matters.
    const all = this.#collections.inWindow(firstDay, untilDay);
    const bought = new Map<number, Set<number>>();
    const aftermath = new FashionAftermath(this.#profile, this.#seed);
    for (let day = firstDay; day < untilDay; day++) {
      const events = aftermath.take(day);
      const collections = all.filter((each) => each.startDay <= day && day < each.endDay);
      const bound = this.#population.boundAt(day + 1);
      for (let index = 0; index < bound; index++) {
        if (!this.#visits(index, day)) continue;
        const session = this.#session(index, day, collections, bought);
        for (const event of session) if (event.type === 'purchase') aftermath.follow(event, index, day);
        if (day >= startDay) events.push(...session);
      }
      if (day >= startDay) yield events.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
    }
  }

  customerIndexOf(customerId: string): number | undefined {
    return this.#population.indexOf(customerId, this.#window.untilDay);
  }

  utilities(customerIndex: number, day: number): Float64Array {
    const customer = this.#customerOf(customerIndex);
    return Float64Array.from(this.#articles(), ({ collection, article }) =>
      articleLogit(this.#seed, customer, collection, article, day),
    );
  }

  #articles(): { collection: Collection; article: Article }[] {
    const { startDay, untilDay } = this.#window;
    return this.#inWindow.flatMap((collection) =>
      collection.articles
        .filter((article) => article.availableFromDay < untilDay && article.retiredDay > startDay)
        .map((article) => ({ collection, article })),
    );
  }

  #customerOf(index: number): FashionCustomer {
    let customer = this.#customers.get(index);
    if (customer === undefined) {
      const { gender } = demographyOf(this.#profile, this.#seed, index, { gender: GENDER_WEIGHTS });
      const life = {
        createdDay: this.#population.createdDay(index),
        leavesDay: this.#population.leavesDay(index),
      };
      customer = createFashionCustomer(this.#profile, this.#seed, index, { gender, ...life });
      this.#customers.set(index, customer);
    }
    return customer;
  }

  #visits(index: number, day: number): boolean {
    const customer = this.#customerOf(index);
    if (day < customer.createdDay || day >= customer.leavesDay) return false;
    const chance = customer.visitRate * WEEKDAY_RHYTHM[weekdayOf(day)];
    return uniformOfKeys(this.#seed, Stream.visit, index, day) < chance;
  }

  #session(
    index: number,
    day: number,
    collections: readonly Collection[],
    bought: Map<number, Set<number>>,
  ): SimulatedInteraction[] {
    const random = new SeededRandom(this.#seed, Stream.session, index, day);
    const collection =
      collections[
        drawIndex(
          random,
          collections.map((each) => interestIn(each, day)),
        )
      ];
    if (collection === undefined) return [];
    const customer = this.#customerOf(index);
    const logits = collectionLogits(this.#seed, customer, collection, day);
    const memory = bought.get(index) ?? new Set<number>();
    const steps = browse(random, collection, logits, memory);
    if (memory.size > 0) bought.set(index, memory);
    const startMinute = random.between(8 * 60, 22 * 60);
    const channel = random.chance(0.55) ? 'app' : 'web';
    return steps.map((step, i) => this.#event(step, collection, { index, day, i, startMinute, channel }));
  }

  #event(
    step: SessionStep,
    collection: Collection,
    at: { index: number; day: number; i: number; startMinute: number; channel: string },
  ): SimulatedInteraction {
    const onOffer = at.day >= collection.saleDay;
    const minute = at.startMinute + step.second / 60;
    return {
      eventId: `${at.day}-${at.index}-${at.i}`,
      type: step.type,
      customerId: customerIdOf(at.index),
      productId: articleIdOf(step.article),
      occurredAt: new Date(instantOf(at.day, minute, this.#profile.utcOffsetMinutes)),
      quantity: step.type === 'purchase' || step.type === 'cart' ? 1 : 0,
      unitPrice: priceOn(collection, step.article, at.day),
      ...(step.type === 'purchase' ? { orderId: `${at.day}-${at.index}` } : {}),
      channel: at.channel,
      ...(onOffer ? { offerId: saleOfferIdOf(collection, step.article) } : {}),
    };
  }
}

/** The newest collection draws the most visitors, the sale the bargain hunters; in between interest fades. */
function interestIn(collection: Collection, day: number): number {
  if (day >= collection.saleDay) return 0.6;
  return Math.exp(-(day - collection.startDay) / 150);
}
