import type { PublishRequest, Tenant } from '#libs/domain';
import {
  PostgresLifecycleRepository,
  PostgresModelRegistryRepository,
  PostgresRunRepository,
} from '#libs/persistence';
import {
  beginPublish,
  createTestTenant,
  newPublication,
  openTestDatabase,
  recordedVerdict,
  setTestState,
  type TestDatabase,
  type UnpublishedNight,
} from '#libs/testing';

const KEPT = 2;

let database: TestDatabase;
let registry: PostgresModelRegistryRepository;
let runs: PostgresRunRepository;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  registry = new PostgresModelRegistryRepository(database.tenants);
  runs = new PostgresRunRepository(database.tenants);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await createTestTenant(database);
});

const rows = async (table: string, columns = '*') =>
  (await database.admin.query(`SELECT ${columns} FROM ${table} WHERE tenant_id = $1`, [tenant.id])).rows;
const statuses = async () =>
  (await registry.list(tenant.id, 100)).map(({ version, status }) => `${version} ${status}`).toSorted();

const nightBeforePublish = (change: Partial<PublishRequest> = {}) => beginPublish(database, tenant, change);
async function promotedNight(): Promise<UnpublishedNight> {
  const night = await nightBeforePublish();
  expect(await registry.publish(night.lease, night.request)).toBe('published');
  return night;
}
const moveTo = (version: number) =>
  registry.moveTo(tenant.id, { version, reason: 'too many socks', actor: 'kim' }, KEPT);

describe('publish after a person has stepped in', () => {
  async function expectSuperseded(night: UnpublishedNight): Promise<void> {
    const before = await registry.pointer(tenant.id);
    expect(await registry.publish(night.lease, night.request)).toBe('superseded');
    expect(await registry.pointer(tenant.id)).toEqual(before);
    const [verdict] = (await registry.verdicts(tenant.id, 9)).filter(
      ({ runId }) => runId === night.lease.runId,
    );
    expect(verdict).toMatchObject({
      promoted: false,
      reasonCode: 'superseded',
      numbers: { evidence: expect.anything() },
    });
    expect(await runs.find(tenant.id, night.lease.runId)).toMatchObject({
      status: 'succeeded',
      outcome: 'superseded',
    });
  }

  it.each(['frozen', 'off'] as const)('is superseded when the tenant went %s meanwhile', async (state) => {
    await promotedNight();
    const night = await nightBeforePublish();
    const lifecycle = new PostgresLifecycleRepository(database.tenants);
    await lifecycle.change(tenant.id, { state, reason: 'stock-taking', actor: 'kim' });
    await expectSuperseded(night);
    expect(await statuses()).toEqual(['1 champion', '2 rejected']);
  });

  it('is superseded when the champion was rolled back meanwhile', async () => {
    await promotedNight();
    await promotedNight();
    const night = await nightBeforePublish();
    await moveTo(1);
    await expectSuperseded(night);
    expect(await statuses()).toEqual(['1 champion', '2 retired', '3 rejected']);
  });

  it('still brings a frozen tenant the fresh lists of its own model, and off none', async () => {
    await promotedNight();
    await setTestState(database, tenant, 'frozen');
    const frozen = await nightBeforePublish({
      publication: newPublication(1),
      verdicts: [],
      outcome: 'ranked',
    });
    expect(await registry.publish(frozen.lease, frozen.request)).toBe('published');
    await setTestState(database, tenant, 'off');
    const off = await nightBeforePublish({ publication: newPublication(1), verdicts: [], outcome: 'ranked' });
    expect(await registry.publish(off.lease, off.request)).toBe('superseded');
    expect(await registry.pointer(tenant.id)).toMatchObject({
      listFile: frozen.request.publication.listFile,
      revision: 2,
    });
  });

  it('keeps a verdict against the challenger as it was', async () => {
    await promotedNight();
    const night = await nightBeforePublish({ verdicts: [recordedVerdict(1, 2, false)] });
    await setTestState(database, tenant, 'frozen');
    await registry.publish(night.lease, night.request);
    const [verdict] = (await registry.verdicts(tenant.id, 9)).filter(
      ({ runId }) => runId === night.lease.runId,
    );
    expect(verdict).toMatchObject({ promoted: false, reasonCode: 'rmseNotBetterEnough' });
  });

  it('comes wholly before a freeze or wholly after it when both happen at once', async () => {
    const night = await nightBeforePublish();
    const lifecycle = new PostgresLifecycleRepository(database.tenants);
    const [published] = await Promise.all([
      registry.publish(night.lease, night.request),
      lifecycle.change(tenant.id, { state: 'frozen', reason: 'now', actor: 'kim' }),
    ]);
    expect(await rows('serving_pointer')).toHaveLength(published === 'published' ? 1 : 0);
  });
});
