import type { PublishRequest, Tenant } from '#libs/domain';
import { PostgresModelRegistryRepository, PostgresRunRepository } from '#libs/persistence';
import {
  beginPublish,
  claimTestRun,
  createTestTenant,
  newModelVersion,
  newPublication,
  openTestDatabase,
  recordedVerdict,
  type TestDatabase,
  type UnpublishedNight,
} from '#libs/testing';

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

describe('registerCandidate', () => {
  it('numbers without a gap or a double, however many come at once', async () => {
    const { lease } = await claimTestRun(database, tenant);
    const names = Array.from({ length: 10 }, (_, index) => `algorithm-${index % 5}`);
    const versions = await Promise.all(
      names.map((name) => registry.registerCandidate(lease, newModelVersion(lease.runId, name))),
    );
    expect(versions.slice(0, 5).toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(versions.slice(5)).toEqual(versions.slice(0, 5));
  });

  it('keeps the number on a retry and takes over what is on disk now: the hash must fit the file', async () => {
    const { lease } = await claimTestRun(database, tenant);
    await registry.registerCandidate(lease, newModelVersion(lease.runId));
    const again = newModelVersion(lease.runId, 'hybrid', {
      artifactSha256: 'd'.repeat(64),
      snapshotHash: 'e'.repeat(64),
      metrics: { rmse: 2 },
    });
    expect(await registry.registerCandidate(lease, again)).toBe(1);
    expect(await registry.list(tenant.id, 9)).toEqual([
      expect.objectContaining({ ...again, version: 1, status: 'candidate', promotedAt: undefined }),
    ]);
  });

  it('counts each tenant from 1', async () => {
    await promotedNight();
    tenant = await createTestTenant(database);
    expect((await promotedNight()).version).toBe(1);
  });
});

describe('publish', () => {
  it('makes the night count: pointer, champion, publication, verdict, message and the end of the run', async () => {
    const { lease, version, request } = await promotedNight();
    const { publicationId, listFile } = request.publication;
    expect(await registry.pointer(tenant.id)).toMatchObject({
      modelVersion: version,
      publicationId,
      listFile,
      revision: 1,
    });
    expect(await statuses()).toEqual(['1 champion']);
    expect(await rows('publication', 'publication_id, list_file, run_id')).toEqual([
      { publication_id: publicationId, list_file: listFile, run_id: lease.runId },
    ]);
    expect(await registry.verdicts(tenant.id, 9)).toEqual([
      expect.objectContaining({
        lane: 'first',
        promoted: true,
        reasonCode: 'better',
        challengerVersion: 1,
        championVersion: undefined,
      }),
    ]);
    expect(await rows('outbox', 'topic, payload, delivered_at')).toEqual([
      { topic: 'pointer.moved', payload: { modelVersion: 1, publicationId }, delivered_at: null },
    ]);
    expect(await runs.find(tenant.id, lease.runId)).toMatchObject({
      status: 'succeeded',
      outcome: 'promoted',
      finishedAt: expect.any(Date),
    });
    expect(await runs.stages(tenant.id, lease.runId)).toEqual([
      expect.objectContaining({ stage: 'publish', status: 'succeeded', progress: 1 }),
    ]);
  });

  it('retires the champion, promotes one challenger and rejects the other', async () => {
    await promotedNight();
    const { lease, request } = await nightBeforePublish();
    await registry.registerCandidate(lease, newModelVersion(lease.runId, 'ials'));
    await registry.publish(lease, {
      ...request,
      verdicts: [recordedVerdict(1, 2, true), recordedVerdict(1, 3, false, 'refresh')],
    });
    expect(await statuses()).toEqual(['1 retired', '2 champion', '3 rejected']);
    expect(await registry.pointer(tenant.id)).toMatchObject({ modelVersion: 2, revision: 2 });
  });

  it('gives a champion that stays fresh lists and no new title', async () => {
    await promotedNight();
    const before = await registry.find(tenant.id, 1);
    const night = await nightBeforePublish();
    const request = {
      ...night.request,
      publication: newPublication(1),
      verdicts: [recordedVerdict(1, 2, false)],
      outcome: 'kept' as const,
    };
    expect(await registry.publish(night.lease, request)).toBe('published');
    expect(await statuses()).toEqual(['1 champion', '2 rejected']);
    expect(await registry.find(tenant.id, 1)).toEqual(before);
    expect(await registry.pointer(tenant.id)).toMatchObject({
      modelVersion: 1,
      revision: 2,
      listFile: request.publication.listFile,
    });
  });
});

describe('publish by a worker that has lost the run', () => {
  it('writes nothing, neither before nor after its successor has published', async () => {
    const old = await nightBeforePublish();
    await database.admin.query(
      `UPDATE run SET lease_until = now() - interval '1 second' WHERE tenant_id = $1`,
      [tenant.id],
    );
    const successor = await runs.claim(tenant.id, old.lease.runId, 'another', 60_000);
    await expect(registry.publish(old.lease, old.request)).rejects.toMatchObject({ code: 'leaseLost' });
    await expect(
      registry.registerCandidate(old.lease, newModelVersion(old.lease.runId, 'late')),
    ).rejects.toMatchObject({ code: 'leaseLost' });
    for (const table of ['serving_pointer', 'publication', 'verdict', 'outbox'])
      expect(await rows(table)).toEqual([]);
    const lease = successor?.lease ?? old.lease;
    expect(await registry.publish(lease, old.request)).toBe('published');
    for (const token of [old.lease, lease])
      await expect(registry.publish(token, old.request)).rejects.toMatchObject({ code: 'leaseLost' });
    expect(
      [await rows('publication'), await rows('verdict'), await rows('outbox')].map(({ length }) => length),
    ).toEqual([1, 1, 1]);
    expect(await registry.pointer(tenant.id)).toMatchObject({ revision: 1 });
  });

  it('promotes once when both publish in the same moment', async () => {
    const { lease, request } = await nightBeforePublish();
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => registry.publish(lease, request)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await registry.pointer(tenant.id)).toMatchObject({ revision: 1 });
  });

  it('leaves nothing half-written when a statement fails in the middle', async () => {
    const { lease, request } = await nightBeforePublish();
    await expect(registry.publish(lease, { ...request, publication: newPublication(99) })).rejects.toThrow();
    for (const table of ['serving_pointer', 'publication', 'verdict', 'outbox'])
      expect(await rows(table)).toEqual([]);
    expect(await registry.publish(lease, request)).toBe('published');
  });
});
