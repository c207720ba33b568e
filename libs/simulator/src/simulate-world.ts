import { dayOf } from './calendar.js';
import { FashionTrade } from './fashion/fashion-trade.js';
import { GrocerTrade } from './grocer/grocer-trade.js';
import { foldSeed } from './random/seeded-random.js';
import type {
  SimulatedCustomer,
  SimulatedInteraction,
  SimulatedOffer,
  SimulatedProduct,
  SimulatedPromotion,
  SimulatedTenant,
} from './simulated-schema.js';
import { TelecomTrade } from './telecom/telecom-trade.js';
import type { Trade, WorldWindow } from './trade.js';
import { checkProfile, scaleProfile, type WorldProfile } from './world-profile.js';
import { WorldTruth } from './world-truth.js';

export interface SimulationOptions {
  seed: number;
  /** The history holds the whole days that are over by this instant, in the tenant's standard time. */
  untilDate: Date;
  /** Length of the history; the profile's `historyDays` if absent. */
  days?: number;
  /** Multiplies the size of the world, see `scaleProfile`. A world of another scale is another world. */
  scale?: number;
}

export interface World {
  readonly profile: WorldProfile;
  readonly tenant: SimulatedTenant;
  readonly truth: WorldTruth;
  /** Everybody who joined before the end of the history, including those who no longer come. */
  customers(): Iterable<SimulatedCustomer>;
  /** Everything that was on sale at some time of the history. */
  products(): Iterable<SimulatedProduct>;
  offers(): Iterable<SimulatedOffer>;
  promotions(): Iterable<SimulatedPromotion>;
  /** In time order, made day by day while it is read: a large world is never held as a whole. */
  interactions(): Iterable<SimulatedInteraction>;
}

/**
 * A business with known truth. Each day's randomness belongs to (seed, customer, day), so that a later `untilDate` with the
 * same seed extends an earlier history without changing it, whichever day either history starts on.
 */
export function simulateWorld(profile: WorldProfile, options: SimulationOptions): World {
  const scaled = options.scale === undefined ? profile : scaleProfile(profile, options.scale);
  checkProfile(scaled);
  const window = windowOf(scaled, options);
  const seed = foldSeed(options.seed);
  const trade = createTrade(scaled, seed, window);
  return {
    profile: scaled,
    tenant: scaled.tenant,
    truth: new WorldTruth(trade, seed, scaled.utcOffsetMinutes, options.untilDate),
    customers: () => trade.customers(),
    products: () => trade.products(),
    offers: () => trade.offers(),
    promotions: () => trade.promotions(),
    interactions: () => flatten(trade),
  };
}

function windowOf(profile: WorldProfile, options: SimulationOptions): WorldWindow {
  const days = options.days ?? profile.historyDays;
  if (!Number.isInteger(days) || days < 0)
    throw new RangeError(`days must be a whole number of days, got ${days}`);
  if (Number.isNaN(options.untilDate.getTime())) throw new RangeError('untilDate is not a valid date');
  const untilDay = dayOf(options.untilDate, profile.utcOffsetMinutes);
  return { startDay: untilDay - days, untilDay };
}

function createTrade(profile: WorldProfile, seed: number, window: WorldWindow): Trade {
  switch (profile.trade) {
    case 'grocer':
      return new GrocerTrade(profile, seed, window);
    case 'fashion':
      return new FashionTrade(profile, seed, window);
    case 'telecom':
      return new TelecomTrade(profile, seed, window);
  }
}

function* flatten(trade: Trade): Generator<SimulatedInteraction> {
  for (const day of trade.days()) yield* day;
}
