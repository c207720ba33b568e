import { claimTestRun, newModelVersion, newPublication, recordedVerdict } from '#libs/testing';
import { KEPT, RegistryUnderTest } from './registry-under-test.js';

let under: RegistryUnderTest;

beforeAll(async () => {
  under = await RegistryUnderTest.open();
});
afterAll(() => under?.database.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

/** A night that promotes its candidate, or publishes fresh lists of `served` and rejects it; names the files it has made. */
async function night(served?: number): Promise<{ version: number; listFile: string; artifact: string }> {
  const { lease } = await claimTestRun(under.database, under.tenant);
  const candidate = newModelVersion(lease.runId);
  const version = await under.registry.registerCandidate(lease, candidate);
  await under.runs.startStage(lease, 'publish');
  const pointer = await under.registry.pointer(under.tenant.id);
  const publication = newPublication(served ?? version);
  const verdicts = [recordedVerdict(pointer?.modelVersion, version, served === undefined)];
  const outcome = served === undefined ? ('promoted' as const) : ('kept' as const);
  await under.registry.publish(lease, {
    publication,
    verdicts,
    expectedRevision: pointer?.revision ?? 0,
    outcome,
  });
  return { version, listFile: publication.listFile, artifact: candidate.artifact };
}

describe('moveTo', () => {
  it('serves an earlier version from the newest lists it had, says so, and records who and why', async () => {
    await night();
    const { listFile } = await night(1);
    await night();
    expect(await under.moveTo(1)).toMatchObject({ modelVersion: 1, listFile, revision: 4 });
    expect(
      (await under.registry.list(under.tenant.id, 9)).map(({ version, status }) => `${version} ${status}`),
    ).toEqual(['3 retired', '2 rejected', '1 champion']);
    expect(await under.registry.changes(under.tenant.id, 9)).toEqual([
      {
        ...{ changeId: expect.any(String), fromVersion: 3, toVersion: 1 },
        ...{ reason: 'too many socks', actor: 'kim', changedAt: expect.any(Date) },
      },
    ]);
    const messages = await under.database.admin.query(
      `SELECT payload->>'modelVersion' AS version FROM outbox WHERE tenant_id = $1 ORDER BY created_at`,
      [under.tenant.id],
    );
    expect(messages.rows.map(({ version }) => version)).toEqual(['1', '1', '3', '1']);
  });

  it('leaves alone when a night promoted the version, and is told newest first', async () => {
    await night();
    await night();
    const promotions = async () =>
      (await under.registry.list(under.tenant.id, 9)).map(({ version, promotedAt }) => [version, promotedAt]);
    const before = await promotions();
    await under.moveTo(1);
    await under.moveTo(2);
    expect(await promotions()).toEqual(before);
    const changes = await under.registry.changes(under.tenant.id, 9);
    expect(changes.map(({ fromVersion, toVersion }) => [fromVersion, toVersion])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(await under.registry.changes(under.tenant.id, 1)).toEqual(changes.slice(0, 1));
  });

  it('keeps a version that people went back to among those that served last', async () => {
    for (let index = 0; index < 2; index++) await night();
    await under.moveTo(1);
    await night();
    // Promoted last are 3 and 2, but served last, before 3, was 1.
    expect(await under.moveTo(1)).toMatchObject({ modelVersion: 1 });
  });

  it('changes nothing when the version is served already', async () => {
    await night();
    expect(await under.moveTo(1)).toEqual(await under.registry.pointer(under.tenant.id));
    expect((await under.registry.pointer(under.tenant.id))?.revision).toBe(1);
  });

  it('refuses versions that do not exist, that never served, or before anything was published', async () => {
    await expect(under.moveTo(1)).rejects.toMatchObject({ code: 'noModelYet' });
    await night();
    const { version } = await night(1);
    for (const unknown of [version, 99])
      await expect(under.moveTo(unknown)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('refuses a version whose files have been removed, and takes every other one that has served', async () => {
    for (let index = 0; index < 4; index++) await night();
    await expect(under.moveTo(2)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await under.moveTo(3)).toMatchObject({ modelVersion: 3 });
    expect(await under.moveTo(4)).toMatchObject({ modelVersion: 4 });
  });

  it('lets each of several people move the pointer once, one after the other', async () => {
    await night();
    await night();
    await Promise.all([under.moveTo(1), under.moveTo(2), under.moveTo(1), under.moveTo(2)]);
    const { revision, modelVersion } = (await under.registry.pointer(under.tenant.id)) ?? {};
    const { rows } = await under.database.admin.query(
      'SELECT from_version, to_version FROM registry_change WHERE tenant_id = $1 ORDER BY changed_at',
      [under.tenant.id],
    );
    expect(revision).toBe(2 + rows.length);
    expect(
      (await under.registry.list(under.tenant.id, 9))
        .filter(({ status }) => status === 'champion')
        .map(({ version }) => version),
    ).toEqual([modelVersion]);
    for (const { from_version: from, to_version: to } of rows) expect(from).not.toBe(to);
  });
});

describe('keptFiles', () => {
  it('needs nothing before anything is served', async () => {
    const kept = await under.registry.keptFiles(under.tenant.id, KEPT);
    expect([kept.listFiles.size, kept.artifacts.size, kept.activeRunId]).toEqual([0, 0, undefined]);
  });

  it('keeps the newest lists of the last champions and all models of theirs, and of the newest losers', async () => {
    const nights: Awaited<ReturnType<typeof night>>[] = [];
    for (const served of [undefined, undefined, 2, undefined, 4]) nights.push(await night(served));
    // Champions were 1, 2 and 4; kept are 2 and 4, each with its newest lists: those of the third and the fifth night.
    const { listFiles, artifacts } = await under.registry.keptFiles(under.tenant.id, KEPT);
    expect([...listFiles].toSorted()).toEqual([2, 4].map((index) => nights[index].listFile).toSorted());
    // The challengers of the third and the fifth night lost, and may be promoted by hand.
    const kept = [1, 3, 2, 4].map((index) => nights[index].artifact);
    expect([...artifacts].toSorted()).toEqual(kept.toSorted());
  });

  it('keeps three losers and no more, and any that a run is about to put into service', async () => {
    const nights = [await night()];
    for (let index = 0; index < 4; index++) nights.push(await night(1));
    const kept = async () => (await under.registry.keptFiles(under.tenant.id, KEPT)).artifacts;
    expect(await kept()).toEqual(new Set([0, 4, 3, 2].map((index) => nights[index].artifact)));
    await under.runs.requestPromotion(under.tenant.id, {
      ...{ night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'kim', reason: 'why not' },
      promotesVersion: 2,
    });
    expect(await kept()).toContain(nights[1].artifact);
  });

  it('keeps what is served, however old, and what can be rolled back to', async () => {
    const nights = [await night(), await night()];
    await under.moveTo(1);
    nights.push(await night(1));
    const { listFiles, artifacts } = await under.registry.keptFiles(under.tenant.id, 0);
    expect([...listFiles]).toEqual([nights[2].listFile]);
    expect([...artifacts]).toEqual([nights[0].artifact, nights[2].artifact]);
    expect((await under.registry.keptFiles(under.tenant.id, KEPT)).listFiles).not.toContain(
      nights[0].listFile,
    );
    expect((await under.moveTo(2)).listFile).toBe(nights[1].listFile);
  });

  it('keeps the candidates of a running night', async () => {
    await night();
    const { lease } = await claimTestRun(under.database, under.tenant);
    const candidate = newModelVersion(lease.runId);
    await under.registry.registerCandidate(lease, candidate);
    const kept = await under.registry.keptFiles(under.tenant.id, KEPT);
    expect(kept.artifacts).toContain(candidate.artifact);
    expect(kept.activeRunId).toBe(lease.runId);
  });
});

describe('what has been written down', () => {
  it.each(['verdict', 'publication', 'registry_change', 'lifecycle_change', 'data_quality_report'])(
    'cannot be changed or removed by the application: %s',
    async (table) => {
      for (const sql of [
        `UPDATE ${table} SET tenant_id = tenant_id`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]) {
        await expect(
          under.database.tenants.runBulk(under.tenant.id, (client) => client.query(sql)),
        ).rejects.toMatchObject({ code: '42501' });
      }
    },
  );

  it('is not visible to another under.tenant, nor to be published or moved by it', async () => {
    await night();
    const other = await under.newTenant();
    expect(await under.registry.find(other.id, 1)).toBeUndefined();
    expect([await under.registry.list(other.id, 9), await under.registry.verdicts(other.id, 9)]).toEqual([
      [],
      [],
    ]);
    expect(await under.registry.changes(other.id, 9)).toEqual([]);
    expect(await under.registry.pointer(other.id)).toBeUndefined();
    await expect(
      under.registry.moveTo(other.id, { version: 1, reason: 'x', actor: 'x' }, KEPT),
    ).rejects.toMatchObject({ code: 'noModelYet' });
  });
});
