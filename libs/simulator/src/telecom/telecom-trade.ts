import { instantOf, startOfDay, dayOfIso, weekdayOf } from '../calendar.js';
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
import type { TelecomProfile } from '../world-profile.js';
import { ContractHistory } from './contract-history.js';
import { PlanOffers } from './plan-offers.js';
import { browsePlans, type PlanStep } from './plan-session.js';
import { PLANS } from './plans.js';
import { createSubscriber, planUtility, type Subscriber } from './subscriber.js';

/** Contracts are a weekday matter. Mean 1, Monday first. */
const WEEKDAY_RHYTHM = [1.2, 1.15, 1.1, 1.05, 1.05, 0.9, 0.55] as const;
const CHANNELS = ['web', 'web', 'app', 'shop', 'call-centre'] as const;
/** Even people who look for something new look at what they have. */
const CURRENT_PLAN_INTEREST = 0.6;
/** Of those who think their contract over and stay, this share looks at plans at all. */
const LOOKS_BEFORE_STAYING = 0.5;
/** Plans are older than every customer of the founding day. */
const CATALOGUE_AGE_DAYS = 2_000;

export class TelecomTrade implements Trade {
  readonly #profile: TelecomProfile;
  readonly #seed: number;
  readonly #window: WorldWindow;
  readonly #population: Population;
  readonly #offers: PlanOffers;
  readonly #subscribers = new Map<number, { subscriber: Subscriber; contracts: ContractHistory }>();

  constructor(profile: TelecomProfile, seed: number, window: WorldWindow) {
    this.#profile = profile;
    this.#seed = seed;
    this.#window = window;
    this.#population = new Population(profile, seed);
    this.#offers = new PlanOffers(profile, seed);
  }

  *customers(): Generator<SimulatedCustomer> {
    for (const index of this.#population.joinedBefore(this.#window.untilDay)) {
      const { subscriber, contracts } = this.#subscriberOf(index);
      const { ageIndex, createdDay } = subscriber;
      const demography = { ...demographyOf(this.#profile, this.#seed, index), ageIndex };
      const plan = PLANS[contracts.planBefore(this.#window.untilDay)];
      const segment = plan === undefined ? {} : { segment: plan.family };
      yield customerRow(this.#profile, index, demography, {
        tier: tierOf(plan?.price ?? 0),
        ...segment,
        createdDay,
      });
    }
  }

  *products(): Generator<SimulatedProduct> {
    const availableFrom = startOfDay(
      dayOfIso(this.#profile.foundedOn) - CATALOGUE_AGE_DAYS,
      this.#profile.utcOffsetMinutes,
    );
    for (const [planIndex, plan] of PLANS.entries()) {
      const data = plan.dataGb === Infinity ? 'unlimited data' : `${plan.dataGb} GB`;
      const talk = plan.minutes === Infinity ? 'unlimited minutes' : `${plan.minutes} minutes`;
      yield {
        productId: plan.planId,
        name: plan.name,
        category: plan.family,
        brand: this.#profile.tenant.name,
        description: `${plan.name}: ${data}, ${talk}, ${plan.roamingGb} GB abroad, up to ${plan.speedMbps} Mbit/s, ${plan.contractMonths} months`,
        price: this.#offers.listPrice(planIndex, this.#window.untilDay),
        attributes: {
          // JSON has no infinity: a flat rate is a flag, and its allowance is left out.
          ...(plan.dataGb === Infinity ? { dataFlat: true } : { dataGb: plan.dataGb }),
          ...(plan.minutes === Infinity ? { minutesFlat: true } : { minutes: plan.minutes }),
          roamingGb: plan.roamingGb,
          contractMonths: plan.contractMonths,
          speedMbps: plan.speedMbps,
        },
        availableFrom,
      };
    }
  }

  offers(): Iterable<SimulatedOffer> {
    return this.#offers.offers(this.#window);
  }

  promotions(): Iterable<SimulatedPromotion> {
    return this.#offers.promotions(this.#window);
  }

  *days(): Generator<SimulatedInteraction[]> {
    for (let day = this.#window.startDay; day < this.#window.untilDay; day++) {
      const events: SimulatedInteraction[] = [];
      const bound = this.#population.boundAt(day + 1);
      for (let index = 0; index < bound; index++) this.#pushSession(events, index, day);
      yield events.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
    }
  }

  customerIndexOf(customerId: string): number | undefined {
    return this.#population.indexOf(customerId, this.#window.untilDay);
  }

  utilities(customerIndex: number, day: number): Float64Array {
    const { subscriber } = this.#subscriberOf(customerIndex);
    return Float64Array.from(PLANS, (_, planIndex) => {
      const { price } = this.#offers.cheapest(planIndex, day);
      return planUtility(this.#seed, subscriber, planIndex, price, day);
    });
  }

  #subscriberOf(index: number): { subscriber: Subscriber; contracts: ContractHistory } {
    let known = this.#subscribers.get(index);
    if (known === undefined) {
      const life = {
        createdDay: this.#population.createdDay(index),
        leavesDay: this.#population.leavesDay(index),
      };
      const subscriber = createSubscriber(this.#profile, this.#seed, index, life);
      known = { subscriber, contracts: new ContractHistory(this.#seed, subscriber, this.#offers) };
      this.#subscribers.set(index, known);
    }
    return known;
  }

  #pushSession(events: SimulatedInteraction[], index: number, day: number): void {
    const { subscriber, contracts } = this.#subscriberOf(index);
    if (day < subscriber.createdDay || day >= subscriber.leavesDay) return;
    const decision = contracts.decisionOn(day);
    const chance = subscriber.sessionRate * WEEKDAY_RHYTHM[weekdayOf(day)];
    const signed = decision !== undefined && decision.to !== decision.from ? decision.to : undefined;
    const threshold = decision === undefined ? chance : LOOKS_BEFORE_STAYING;
    if (signed === undefined && uniformOfKeys(this.#seed, Stream.visit, index, day) >= threshold) return;
    const random = new SeededRandom(this.#seed, Stream.session, index, day);
    const current = contracts.planBefore(day);
    const interest = this.utilities(index, day);
    if (current >= 0) interest[current]! += CURRENT_PLAN_INTEREST;
    const steps = browsePlans(random, interest, signed);
    const startMinute = random.between(8 * 60, 21 * 60);
    const channel = random.pick(CHANNELS);
    steps.forEach((step, i) => events.push(this.#event(step, { index, day, i, startMinute, channel })));
  }

  #event(
    step: PlanStep,
    at: { index: number; day: number; i: number; startMinute: number; channel: string },
  ): SimulatedInteraction {
    const offer = this.#offers.cheapest(step.planIndex, at.day);
    const sold = step.type === 'purchase' || step.type === 'cart';
    return {
      eventId: `${at.day}-${at.index}-${at.i}`,
      type: step.type,
      customerId: customerIdOf(at.index),
      productId: PLANS[step.planIndex]!.planId,
      occurredAt: new Date(
        instantOf(at.day, at.startMinute + step.second / 60, this.#profile.utcOffsetMinutes),
      ),
      quantity: sold ? 1 : 0,
      unitPrice: offer.price,
      ...(step.type === 'purchase' ? { orderId: `${at.day}-${at.index}` } : {}),
      channel: at.channel,
      offerId: offer.offerId,
    };
  }
}

/** Value tiers follow what the contract brings in a month. */
function tierOf(monthlyPrice: number): string {
  if (monthlyPrice >= 40) return 'platinum';
  return monthlyPrice >= 20 ? 'gold' : 'silver';
}
