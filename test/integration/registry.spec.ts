import { claimTestRun, newModelVersion, newPublication, recordedVerdict } from '#libs/testing';
import { RegistryUnderTest } from './registry-under-test.js';

let under: RegistryUnderTest;

beforeAll(async () => {
  under = await RegistryUnderTest.open();
});
afterAll(() => under?.database.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('registerCandidate', () => {
  it('numbers without a gap or a double, however many come at once', async () => {
    const { lease } = await claimTestRun(under.database, under.tenant);
    const names = Array.from({ length: 10 }, (_, index) => `algorithm-${index % 5}`);
    const versions = await Promise.all(
      names.map((name) => under.registry.registerCandidate(lease, newModelVersion(lease.runId, name))),
    );
    expect(versions.slice(0, 5).toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(versions.slice(5)).toEqual(versions.slice(0, 5));
  });

  it('keeps the number on a retry and takes over what is on disk now: the hash must fit the file', async () => {
    const { lease } = await claimTestRun(under.database, under.tenant);
    await under.registry.registerCandidate(lease, newModelVersion(lease.runId));
    const again = newModelVersion(lease.runId, 'hybrid', {
      artifactSha256: 'd'.repeat(64),
      snapshotHash: 'e'.repeat(64),
      metrics: { rmse: 2 },
    });
    expect(await under.registry.registerCandidate(lease, again)).toBe(1);
    expect(await under.registry.list(under.tenant.id, 9)).toEqual([
      expect.objectContaining({ ...again, version: 1, status: 'candidate', promotedAt: undefined }),
    ]);
  });

  it('counts each tenant from 1', async () => {
    await under.promotedNight();
    under.tenant = await under.newTenant();
    expect((await under.promotedNight()).version).toBe(1);
  });
});

describe('publish', () => {
  it('makes the night count: pointer, champion, publication, verdict, message and the end of the run', async () => {
    const { lease, version, request } = await under.promotedNight();
    const { publicationId, listFile } = request.publication;
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({
      modelVersion: version,
      publicationId,
      listFile,
      revision: 1,
    });
    expect(await under.statuses()).toEqual(['1 champion']);
    expect(await under.rows('publication', 'publication_id, list_file, run_id')).toEqual([
      { publication_id: publicationId, list_file: listFile, run_id: lease.runId },
    ]);
    expect(await under.registry.verdicts(under.tenant.id, 9)).toEqual([
      expect.objectContaining({
        lane: 'first',
        promoted: true,
        reasonCode: 'better',
        challengerVersion: 1,
        championVersion: undefined,
      }),
    ]);
    expect(await under.rows('outbox', 'topic, payload, delivered_at')).toEqual([
      { topic: 'pointer.moved', payload: { modelVersion: 1, publicationId }, delivered_at: null },
    ]);
    expect(await under.runs.find(under.tenant.id, lease.runId)).toMatchObject({
      status: 'succeeded',
      outcome: 'promoted',
      finishedAt: expect.any(Date),
    });
    expect(await under.runs.stages(under.tenant.id, lease.runId)).toEqual([
      expect.objectContaining({ stage: 'publish', status: 'succeeded', progress: 1 }),
    ]);
  });

  it('retires the champion, promotes one challenger and rejects the other', async () => {
    await under.promotedNight();
    const { lease, request } = await under.nightBeforePublish();
    await under.registry.registerCandidate(lease, newModelVersion(lease.runId, 'ials'));
    await under.registry.publish(lease, {
      ...request,
      verdicts: [recordedVerdict(1, 2, true), recordedVerdict(1, 3, false, 'refresh')],
    });
    expect(await under.statuses()).toEqual(['1 retired', '2 champion', '3 rejected']);
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({ modelVersion: 2, revision: 2 });
  });

  it('gives a champion that stays fresh lists and no new title', async () => {
    await under.promotedNight();
    const before = await under.registry.find(under.tenant.id, 1);
    const night = await under.nightBeforePublish();
    const request = {
      ...night.request,
      publication: newPublication(1),
      verdicts: [recordedVerdict(1, 2, false)],
      outcome: 'kept' as const,
    };
    expect(await under.registry.publish(night.lease, request)).toBe('published');
    expect(await under.statuses()).toEqual(['1 champion', '2 rejected']);
    expect(await under.registry.find(under.tenant.id, 1)).toEqual(before);
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({
      modelVersion: 1,
      revision: 2,
      listFile: request.publication.listFile,
    });
  });
});

describe('publish by a worker that has lost the run', () => {
  it('writes nothing, neither before nor after its successor has published', async () => {
    const old = await under.nightBeforePublish();
    await under.database.admin.query(
      `UPDATE run SET lease_until = now() - interval '1 second' WHERE tenant_id = $1`,
      [under.tenant.id],
    );
    const successor = await under.runs.claim(under.tenant.id, old.lease.runId, 'another', 60_000);
    await expect(under.registry.publish(old.lease, old.request)).rejects.toMatchObject({ code: 'leaseLost' });
    await expect(
      under.registry.registerCandidate(old.lease, newModelVersion(old.lease.runId, 'late')),
    ).rejects.toMatchObject({ code: 'leaseLost' });
    for (const table of ['serving_pointer', 'publication', 'verdict', 'outbox'])
      expect(await under.rows(table)).toEqual([]);
    const lease = successor?.lease ?? old.lease;
    expect(await under.registry.publish(lease, old.request)).toBe('published');
    for (const token of [old.lease, lease])
      await expect(under.registry.publish(token, old.request)).rejects.toMatchObject({ code: 'leaseLost' });
    expect(
      [await under.rows('publication'), await under.rows('verdict'), await under.rows('outbox')].map(
        ({ length }) => length,
      ),
    ).toEqual([1, 1, 1]);
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({ revision: 1 });
  });

  it('promotes once when both publish in the same moment', async () => {
    const { lease, request } = await under.nightBeforePublish();
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => under.registry.publish(lease, request)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({ revision: 1 });
  });

  it('leaves nothing half-written when a statement fails in the middle', async () => {
    const { lease, request } = await under.nightBeforePublish();
    await expect(
      under.registry.publish(lease, { ...request, publication: newPublication(99) }),
    ).rejects.toThrow();
    for (const table of ['serving_pointer', 'publication', 'verdict', 'outbox'])
      expect(await under.rows(table)).toEqual([]);
    expect(await under.registry.publish(lease, request)).toBe('published');
  });
});
