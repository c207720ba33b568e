import { addDays, TriggerService, type InteractionRecord, type Run, type Tenant } from '#libs/domain';
import { PostgresKpiReadModel, PostgresRunRepository, PostgresTriggerRepository } from '#libs/persistence';
import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { interactions, newPurchase } from './grocer-nights.js';

const under = useTestNights(process.env);
const HOUR_MS = 3_600_000;
const hoursFromNow = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

function service(): TriggerService {
  const { tenants } = under.database;
  return new TriggerService(
    new PostgresTriggerRepository(tenants),
    new PostgresKpiReadModel(tenants),
    new PostgresRunRepository(tenants),
  );
}

async function trainedTenant(settings: object = {}): Promise<Tenant> {
  const tenant = await createTestTenant(under.database, { settings });
  await under.nights.load(tenant, interactions);
  expect((await under.nights.run(tenant)).outcome).toBe('promoted');
  return tenant;
}

/** Events of the history once more, at its end: the same mix of everything. */
function more(count: number, change: Partial<InteractionRecord> = {}): InteractionRecord[] {
  const step = interactions.length / count;
  return Array.from({ length: count }, (_, index) => {
    const like = interactions[Math.floor(index * step)];
    const { eventId } = newPurchase(`more-${index}`, '', '');
    return { ...like, eventId, occurredAt: new Date('2026-10-31T20:00:00Z'), ...change };
  });
}

async function end(run: Run | undefined): Promise<void> {
  await under.database.admin.query(
    `UPDATE run SET status = 'failed', active = NULL, finished_at = now() WHERE run_id = $1`,
    [run?.runId],
  );
}

const triggeredRuns = async (tenant: Tenant) =>
  (
    await under.database.admin.query(`SELECT * FROM run WHERE tenant_id = $1 AND kind = 'triggered'`, [
      tenant.id,
    ])
  ).rows;

describe('volume', () => {
  it('starts one run for a flood of imports, says why, and none while it cools down', async () => {
    const tenant = await trainedTenant();
    const triggers = service();
    expect(await triggers.check(tenant)).toBeUndefined();
    const wanted = Math.ceil(0.2 * interactions.length);
    const rows = more(wanted);
    await under.nights.load(tenant, rows.slice(0, -1));
    expect(await triggers.check(tenant)).toBeUndefined();
    // A file sent twice counts once.
    await under.nights.load(tenant, rows.slice(0, -1));
    expect(await triggers.check(tenant)).toBeUndefined();
    for (let part = 0; part < 10; part++) await under.nights.load(tenant, [...rows.slice(-1), ...more(10)]);
    const started = await Promise.all([1, 2, 3, 4, 5].map(() => service().check(tenant)));
    const [run] = started.filter((one) => one !== undefined);
    expect(started.filter((one) => one !== undefined)).toHaveLength(1);
    expect(run).toMatchObject({
      kind: 'triggered',
      trigger: 'volume',
      requestedBy: 'triggers',
      status: 'queued',
      deadline: undefined,
      reason: expect.stringMatching(/^[\d,]+ new interactions since the last training, 2\d % of the/),
      figures: {
        newInteractions: wanted + 100,
        knownInteractions: interactions.length,
        share: (wanted + 100) / interactions.length,
        limitShare: 0.2,
      },
    });
    expect(await under.nights.runs.find(tenant.id, run?.runId ?? '')).toEqual(run);

    // While it is unfinished there is no other, and after it none for a day, however much comes.
    expect(await triggers.check(tenant, hoursFromNow(25))).toBeUndefined();
    await end(run);
    await under.nights.load(tenant, more(2 * wanted));
    expect(await triggers.check(tenant, hoursFromNow(23))).toBeUndefined();
    expect((await triggers.check(tenant, hoursFromNow(25)))?.trigger).toBe('volume');
    expect(await triggeredRuns(tenant)).toHaveLength(2);
  });

  it('counts outcomes that came by feedback, and only from the last training on', async () => {
    const tenant = await trainedTenant({ triggerVolumeRows: 3, triggerVolumeShare: 0 });
    const feedback = (name: string) =>
      under.database.admin.query(
        `INSERT INTO outcome (tenant_id, event_id, customer_id, product_id, kind, occurred_at)
         VALUES ($1, $2, $3, $4, 'clicked', now())`,
        [tenant.id, name, interactions[0].customerId, interactions[0].productId],
      );
    for (const name of ['a', 'b']) await feedback(name);
    expect(await service().check(tenant)).toBeUndefined();
    await feedback('c');
    await under.nights.run(tenant);
    expect(await service().check(tenant)).toBeUndefined();
    for (const name of ['d', 'e', 'f']) await feedback(name);
    expect((await service().check(tenant))?.figures).toMatchObject({ newInteractions: 3, limitRows: 3 });
  });

  it('starts nothing for a tenant that is frozen, off or was never trained, or for what came to another', async () => {
    const settings = { triggerVolumeRows: 1 };
    const tenant = await trainedTenant(settings);
    const other = await trainedTenant(settings);
    await under.nights.load(tenant, more(1_000));
    expect(await service().check(other)).toBeUndefined();
    for (const state of ['frozen', 'off'] as const) {
      await setTestState(under.database, tenant, state);
      expect(await service().check({ ...tenant, state })).toBeUndefined();
      // Also when the state was changed after the tenant was read.
      expect(await service().check(tenant)).toBeUndefined();
    }
    const fresh = await createTestTenant(under.database, { settings });
    await under.nights.load(fresh, more(1_000));
    expect(await service().check(fresh)).toBeUndefined();
    expect(await triggeredRuns(tenant)).toHaveLength(0);
    await setTestState(under.database, tenant, 'on');
    expect((await service().check(tenant))?.trigger).toBe('volume');
  });
});

