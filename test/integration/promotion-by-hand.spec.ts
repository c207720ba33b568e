import { PromotionService, type Tenant } from '#libs/domain';
import { PostgresAuditRepository } from '#libs/persistence';
import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases, resume } from './grocer-nights.js';

const under = useTestNights(process.env);
/** No night holds back so many. */
const STRICT = { gate: { minimumRows: 100_000_000 } };
const ASKED = { version: 2, reason: 'Wider range for the fair', actor: 'kim' };

const service = () =>
  new PromotionService(under.nights.runs, under.nights.registry, under.nights.ports.artifacts);
const served = async ({ id }: Tenant) => (await under.nights.registry.pointer(id))?.modelVersion;
const fileOf = async ({ id }: Tenant, version: number) => {
  const model = await under.nights.registry.find(id, version);
  return model!.artifact;
};
const endRuns = ({ id }: Tenant) =>
  under.database.admin.query(
    `UPDATE run SET status = 'failed', active = NULL WHERE tenant_id = $1 AND active`,
    [id],
  );
const setState = async (tenant: Tenant, state: 'on' | 'frozen' | 'off', at: string) => {
  await setTestState(under.database, tenant, state);
  await under.database.admin.query('UPDATE tenant SET state_changed_at = $2 WHERE id = $1', [tenant.id, at]);
};

/** Version 1 serves; version 2 knows more, and lost against the tenant's own strict gate. */
async function withLoser(): Promise<Tenant> {
  const tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, interactions.slice(0, 4_000));
  await under.nights.run(tenant);
  // By their ids rows are held out or not: the same each time, so that the night has the same challengers.
  const purchases = newcomersPurchases().map((row, index) => ({ ...row, eventId: `newcomer-${index}` }));
  await under.nights.load(tenant, purchases);
  expect((await under.nights.run({ ...tenant, settings: STRICT })).outcome).toBe('kept');
  return tenant;
}

let tenant: Tenant;
beforeAll(async () => {
  tenant = await withLoser();
});

test('the night goes by the tenant’s own gate, and keeps the loser’s file for a while', async () => {
  // Both lanes' in one transaction, and so at one moment.
  const verdicts = await under.nights.registry.verdicts(tenant.id, 5);
  const verdict = verdicts.find(({ challengerVersion }) => challengerVersion === 2);
  expect(verdict).toMatchObject({ promoted: false, reasonCode: 'notEnoughEvidence' });
  expect(verdict?.numbers.gate).toMatchObject({ minimumRows: 100_000_000, refreshMargin: 0.02 });
  const { artifacts } = await under.nights.registry.keptFiles(tenant.id, 7);
  expect(artifacts).toContain(await fileOf(tenant, 2));
});

test('refuses with a code what cannot be', async () => {
  const refusal = async (change: object, given = tenant) =>
    service()
      .promote(given, { ...ASKED, ...change })
      .then(
        () => 'taken',
        ({ code }) => code,
      );
  expect(await refusal({ reason: '  ' })).toBe('reasonRequired');
  expect(await refusal({ version: 1 })).toBe('alreadyServing');
  expect(await refusal({ version: 99 })).toBe('notFound');
  expect(await refusal({}, { ...tenant, state: 'off' })).toBe('tenantOff');
  const other = await createTestTenant(under.database);
  expect(await refusal({}, other)).toBe('notFound');
  const gone = Object.assign(Object.create(under.nights.ports.artifacts), {
    list: () => Promise.resolve([]),
  });
  await expect(
    new PromotionService(under.nights.runs, under.nights.registry, gone).promote(tenant, ASKED),
  ).rejects.toMatchObject({ code: 'artifactGone' });
  expect(await under.nights.runs.unfinishedPromotion(tenant.id)).toBeUndefined();
});

test('asked twice at once is one run; another run has to wait', async () => {
  const both = await Promise.all([service().promote(tenant, ASKED), service().promote(tenant, ASKED)]);
  expect(both.map(({ joined }) => joined).sort()).toEqual([false, true]);
  expect(both[0].run.runId).toBe(both[1].run.runId);
  await endRuns(tenant);
  await under.nights.runs.requestManual(tenant.id, {
    ...{ night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'test', reason: undefined },
  });
  await expect(service().promote(tenant, ASKED)).rejects.toMatchObject({ code: 'runUnfinished' });
  await endRuns(tenant);
});

