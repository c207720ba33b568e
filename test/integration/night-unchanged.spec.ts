import type { Tenant } from '#libs/domain';
import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases, newPurchase } from './grocer-nights.js';

const under = useTestNights(process.env);

async function trainedTenant(): Promise<{ tenant: Tenant; firstRun: string }> {
  const tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, interactions);
  const { outcome, runId } = await under.nights.run(tenant);
  expect(outcome).toBe('promoted');
  return { tenant, firstRun: runId };
}

const trainOutput = async (tenant: Tenant, runId: string) =>
  (await under.nights.runs.stages(tenant.id, runId)).find(({ stage }) => stage === 'train')?.output;

describe('a night without anything new', () => {
  it('trains nothing, says which training it goes by, and makes fresh lists all the same', async () => {
    const { tenant, firstRun } = await trainedTenant();
    const before = await under.nights.registry.pointer(tenant.id);
    const second = await under.nights.run(tenant);
    expect(second.outcome).toBe('unchanged');
    expect(await trainOutput(tenant, second.runId)).toMatchObject({ skipped: 'unchanged', sameAs: firstRun });
    expect(await under.nights.registry.list(tenant.id, 10)).toHaveLength(1);
    expect(await under.nights.registry.verdicts(tenant.id, 10)).toHaveLength(1);
    const after = await under.nights.registry.pointer(tenant.id);
    expect(after).toMatchObject({ modelVersion: 1, revision: (before?.revision ?? 0) + 1 });
    expect(after?.listFile).not.toBe(before?.listFile);
    await under.nights.servedLists(tenant, (reader) =>
      expect(reader.customerList(interactions[0].customerId ?? '', 10)).toHaveLength(10),
    );
    expect((await under.nights.runs.find(tenant.id, second.runId))?.status).toBe('succeeded');

    // The very lists that a training would have brought, and what they were made with stays on the disk.
    const hashes = await under.database.admin.query<{ hashes: number }>(
      'SELECT count(DISTINCT list_sha256)::integer AS hashes FROM publication WHERE tenant_id = $1',
      [tenant.id],
    );
    expect(hashes.rows).toEqual([{ hashes: 1 }]);
    const { models } = (await trainOutput(tenant, firstRun)) as { models: Record<string, { file: string }> };
    expect(await trainOutput(tenant, second.runId)).toMatchObject({
      neighbours: { file: models['item-cf'].file },
    });
    const { artifacts } = await under.nights.registry.keptFiles(tenant.id, 7);
    expect(artifacts).toContain(models['item-cf'].file);

    // And again: what it goes by now is the night that found nothing new.
    const third = await under.nights.run(tenant);
    expect(third.outcome).toBe('unchanged');
    expect(await trainOutput(tenant, third.runId)).toMatchObject({ sameAs: second.runId });

    await under.nights.load(tenant, [newPurchase('one', 'somebody', interactions[0].productId)]);
    const fourth = await under.nights.run(tenant);
    expect(['promoted', 'kept']).toContain(fourth.outcome);
    expect(await trainOutput(tenant, fourth.runId)).not.toHaveProperty('skipped');
    expect(await under.nights.registry.list(tenant.id, 10)).toHaveLength(2);
  });

  it('trains all the same after a change of settings, rules, seed or code', async () => {
    const { tenant } = await trainedTenant();
    const { admin } = under.database;
    await admin.query(`UPDATE tenant SET settings = '{"halfLifeDays": 61}' WHERE id = $1`, [tenant.id]);
    const settled = { ...tenant, settings: { halfLifeDays: 61 } };
    expect((await under.nights.run(settled)).outcome).not.toBe('unchanged');
    expect((await under.nights.run(settled)).outcome).toBe('unchanged');
    expect((await under.nights.run(settled, { codeVersion: 'next' })).outcome).not.toBe('unchanged');
    await admin.query(
      `INSERT INTO offering (tenant_id, rules_version) VALUES ($1, 1)
       ON CONFLICT (tenant_id) DO UPDATE SET rules_version = 1`,
      [tenant.id],
    );
    await admin.query(
      `INSERT INTO offering_change (tenant_id, kind, version, document, reason, actor)
       VALUES ($1, 'rules', 1, '[]', 'test', 'test')`,
      [tenant.id],
    );
    expect((await under.nights.run(settled, { codeVersion: 'next' })).outcome).not.toBe('unchanged');
    expect((await under.nights.run(settled, { codeVersion: 'next' })).outcome).toBe('unchanged');
  });

  it('trains all the same when a person chose another model, or the champion’s file is gone', async () => {
    const { tenant } = await trainedTenant();
    await under.nights.load(tenant, newcomersPurchases());
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    const back = { version: 1, reason: 'test', actor: 'test' };
    await under.nights.registry.moveTo(tenant.id, back, 7);
    expect((await under.nights.run(tenant)).outcome).not.toBe('unchanged');

    const pointer = await under.nights.registry.pointer(tenant.id);
    const champion = await under.nights.registry.find(tenant.id, pointer?.modelVersion ?? 0);
    await under.nights.ports.artifacts.remove(champion?.artifact ?? '');
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
  });

  it('trains all the same when what is bought together cannot be read any more', async () => {
    const { tenant, firstRun } = await trainedTenant();
    const { models } = (await trainOutput(tenant, firstRun)) as { models: Record<string, { file: string }> };
    await under.nights.ports.artifacts.remove(models['item-cf'].file);
    expect((await under.nights.run(tenant)).outcome).toBe('kept');
  });

  it('is ranked while frozen, and finds nothing new when switched on again', async () => {
    const { tenant } = await trainedTenant();
    await setTestState(under.database, tenant, 'frozen');
    expect((await under.nights.run(tenant)).outcome).toBe('ranked');
    await setTestState(under.database, tenant, 'on');
    expect((await under.nights.run(tenant)).outcome).toBe('unchanged');
  });

  it('goes by nothing of another tenant', async () => {
    await trainedTenant();
    const other = await createTestTenant(under.database);
    await under.nights.load(other, interactions);
    expect((await under.nights.run(other)).outcome).toBe('promoted');
  });
});
