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

  it.each(['0', '101', 'all'])('refuses --limit %s', async (limit) => {
    expect((await nightshift('runs', '--tenant', 'x', '--limit', limit)).code).toBe(2);
  });
});
