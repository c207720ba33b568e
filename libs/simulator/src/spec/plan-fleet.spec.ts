import { planFleet, type PlannedTenant } from '../fleet/plan-fleet.js';
import { simulateWorld } from '../simulate-world.js';
import { checkProfile } from '../world-profile.js';
import { median, UNTIL } from './small-world.js';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('planFleet', () => {
  const fleet = [...planFleet({ tenants: 4000, profile: 'mixed', seed: 1 })];
  const of = (value: (tenant: PlannedTenant) => number, tenants = fleet) => tenants.map(value);

  it('draws the sizes that a fleet of 4,000 is said to have', () => {
    const shops = fleet.filter(({ profile }) => profile.trade !== 'telecom');
    expect(median(of((t) => t.interactions))).toBeGreaterThan(4500);
    expect(median(of((t) => t.interactions))).toBeLessThan(5500);
    expect(mean(of((t) => t.interactions))).toBeGreaterThan(9000);
    expect(mean(of((t) => t.interactions))).toBeLessThan(12_000);
    expect(median(of((t) => t.profile.customerCount))).toBeGreaterThan(430);
    expect(median(of((t) => t.profile.customerCount))).toBeLessThan(620);
    expect(median(of((t) => t.profile.productCount, shops))).toBeGreaterThan(135);
    expect(median(of((t) => t.profile.productCount, shops))).toBeLessThan(165);
    expect(Math.max(...of((t) => t.interactions))).toBe(3_000_000);
    expect(fleet[0]).toMatchObject({ profile: { customerCount: 100_000, trade: 'grocer' } });
  });

  it('has every trade, several midnights, names and seeds of their own, and profiles that are in order', () => {
    expect(new Set(fleet.map((t) => t.profile.trade)).size).toBe(3);
    expect(new Set(fleet.map((t) => t.profile.tenant.timeZone)).size).toBeGreaterThan(5);
    expect(new Set(fleet.map((t) => t.profile.tenant.slug)).size).toBe(4000);
    expect(new Set(fleet.map((t) => t.seed)).size).toBe(4000);
    for (const { profile } of fleet) checkProfile(profile);
  });

  it('contains the smaller fleet of the same seed, and no tenant of another', () => {
    const smaller = [...planFleet({ tenants: 200, profile: 'mixed', seed: 1 })];
    expect(fleet.slice(0, 200)).toEqual(smaller);
    const other = [...planFleet({ tenants: 200, profile: 'mixed', seed: 2 })];
    expect(other.filter(({ seed }, i) => seed === smaller[i]!.seed)).toEqual([]);
  });

  it.each(['grocer', 'fashion', 'telecom'] as const)(
    'foresees the rows of a %s fleet within a fifth',
    (trade) => {
      let [planned, made] = [0, 0];
      for (const tenant of planFleet({ tenants: 6, profile: trade, seed: 3 })) {
        if (tenant.interactions > 5_000) continue;
        planned += tenant.interactions;
        const world = simulateWorld(tenant.profile, { seed: tenant.seed, untilDate: UNTIL });
        made += [...world.interactions()].length;
      }
      expect(made / planned).toBeGreaterThan(0.8);
      expect(made / planned).toBeLessThan(1.2);
    },
  );
});