test('the last word of a person counts: rolled back, frozen or switched off meanwhile', async () => {
  const { registry } = under.nights;
  for (const state of ['frozen', 'off'] as const) {
    const { run } = await service().promote(tenant, ASKED);
    await expect(under.nights.run(tenant, { mayGoOn: (next) => next < 7 })).rejects.toThrow('stopping');
    await setState(tenant, state, new Date(run.createdAt.getTime() + 1).toISOString());
    expect(await resume(under.database, under.nights, tenant)).toBe('superseded');
    await setState(tenant, 'on', '2026-01-01T00:00:00Z');
  }
  await service().promote(tenant, ASKED);
  await under.database.admin.query(
    `INSERT INTO registry_change (tenant_id, change_id, from_version, to_version, reason, actor, changed_at)
     VALUES ($1, gen_random_uuid(), 2, 1, 'no', 'lee', now() + interval '1 second')`,
    [tenant.id],
  );
  expect((await under.nights.run(tenant)).outcome).toBe('superseded');
  await under.database.admin.query('DELETE FROM registry_change WHERE tenant_id = $1', [tenant.id]);
  expect(await served(tenant)).toBe(1);
  expect(await registry.changes(tenant.id, 10)).toEqual([]);
});

test('a file that goes between question and run ends the run with the same code', async () => {
  await service().promote(tenant, ASKED);
  const missing = Object.assign(Object.create(under.nights.registry), {
    find: async (id: number, version: number) => ({
      ...(await under.nights.registry.find(id, version)),
      artifact: `tenants/${id}/models/gone.model`,
    }),
  });
  await expect(under.nights.run(tenant, { registry: missing })).rejects.toMatchObject({
    ...{ stage: 'decide', cause: { code: 'artifactGone', kind: 'conflict' } },
  });
  await endRuns(tenant);
});

test('ranks everybody with the loser, though its worker is killed, and publishes with who and why', async () => {
  // Frozen long before: a person may choose all the same.
  await setState(tenant, 'frozen', '2026-01-01T00:00:00Z');
  const { run } = await service().promote(tenant, ASKED);
  expect(run).toMatchObject({ kind: 'manual', promotesVersion: 2, reason: ASKED.reason });
  await expect(under.nights.run(tenant, { mayGoOn: (next) => next < 6 })).rejects.toThrow('stopping');
  expect(await served(tenant)).toBe(1);
  expect((await under.nights.runs.unfinishedPromotion(tenant.id))?.runId).toBe(run.runId);
  expect(await resume(under.database, under.nights.anotherWorker(), tenant)).toBe('promotedByHand');

  expect(await served(tenant)).toBe(2);
  expect(await under.nights.runs.unfinishedPromotion(tenant.id)).toBeUndefined();
  await under.nights.servedLists(tenant, (reader) => {
    expect(reader.header.modelVersion).toBe(2);
    expect((reader.customerList('the newcomer', 10) ?? []).length).toBe(10);
  });
  const { registry } = under.nights;
  expect(await registry.changes(tenant.id, 10)).toMatchObject([
    { fromVersion: 1, toVersion: 2, reason: ASKED.reason, actor: 'kim' },
  ]);
  const statuses = (await registry.list(tenant.id, 10)).map(({ version, status }) => `${version} ${status}`);
  // The night had a second challenger.
  expect(statuses).toEqual(['3 rejected', '2 champion', '1 retired']);
  const entries = await new PostgresAuditRepository(under.database.tenants).page(tenant.id, 50);
  const actions = entries.map(({ content }) => JSON.parse(content)).filter(({ subject }) => subject === '2');
  expect(actions[0]).toMatchObject({ action: 'model.promotedByHand', actor: 'kim', reason: ASKED.reason });
  expect(actions[1]).toMatchObject({ action: 'model.promotionRequested', detail: { runId: run.runId } });
});

test('the next night’s challenger is judged against it', async () => {
  await setState(tenant, 'on', '2026-01-01T00:00:00Z');
  await under.nights.load(tenant, interactions.slice(4_000, 5_000));
  await under.nights.run(tenant);
  const [verdict] = await under.nights.registry.verdicts(tenant.id, 1);
  expect(verdict.championVersion).toBe(2);
});