describe('drift', () => {
  it('starts a run when the newest events are of another kind, and none when they are of the same', async () => {
    const tenant = await trainedTenant({ triggerVolumeShare: 0 });
    const purchases = interactions.filter(({ type }) => type === 'purchase');
    const recent = purchases.filter(({ occurredAt }) => occurredAt > new Date('2026-10-10T00:00:00Z'));
    const same = recent.map((event, index) => ({ ...event, eventId: `again-${index}` }));
    expect(same.length).toBeGreaterThan(500);
    await under.nights.load(tenant, same);
    const triggers = service();
    expect(await triggers.check(tenant)).toBeUndefined();
    // Nothing has come since: not even looked at again.
    expect(await triggers.check(tenant)).toBeUndefined();
    const rare = { type: 'purchase' as const, productId: recent[0].productId, unitPrice: 0.5, quantity: 1 };
    await under.nights.load(tenant, more(same.length, rare));
    const run = await triggers.check(tenant);
    expect(run).toMatchObject({
      trigger: 'drift',
      reason: expect.stringMatching(/^(Other products are in demand|Prices are others) .*PSI \d/),
      figures: {
        dimension: expect.stringMatching(/products|prices/),
        limit: 0.25,
        newEvents: 2 * same.length,
        eventKind: 'purchase',
      },
    });
    expect(run?.figures?.stabilityIndex).toBeGreaterThan(0.25);
    await end(run);
    await under.database.admin.query(`UPDATE tenant SET settings = '{"triggerDriftPsi": 0}' WHERE id = $1`, [
      tenant.id,
    ]);
    const deaf = { ...tenant, settings: { triggerDriftPsi: 0, triggerVolumeShare: 0 } };
    expect(await service().check(deaf, hoursFromNow(25))).toBeUndefined();
  });
});

describe('degradation', () => {
  it('starts a run when responses have fallen, and the next only after another week like that', async () => {
    const tenant = await trainedTenant();
    const today = new Date().toLocaleDateString('en-CA', { timeZone: tenant.timeZone });
    const day = (ago: number, clicked: number) =>
      under.database.tenants.runBulk(tenant.id, (client) =>
        client.query(
          `INSERT INTO daily_kpi (tenant_id, day, served, none, shown, clicked, bought, accepted, rejected,
                                  attributed_purchases, attributed_revenue, products_shown, products_on_sale)
           VALUES ($1, $2, 0, 0, 1000, $3, 0, 0, 0, 0, 0, 0, 0)`,
          [tenant.id, addDays(today, -ago), clicked],
        ),
      );
    for (let ago = 35; ago > 7; ago--) await day(ago, 100 + (ago % 7));
    for (let ago = 7; ago > 1; ago--) await day(ago, 50 + (ago % 7));
    const run = await service().check(tenant);
    expect(run).toMatchObject({
      trigger: 'degradation',
      reason: expect.stringContaining('In the last 7 days 5.3 % of the products shown led to something'),
      figures: { recentDays: 6, pastDays: 28, limitDrop: 0.2 },
    });
    await end(run);
    await day(1, 50);
    expect(await service().check(tenant, hoursFromNow(25))).toBeUndefined();
    for (let ago = 0; ago > -6; ago--) await day(ago, 40);
    expect(await service().check(tenant, hoursFromNow(3 * 24))).toBeUndefined();
    expect((await service().check(tenant, hoursFromNow(6.5 * 24)))?.trigger).toBe('degradation');
  });
});
