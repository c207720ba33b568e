import { atelierNord } from '../fashion/atelier-nord.js';
import { greenGrocer } from '../grocer/green-grocer.js';
import { SeededRandom, foldSeed, hashKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import { lineaMobile } from '../telecom/linea-mobile.js';
import type { WorldProfile } from '../world-profile.js';
import { FLEET_PLACES } from './fleet-places.js';
import { activityFor, rangeOfRows } from './rows-per-customer.js';

export const FLEET_PROFILES = ['mixed', 'grocer', 'fashion', 'telecom'] as const;
export type FleetProfile = (typeof FLEET_PROFILES)[number];

export interface FleetOptions {
  readonly tenants: number;
  readonly profile: FleetProfile;
  readonly seed: number;
}

/** A tenant that is to be simulated. */
export interface PlannedTenant {
  readonly profile: WorldProfile;
  /** Of its world; no two tenants share one. */
  readonly seed: number;
  /** About as many rows as its history will have. */
  readonly interactions: number;
}

const MEDIAN_INTERACTIONS = 5_000;
/** A log-normal whose mean is twice its median: σ² = 2 ln 2. */
const SIGMA_INTERACTIONS = Math.sqrt(2 * Math.LN2);
const MEDIAN_CUSTOMERS = 500;
const MEDIAN_PRODUCTS = 150;
/** How customers and products grow with interactions; the rest of their spread is their own. */
const CUSTOMERS_ELASTICITY = 0.85;
const CUSTOMERS_SIGMA = 0.35;
const PRODUCTS_ELASTICITY = 0.5;
const PRODUCTS_SIGMA = 0.3;
const [FEWEST_CUSTOMERS, FEWEST_PRODUCTS, MOST_PRODUCTS] = [20, 12, 5_000];
/** One tenant of every hundred or more is this large. */
const LARGEST = { interactions: 3_000_000, customers: 100_000, products: 4_000 };
const LARGEST_FROM_TENANTS = 100;
/** Chances of the trades in a mixed fleet. */
const MIX = { grocer: 0.5, fashion: 0.85 };

const NAMES = ['Alder', 'Birch', 'Cedar', 'Damson', 'Elm', 'Fern', 'Gorse', 'Hazel', 'Iris', 'Juniper'];
const TRADE_NAMES = { grocer: 'Grocers', fashion: 'Fashion', telecom: 'Mobile' };

/**
 * A fleet with log-normal sizes: median 500 customers, 150 products and 5,000 interactions, mean 10,000 interactions; from
 * 100 tenants on, the first has 100,000 customers and 3 million. A tenant depends on the seed and its number alone, so a
 * larger fleet contains the smaller one (from 100 tenants on).
 */
export function* planFleet({ tenants, profile, seed }: FleetOptions): Generator<PlannedTenant> {
  const folded = foldSeed(seed);
  for (let number = 1; number <= tenants; number++) {
    const random = new SeededRandom(folded, Stream.fleet, number);
    const isLargest = number === 1 && tenants >= LARGEST_FROM_TENANTS;
    const trade = tradeOf(profile, random.next());
    // The largest is a grocer unless the fleet is of one trade: a grocer's customers come often enough.
    const base = shippedProfile(isLargest && profile === 'mixed' ? 'grocer' : trade);
    const size = isLargest ? LARGEST : drawSize(random);
    yield plan(base, number, hashKeys(folded, Stream.fleet, number, 1), size, random);
  }
}

interface Size {
  readonly interactions: number;
  readonly customers: number;
  readonly products: number;
}

function drawSize(random: SeededRandom): Size {
  const scale = Math.exp(SIGMA_INTERACTIONS * gaussian(random));
  const customers = MEDIAN_CUSTOMERS * scale ** CUSTOMERS_ELASTICITY * spread(random, CUSTOMERS_SIGMA);
  const products = MEDIAN_PRODUCTS * scale ** PRODUCTS_ELASTICITY * spread(random, PRODUCTS_SIGMA);
  return {
    interactions: Math.min(LARGEST.interactions, MEDIAN_INTERACTIONS * scale),
    customers: clamp(customers, FEWEST_CUSTOMERS, LARGEST.customers),
    products: clamp(products, FEWEST_PRODUCTS, MOST_PRODUCTS),
  };
}

function plan(
  base: WorldProfile,
  number: number,
  seed: number,
  size: Size,
  random: SeededRandom,
): PlannedTenant {
  const { regions, ...where } = random.pick(FLEET_PLACES);
  const [fewest, most] = rangeOfRows(base.trade);
  // Where a trade's customers cannot come that seldom or that often, there are fewer or more of them.
  const rowsPerCustomer = clamp(size.interactions / size.customers, fewest, most);
  const customers = Math.round(Math.max(FEWEST_CUSTOMERS, size.interactions / rowsPerCustomer));
  const profile = {
    ...base,
    id: `sim-${String(number).padStart(4, '0')}`,
    tenant: {
      ...base.tenant,
      slug: `sim-${String(number).padStart(4, '0')}`,
      name: `${random.pick(NAMES)} ${TRADE_NAMES[base.trade]} ${number}`,
      timeZone: where.timeZone,
      currency: where.currency,
    },
    country: where.country,
    regions,
    utcOffsetMinutes: where.utcOffsetMinutes,
    customerCount: customers,
    productCount: base.trade === 'telecom' ? base.productCount : Math.round(size.products),
    activity: activityFor(base.trade, rowsPerCustomer),
  };
  return { profile, seed, interactions: Math.round(customers * rowsPerCustomer) };
}

function tradeOf(profile: FleetProfile, uniform: number): WorldProfile['trade'] {
  if (profile !== 'mixed') return profile;
  return uniform < MIX.grocer ? 'grocer' : uniform < MIX.fashion ? 'fashion' : 'telecom';
}

function shippedProfile(trade: WorldProfile['trade']): WorldProfile {
  return { grocer: greenGrocer, fashion: atelierNord, telecom: lineaMobile }[trade];
}

function spread(random: SeededRandom, sigma: number): number {
  return Math.exp(sigma * gaussian(random));
}

/** By Box and Muller; one of the pair is enough. */
function gaussian(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(random.next())) * Math.cos(2 * Math.PI * random.next());
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
