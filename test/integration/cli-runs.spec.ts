import { PostgresModelRegistryRepository, PostgresRunRepository } from '#libs/persistence';
import {
  beginPublish,
  claimTestRun,
  createTestTenant,
  openTestDatabase,
  type TestDatabase,
} from '#libs/testing';
import { json, nightshift } from './run-nightshift.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase(process.env);
  process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  process.env.PLATFORM_DATABASE_URL = process.env.TEST_PLATFORM_DATABASE_URL;
});
afterAll(() => database.close());

describe('nightshift runs', () => {
  it('lists the newest runs first, with what each came to or where it is', async () => {
    const tenant = await createTestTenant(database);
    expect(await json('runs', '--tenant', tenant.slug, '--json')).toEqual({ tenant: tenant.slug, runs: [] });

    const { lease, request } = await beginPublish(database, tenant);
    await new PostgresModelRegistryRepository(database.tenants).publish(lease, request);
    const { run, lease: second } = await claimTestRun(database, tenant);
    const repository = new PostgresRunRepository(database.tenants);
    await repository.startStage(second, 'train');

    const { runs } = await json('runs', '--tenant', tenant.slug, '--json');
    expect(runs).toMatchObject([
      { id: run.runId, status: 'running', outcome: null, stage: { stage: 'train' }, verdicts: [] },
      {
        id: lease.runId,
        status: 'succeeded',
        outcome: 'promoted',
        stage: { stage: 'publish' },
        verdicts: [{ lane: 'first', promoted: true, sentence: expect.stringMatching(/\.$/) }],
      },
    ]);
    expect(runs[0].startedAt).toMatch(/^\d{4}-/);
    expect(JSON.stringify(runs)).not.toContain('tenantId');
    expect((await json('runs', '--tenant', tenant.slug, '--limit', '1', '--json')).runs).toHaveLength(1);

    const { stdout } = await nightshift('runs', '--tenant', tenant.slug);
    expect(stdout).toMatch(/2026-11-21 │ running .* train 0 %/);
    expect(stdout).toMatch(/2026-11-21 │ succeeded .* publish .* promoted/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('shows the late of the whole fleet, and needs a tenant for anything else', async () => {
    const tenant = await createTestTenant(database);
    const { run, lease } = await claimTestRun(database, tenant);
    await database.admin.query(`UPDATE run SET deadline = now() - interval '1 minute' WHERE run_id = $1`, [
      run.runId,
    ]);
    const { late } = await json('runs', '--late', '--limit', '100', '--json');
    expect(late).toContainEqual(
      expect.objectContaining({ tenant: tenant.slug, runId: run.runId, status: 'running', finishedAt: null }),
    );
    expect((await json('runs', '--tenant', tenant.slug, '--late', '--json')).runs).toMatchObject([
      { late: true },
    ]);
    await new PostgresRunRepository(database.tenants).finish(lease, 'kept');
    expect((await nightshift('runs', '--late')).stdout).toContain(tenant.slug);
    const { code, stderr } = await nightshift('runs');
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining('--tenant')]);
    expect(code).not.toBe(0);
  });

  it('says why a run was started that nobody asked for', async () => {
    const tenant = await createTestTenant(database);
    const figures = { newInteractions: 1_200, share: 0.24 };
    await new PostgresRunRepository(database.tenants).startTriggered(tenant.id, {
      ...{ night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'triggers' },
      ...{ trigger: 'volume', reason: '1,200 new interactions.', figures, noneSince: new Date() },
    });
    expect((await json('runs', '--tenant', tenant.slug, '--json')).runs).toMatchObject([
      { kind: 'triggered', trigger: 'volume', reason: '1,200 new interactions.', figures },
    ]);
    const { stdout, stderr } = await nightshift('runs', '--tenant', tenant.slug);
    expect(stdout).toMatch(/│ volume +│/);
    expect(stderr).toContain('2026-11-21, volume: 1,200 new interactions.');
    expect(await json('run', '--tenant', tenant.slug)).toMatchObject({
      joined: true,
      ...{ kind: 'triggered', reason: '1,200 new interactions.', figures },
    });
  });

  it('asks for a run of a past night', async () => {
    const tenant = await createTestTenant(database);
    const night = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    const run = await json('run', '--tenant', tenant.slug, '--night', night);
    expect(run).toMatchObject({ kind: 'backfill', trigger: 'person', night, status: 'queued', late: false });
    expect((await nightshift('run', '--tenant', tenant.slug, '--night', '2099-01-01')).code).not.toBe(0);
  });

  it.each(['0', '101', 'all'])('refuses --limit %s', async (limit) => {
    expect((await nightshift('runs', '--tenant', 'x', '--limit', limit)).code).toBe(2);
  });
});
