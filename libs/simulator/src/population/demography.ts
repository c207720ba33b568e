import { instantOf } from '../calendar.js';
import { drawIndex } from '../random/distributions.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedCustomer } from '../simulated-schema.js';
import type { WorldProfile } from '../world-profile.js';
import { customerIdOf } from './population.js';

export const AGE_BANDS = ['18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const;
const AGE_WEIGHTS = [12, 20, 20, 18, 15, 15];
const GENDERS = ['female', 'male', 'unknown'] as const;

/** Age and gender, kept apart from tastes so that a trade can bend either with the other. */
export interface Demography {
  ageIndex: number;
  gender: string;
  regionIndex: number;
}

export function demographyOf(
  profile: WorldProfile,
  seed: number,
  customerIndex: number,
  weights: { age?: readonly number[]; gender?: readonly number[] } = {},
): Demography {
  const random = new SeededRandom(seed, Stream.customer, customerIndex);
  // Regions have unlike sizes: the first is three times the last.
  const regionWeights = profile.regions.map((_, i) => 3 - (2 * i) / Math.max(1, profile.regions.length - 1));
  return {
    ageIndex: drawIndex(random, weights.age ?? AGE_WEIGHTS),
    gender: GENDERS[drawIndex(random, weights.gender ?? [50, 46, 4])]!,
    regionIndex: drawIndex(random, regionWeights),
  };
}

export function customerRow(
  profile: WorldProfile,
  customerIndex: number,
  demography: Demography,
  own: { tier: string; segment?: string; createdDay: number },
): SimulatedCustomer {
  return {
    customerId: customerIdOf(customerIndex),
    region: profile.regions[demography.regionIndex]!,
    country: profile.country,
    ageBand: AGE_BANDS[demography.ageIndex]!,
    gender: demography.gender,
    tier: own.tier,
    ...(own.segment === undefined ? {} : { segment: own.segment }),
    createdAt: new Date(instantOf(own.createdDay, 6 * 60 + (customerIndex % 60), profile.utcOffsetMinutes)),
  };
}
