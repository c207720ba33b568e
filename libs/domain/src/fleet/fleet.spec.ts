import { joinedAt, rolloutPosition, type Rollout } from '../rollouts/rollout.js';
import { ageCohortOf, isFalling, sizeCohortOf, troublesOf, type FleetTenant } from './fleet-tenant.js';
import { alertsOf, lifecycleRates, type RateEvidence } from './lifecycle-rates.js';
import { judgeTenants, selectTenants, sortTenants } from './select-tenants.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

const tenant = (slug: string, given: Partial<FleetTenant> = {}): FleetTenant => ({
  ...{ tenantId: slug.length, slug, name: slug.toUpperCase(), state: 'on', stateChangedAt: ago(9) },
  ...{ templateVersion: 1, createdAt: ago(100), interactions: 5_000, lastRun: undefined, late: false },
  ...{ ndcgTrend: [], cpuSeconds: 0, bytes: 0, requestsToday: 0, requestsPerDay: undefined },
  ...given,
});
const run = (status: 'failed' | 'succeeded', outcome?: 'dataRejected' | 'kept') => ({
  ...{ night: '2026-11-21', status, outcome, errorCode: undefined, finishedAt: NOW },
});

describe('troubles', () => {
  it('come worst first, and none of them to who is off', () => {
    const bad = { lastRun: run('failed'), late: true, ndcgTrend: [0.4, 0.4, 0.4, 0.3] };
    expect(troublesOf(tenant('a', bad))).toEqual(['failed', 'late', 'falling']);
    expect(troublesOf(tenant('a', { ...bad, state: 'off' }))).toEqual([]);
    expect(troublesOf(tenant('a', { lastRun: run('succeeded', 'dataRejected') }))).toEqual(['rejected']);
    expect(troublesOf(tenant('a', { requestsToday: 9, requestsPerDay: 10 }))).toEqual(['quota']);
    expect(troublesOf(tenant('a', { requestsToday: 8, requestsPerDay: 10 }))).toEqual([]);
  });

  it('see accuracy fall against the median of the nights before', () => {
    // Median of 0.4, 0.5, 0.6 is 0.5; nine tenths of it 0.45.
    expect(isFalling([0.4, 0.5, 0.6, 0.44])).toBe(true);
    expect(isFalling([0.4, 0.5, 0.6, 0.46])).toBe(false);
    expect(isFalling([0.9, 0.9, 0.1])).toBe(false);
    expect(isFalling([])).toBe(false);
  });
});

test('cohorts end where the next ones begin', () => {
  expect([undefined, 0, 1, 9_999, 10_000, 99_999, 100_000].map(sizeCohortOf)).toEqual([
    ...['empty', 'empty', 'small', 'small', 'medium', 'medium', 'large'],
  ]);
  expect([0, 29.9, 30, 181, 182].map((days) => ageCohortOf(ago(days), NOW))).toEqual([
    ...['firstMonth', 'firstMonth', 'firstHalfYear', 'firstHalfYear', 'older'],
  ]);
});

describe('selecting and sorting', () => {
  const tenants = judgeTenants(
    [
      tenant('calm'),
      tenant('late', { late: true }),
      tenant('failing', { lastRun: run('failed'), templateVersion: 2 }),
      tenant('worst', { lastRun: run('failed'), late: true, state: 'frozen', interactions: 1e6 }),
    ],
    NOW,
  );
  const slugs = (list: readonly { slug: string }[]) => list.map(({ slug }) => slug);

  it('puts who is in trouble first', () => {
    expect(slugs(sortTenants(tenants, 'trouble'))).toEqual(['worst', 'failing', 'late', 'calm']);
    expect(slugs(sortTenants(tenants, 'trouble', true))).toEqual(['calm', 'late', 'failing', 'worst']);
    expect(slugs(sortTenants(tenants, 'size'))[0]).toBe('worst');
    expect(slugs(sortTenants(tenants, 'tenant'))).toEqual(['calm', 'failing', 'late', 'worst']);
  });

  it('filters by everything at once', () => {
    expect(slugs(selectTenants(tenants, {}))).toHaveLength(4);
    expect(slugs(selectTenants(tenants, { state: 'frozen' }))).toEqual(['worst']);
    expect(slugs(selectTenants(tenants, { templateVersion: 2 }))).toEqual(['failing']);
    expect(slugs(selectTenants(tenants, { trouble: 'any' }))).toEqual(['late', 'failing', 'worst']);
    expect(slugs(selectTenants(tenants, { trouble: 'late', size: 'small' }))).toEqual(['late']);
    expect(slugs(selectTenants(tenants, { text: ' ALM' }))).toEqual(['calm']);
    expect(slugs(selectTenants(tenants, { age: 'older' }))).toEqual([]);
  });
});

