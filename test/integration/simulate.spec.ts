import type { TenantRepository } from '#libs/domain';
import { AttributionService, OVERALL_FALLBACK } from '#libs/domain';
import {
  PostgresAttributionRepository,
  PostgresKpiReadModel,
  PostgresTenantRepository,
} from '#libs/persistence';
import { dayOf, planFleet, respondToLists, simulateWorld } from '#libs/simulator';
import { useTestNights } from '#libs/testing';
import { json, nightshift } from './run-nightshift.js';

// Tenants are named by their number: the fleet is shared with nobody because no other test simulates one.
const FLEET = ['simulate', '--tenants', '2', '--profile', 'grocer', '--seed', '5'];

const under = useTestNights(process.env);

beforeAll(() => {
  process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  process.env.PLATFORM_DATABASE_URL = process.env.TEST_PLATFORM_DATABASE_URL;
  process.env.STATE_DIR = under.nights.folder;
});

describe('nightshift simulate', () => {
  test('says beforehand what a fleet takes, fills it once, and lets it live on', async () => {
    const { forecast } = await json(...FLEET, '--dry-run');
    expect(forecast).toMatchObject({ tenants: 2 });
    expect(forecast.bytes).toBeGreaterThan(170 * forecast.interactions);

    const first = await json(...FLEET, '--until', '2026-10-01');
    expect(first).toMatchObject({ tenants: 2, loaded: 2 });
    expect(first.interactions / forecast.interactions).toBeGreaterThan(0.7);
    expect(first.interactions / forecast.interactions).toBeLessThan(1.3);

    const again = await json(...FLEET, '--until', '2026-10-01');
    expect(again).toMatchObject({ tenants: 2, loaded: 0, interactions: 0 });

    const later = await json(...FLEET, '--days', '20');
    expect(later.interactions).toBeGreaterThan(0);
    expect(later.interactions).toBeLessThan(first.interactions / 4);
    // Nothing was served, so there was nothing to respond to.
    expect(later.responses).toEqual({ shown: 0, accepted: 0, rejected: 0 });
  });

  test('lets customers respond to the lists that are served, better to better ones', async () => {
    const tenants: TenantRepository = new PostgresTenantRepository(under.database.tenants);
    const planned = [...planFleet({ tenants: 2, profile: 'grocer', seed: 5 })];
    const { profile, seed } = planned.toSorted((a, b) => b.interactions - a.interactions)[0];
    const tenant = await tenants.findBySlug(profile.id);
    if (tenant === undefined) throw new Error('The test before has made it.');
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');

    const { responses } = await json(...FLEET, '--days', '3');
    expect(responses.shown).toBeGreaterThan(100);
    expect(responses.accepted).toBeGreaterThan(0);
    const count = async (table: string, where: string) =>
      (
        await under.database.admin.query<{ rows: number }>(
          `SELECT count(*)::integer AS rows FROM ${table} WHERE tenant_id = $1 AND ${where}`,
          [tenant.id],
        )
      ).rows[0].rows;
    expect(await count('impression', 'recommendation_id IS NOT NULL')).toBe(responses.shown);
    expect(await count('outcome', `kind = 'accepted'`)).toBe(responses.accepted);
    expect(await count('outcome', `kind = 'rejected'`)).toBe(responses.rejected);

    // Attribution ties what was taken to the recommendation that showed it.
    await new AttributionService(new PostgresAttributionRepository(under.database.tenants)).attribute(tenant);
    const range = { first: '2026-10-01', last: '2026-11-21' };
    const days = await new PostgresKpiReadModel(under.database.tenants).days(tenant.id, range);
    const total = (of: 'shown' | 'accepted' | 'attributedPurchases') =>
      days.reduce((sum, day) => sum + day[of], 0);
    expect([total('shown'), total('accepted')]).toEqual([responses.shown, responses.accepted]);
    expect(total('attributedPurchases')).toBeGreaterThanOrEqual(responses.accepted);

    // The promoted model earns more than a best-seller list with the same people on the same days.
    const untilDate = new Date('2026-10-20T00:00:00Z');
    const world = simulateWorld(profile, { seed, untilDate, days: 4 });
    const untilDay = dayOf(untilDate, profile.utcOffsetMinutes);
    const acceptance = (listOf: (customerId: string) => readonly { productId: string }[] | undefined) => {
      const lists = ({ customerId }: { customerId: string }) =>
        (listOf(customerId) ?? []).map(({ productId }) => productId);
      const window = { seed, fromDay: untilDay - 4, untilDay, lookShare: 0.1, shown: 10 };
      const events = [...respondToLists(world, lists, window)];
      return events.filter(({ kind }) => kind === 'accepted').length / events.length;
    };
    await under.nights.servedLists(tenant, (reader) => {
      const own = acceptance((customerId) => reader.customerList(customerId, 10));
      const bestSellers = acceptance((customerId) =>
        reader.customerList(customerId, 10) === undefined
          ? undefined
          : reader.fallbackList(OVERALL_FALLBACK, 10),
      );
      expect(own).toBeGreaterThan(1.2 * bestSellers);
    });
  }, 180_000);

  test('never lives on into days that are not over', async () => {
    const { code, stderr } = await nightshift(...FLEET, '--days', '366');
    expect(code).toBe(1);
    expect(stderr).toContain('366 more days are not over yet');
  });
});
