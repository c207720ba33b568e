import type { SimulatedTenant } from './simulated-schema.js';

/** What every trade's world is made from. All numbers are plain data, so that a fleet can vary a shipped profile. */
interface WorldProfileBase {
  id: string;
  tenant: SimulatedTenant;
  country: string;
  regions: readonly string[];
  /** Standard time of the tenant's zone; see `calendar.ts` on daylight saving. */
  utcOffsetMinutes: number;
  /** ISO date on which the base population is complete; arrivals and churn count from here. */
  foundedOn: string;
  /** Customers on the founding day. */
  customerCount: number;
  /** Products on sale at a time (fashion: over a year). */
  productCount: number;
  /** Days of history that give the profile its advertised size. */
  historyDays: number;
  /** Multiplies the number of visits per customer. */
  activity: number;
  /** New customers per year as a share of the base population. */
  growthPerYear: number;
  /** Share of the customers who leave within a year. */
  churnPerYear: number;
  inflationPerYear: number;
}

export interface GrocerProfile extends WorldProfileBase {
  trade: 'grocer';
  /** Mean number of products a household buys again and again. */
  staplesPerHousehold: number;
  /** Households that shop without a card, as a share of the customers: their rows have no customer. */
  anonymousShare: number;
  returnShare: number;
  freeSampleShare: number;
}

export interface FashionProfile extends WorldProfileBase {
  trade: 'fashion';
  sessionsPerYear: number;
  returnShare: number;
  ratingShare: number;
}

export interface TelecomProfile extends WorldProfileBase {
  trade: 'telecom';
  sessionsPerYear: number;
}

export type WorldProfile = GrocerProfile | FashionProfile | TelecomProfile;

/**
 * A smaller or larger world of the same kind. Customers scale in proportion, products with the square root: a shop with a
 * tenth of the customers does not carry a tenth of the goods. A telecom's plans are what they are.
 */
export function scaleProfile<P extends WorldProfile>(profile: P, scale: number): P {
  if (!(scale > 0) || scale === Infinity)
    throw new RangeError(`scale must be a positive number, got ${scale}`);
  const productScale = profile.trade === 'telecom' ? 1 : Math.sqrt(scale);
  return {
    ...profile,
    customerCount: Math.max(1, Math.round(profile.customerCount * scale)),
    productCount: Math.max(1, Math.round(profile.productCount * productScale)),
  };
}

/** Fails early and by name: a profile may come from a fleet description written by hand. */
export function checkProfile(profile: WorldProfile): void {
  requireField(
    profile,
    'customerCount',
    Number.isInteger(profile.customerCount) && profile.customerCount > 0,
  );
  requireField(profile, 'productCount', Number.isInteger(profile.productCount) && profile.productCount > 0);
  requireField(profile, 'activity', profile.activity > 0 && profile.activity < Infinity);
  requireField(profile, 'growthPerYear', profile.growthPerYear >= 0 && profile.growthPerYear < Infinity);
  requireField(profile, 'churnPerYear', profile.churnPerYear >= 0 && profile.churnPerYear < 1);
  requireField(profile, 'inflationPerYear', Math.abs(profile.inflationPerYear) < 1);
  requireField(profile, 'regions', profile.regions.length > 0);
}

function requireField(profile: WorldProfile, field: keyof WorldProfileBase, valid: boolean): void {
  if (!valid)
    throw new RangeError(`world profile ${profile.id}: ${field} is out of range: ${String(profile[field])}`);
}