describe('lifecycleRates', () => {
  const rated = (tenantId: number, state: 'on' | 'frozen' | 'off', days = 200, interactions = 5_000) => ({
    ...{ tenantId, state, createdAt: ago(days), interactions },
  });
  const change = (tenantId: number, to: 'on' | 'frozen' | 'off', days: number, byTenant = true) => ({
    ...{ tenantId, to, at: ago(days), byTenant },
    from: to === 'on' ? ('frozen' as const) : ('on' as const),
  });
  const none: RateEvidence = { tenants: [], changes: [], rollouts: [], firstVersion: 1 };

  it('counts by the time that tenants were on', () => {
    const evidence = {
      ...none,
      tenants: [rated(1, 'on'), rated(2, 'frozen'), rated(3, 'off'), rated(4, 'on', 3.5)],
      // The second froze after half of the last week, the third switched off at the end of the first.
      changes: [change(3, 'off', 7), change(2, 'frozen', 3.5)],
    };
    const [{ cohort, weeks }] = lifecycleRates(evidence, 'all', 2, NOW);
    expect(cohort).toBe('all');
    expect(weeks.map(({ tenantWeeks }) => tenantWeeks)).toEqual([expect.closeTo(3, 9), expect.closeTo(2, 9)]);
    expect(weeks.map(({ freezes, turnOffs }) => [freezes.count, turnOffs.count])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(weeks[1].freezes.perWeek).toBeCloseTo(1 / 2, 9);
    expect(weeks[1].freezes.high).toBeGreaterThan(1);
  });

  it('does not count what operators do, but takes the time out', () => {
    const evidence = { ...none, tenants: [rated(1, 'frozen')], changes: [change(1, 'frozen', 3.5, false)] };
    const [{ weeks }] = lifecycleRates(evidence, 'all', 1, NOW);
    expect(weeks[0].freezes.count).toBe(0);
    expect(weeks[0].tenantWeeks).toBeCloseTo(0.5, 9);
  });

  it('lets a tenant grow older, and groups by size', () => {
    const evidence = { ...none, tenants: [rated(1, 'on', 33.5), rated(2, 'on', 400, 1e6)] };
    const byAge = lifecycleRates(evidence, 'age', 1, NOW);
    // The 30th day was 3.5 days ago.
    expect(byAge.map(({ cohort, weeks }) => [cohort, weeks[0].tenantWeeks])).toEqual([
      ['firstHalfYear', expect.closeTo(0.5, 9)],
      ['firstMonth', expect.closeTo(0.5, 9)],
      ['older', expect.closeTo(1, 9)],
    ]);
    expect(lifecycleRates(evidence, 'size', 1, NOW).map(({ cohort }) => cohort)).toEqual(['large', 'small']);
  });

  it('follows tenants from template to template', () => {
    const rollout = {
      ...{ templateVersion: 2, formerVersion: 1, state: 'stopped', seed: 7, endedAt: ago(1.75) },
      steps: [{ share: 0.5, cutoff: rolloutPosition(7, 2), at: ago(3.5) }],
    } as unknown as Rollout;
    expect([1, 2].map((id) => joinedAt(rollout, rated(id, 'on')))).toEqual([undefined, ago(3.5)]);
    const evidence = { ...none, tenants: [rated(1, 'on'), rated(2, 'on')], rollouts: [rollout] };
    const series = lifecycleRates(evidence, 'template', 1, NOW);
    expect(series.map(({ cohort, weeks }) => [cohort, weeks[0].tenantWeeks])).toEqual([
      ['1', expect.closeTo(1.75, 9)],
      ['2', expect.closeTo(0.25, 9)],
    ]);
  });

  it('alarms above the threshold, with three tenants at least', () => {
    const evidence = (count: number) => ({
      ...none,
      tenants: Array.from({ length: 20 }, (_, index) => rated(index + 1, index < count ? 'frozen' : 'on')),
      changes: Array.from({ length: count }, (_, index) => change(index + 1, 'frozen', 1)),
    });
    const alertsFor = (count: number, freezesPerWeek: number) =>
      alertsOf(lifecycleRates(evidence(count), 'all', 1, NOW), { freezesPerWeek, turnOffsPerWeek: 0.01 });
    expect(alertsFor(3, 0.1)).toMatchObject([{ cohort: 'all', kind: 'freezes', threshold: 0.1 }]);
    expect(alertsFor(3, 0.2)).toEqual([]);
    expect(alertsFor(2, 0.01)).toEqual([]);
  });
});
